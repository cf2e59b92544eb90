/** One note and one change to it, purely: what an edit makes of a note, and of an earlier edit. */
import type { Annotation, Fields, Operation } from '../model'
import { believedCanonical, pageKey } from '../page_key'
import type { Entry } from './database'

/** What a change brings, whoever makes it. */
export type Change = Pick<Entry, 'set' | 'tags_add' | 'tags_remove' | 'delete' | 'at'>

/** The keys a note is found under: its address's, and that of the canonical address it believes. */
export function keysOf(url: string, canonical?: string | null): string[] {
  const believed = believedCanonical(url, canonical)
  return believed === null ? [pageKey(url)] : [pageKey(url), pageKey(believed)]
}

/** The note after the change. A deleted note keeps its text here until the server answered. */
export function apply(annotation: Annotation, change: Change): Annotation {
  const changed = { ...annotation, ...definedFields(change.set), updated: change.at }
  for (const name of ['canonical', 'conflict_of', 'extra'] as const) {
    if (change.set[name] === null) delete changed[name]
  }
  const removed = new Set(change.tags_remove)
  const stay = annotation.tags.filter((tag) => !removed.has(tag))
  changed.tags = [...new Set([...stay, ...change.tags_add])]
  changed.deleted = change.delete
  if (change.set.url !== undefined) changed.page = pageKey(changed.url)
  return changed
}

/** Two changes as one: the earlier, and the later on top of it. */
export function fold(earlier: Change, later: Change): Change {
  const without = (tags: string[], others: string[]) => tags.filter((tag) => !others.includes(tag))
  return {
    set: { ...earlier.set, ...later.set },
    tags_add: [...new Set([...without(earlier.tags_add, later.tags_remove), ...later.tags_add])],
    tags_remove: [
      ...new Set([...without(earlier.tags_remove, later.tags_add), ...later.tags_remove]),
    ],
    delete: later.delete,
    at: later.at,
  }
}

/** The change that makes this note where there is none. */
export function creation(annotation: Annotation, at: string): Change {
  const { url, title, quote, position, note, color, created } = annotation
  const set: Fields = { url, title, quote, position, note, color, created }
  if (annotation.canonical !== undefined) set.canonical = annotation.canonical
  if (annotation.conflict_of !== undefined) set.conflict_of = annotation.conflict_of
  if (annotation.extra !== undefined) set.extra = annotation.extra
  return { set, tags_add: annotation.tags, tags_remove: [], delete: false, at }
}

/** What is sent for an entry that was given its counter. */
export function operation(entry: Entry & { op: number }): Operation {
  const sent: Operation = { op: entry.op, id: entry.id, base: entry.base, at: entry.at }
  if (Object.keys(entry.set).length) sent.set = entry.set
  if (entry.tags_add.length) sent.tags_add = entry.tags_add
  if (entry.tags_remove.length) sent.tags_remove = entry.tags_remove
  if (entry.delete) sent.delete = true
  return sent
}

/** Whether a reader would see any difference. */
export function looksEqual(one: Annotation | undefined, other: Annotation | undefined): boolean {
  const shown = (annotation: Annotation | undefined) =>
    annotation && !annotation.deleted
      ? JSON.stringify([
          annotation.url,
          annotation.canonical,
          annotation.title,
          annotation.quote && [
            annotation.quote.exact,
            annotation.quote.prefix,
            annotation.quote.suffix,
          ],
          annotation.note,
          annotation.tags,
          annotation.color,
          annotation.conflict_of,
        ])
      : ''
  return shown(one) === shown(other)
}

function definedFields(set: Fields): Partial<Annotation> {
  return Object.fromEntries(
    Object.entries(set).filter(([name, value]) =>
      value === null ? name === 'quote' || name === 'position' : value !== undefined,
    ),
  )
}
