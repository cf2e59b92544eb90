/** A note as it stands on this page, and what of it background has not taken yet. */

import type { Annotation, Draft, Edit, Fields, Pending, Place, Problem } from '../model'
import { uuidv7 } from '../uuid'

export interface Mark {
  /** As the reader sees it: what is not saved yet is in here too. */
  annotation: Annotation
  place: Place
  range: StaticRange | null
  /** Offset in the page's text, for reading order; -1 while it is not found. */
  start: number
  /** What stands in the range, to see whether the page has changed it. */
  words: string
  /** Whether background is known to have it. */
  stored: boolean
  /** What was changed since background last took it. */
  unsaved: Edit | null
  /** Why it is not saved. */
  problem: Problem | null
}

export function isNoted(mark: Mark): boolean {
  return mark.annotation.note !== '' || mark.annotation.tags.length > 0
}

/** A mark for a note that background has; its passage is still to be looked for. */
export function knownMark(annotation: Annotation): Mark {
  const place: Place = annotation.quote ? { kind: 'orphan' } : { kind: 'page' }
  return { ...nowhere, annotation, place, stored: true }
}

const nowhere = { range: null, start: -1, words: '', unsaved: null, problem: null }

/** A mark for a passage just chosen, painted before anybody was asked. */
export function freshMark(draft: Draft): Mark {
  const now = new Date().toISOString()
  const { canonical, ...kept } = draft
  return {
    ...nowhere,
    annotation: {
      ...kept,
      ...(canonical !== undefined && { canonical }),
      id: uuidv7(), // `crypto.randomUUID` is not there on pages without encryption
      page: '',
      title: draft.title ?? '',
      created: now,
      updated: now,
      device: '',
      rev: 0,
      deleted: false,
    },
    place: draft.quote ? { kind: 'exact', score: 1 } : { kind: 'page' },
    stored: false,
  }
}

/** Of the page it was made in, whatever that page calls itself by now. */
export function draftOf({ annotation }: Mark): Draft {
  const { id, url, title, canonical, quote, position, color, note, tags } = annotation
  const where = { url, title, ...(canonical !== undefined && { canonical }) }
  return { ...where, id, quote, position, color, note, tags }
}

/** What background has to do for it to be kept as it stands here. */
export function pendingOf(mark: Mark): Pending {
  const draft = draftOf(mark)
  if (!mark.stored) return { draft }
  const { id, ...otherwise } = draft
  return { id: mark.annotation.id, edit: mark.unsaved ?? {}, otherwise }
}

/**
 * What a draft says and the note that was kept for it does not: it was asked for before, and
 * written on since. Its writer has seen nothing of what a sync brought meanwhile.
 */
export function missing(kept: Annotation, { note, color, tags }: Draft): Edit | null {
  const fields = {
    ...(note !== kept.note && { note }),
    ...(color !== kept.color && { color }),
  }
  const change = editOf(fields, kept.tags, [...kept.tags, ...tags], 0)
  return isEmpty(change) ? null : change
}

/** One edit that does what `first` and then `second` do. */
export function joined(first: Edit | null, second: Edit | null): Edit | null {
  if (!first || !second) return first ?? second
  const gone = new Set(second.tags_remove)
  const back = new Set(second.tags_add)
  return edit(
    { ...first.set, ...second.set },
    [...(first.tags_add ?? []).filter((tag) => !gone.has(tag)), ...back],
    [...(first.tags_remove ?? []).filter((tag) => !back.has(tag)), ...gone],
    first.base ?? second.base,
  )
}

/** The edit that makes `tags` out of `had`, and sets `fields`; `base` as in the model. */
export function editOf(
  fields: Fields,
  had: readonly string[],
  tags: readonly string[],
  base?: number,
): Edit {
  const added = tags.filter((tag) => !had.includes(tag))
  const removed = had.filter((tag) => !tags.includes(tag))
  return edit(fields, added, removed, base)
}

export function isEmpty({ set, tags_add, tags_remove }: Edit): boolean {
  return !set && !tags_add && !tags_remove
}

/** The annotation after an edit, as far as the page shows it. */
export function edited(annotation: Annotation, change: Edit | null): Annotation {
  if (!change) return annotation
  const { note, color } = change.set ?? {}
  const kept = annotation.tags.filter((tag) => !change.tags_remove?.includes(tag))
  return {
    ...annotation,
    ...(note !== undefined && { note }),
    ...(color !== undefined && { color }),
    tags: [...new Set([...kept, ...(change.tags_add ?? [])])],
  }
}

function edit(set: Fields, add: string[], remove: string[], base?: number): Edit {
  return {
    ...(base !== undefined && { base }),
    ...(Object.keys(set).length > 0 && { set }),
    ...(add.length > 0 && { tags_add: [...new Set(add)] }),
    ...(remove.length > 0 && { tags_remove: [...new Set(remove)] }),
  }
}
