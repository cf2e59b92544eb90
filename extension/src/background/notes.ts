/**
 * What a reader does to notes. Each is one transaction that writes the note and its outbox entry,
 * or neither.
 */
import type { Annotation, Draft, Edit, PageAddress, Problem } from '../model'
import { believedCanonical, pageKey } from '../page_key'
import { setting, keepSetting, type Database, type Kept, type Writing } from './database'
import { dropNote, keepNote } from './held'
import { enqueue, entriesOf } from './outbox'
import { readPage } from './recent'
import { apply, creation, keysOf, type Change } from './record'
import { timestamp } from './timestamp'
import { change } from './transaction'
import { intoTrash } from './trash'
import { uuidv7 } from '../uuid'

/** A change that was made: the note as it stands, and the page keys it is found under. */
export interface Changed {
  annotation: Annotation
  keys: string[]
}

/** What cannot be done, by the `type` of the problem that is shown. */
export class Refused extends Error {
  constructor(
    readonly type:
      | 'no-note'
      | 'nothing-to-restore'
      | 'cannot-open'
      | 'quote-too-long'
      | 'url-too-long'
      | 'no-page',
    readonly field?: Problem['field'],
  ) {
    super(type)
  }
}

const KEEPABLE = new Set(['http:', 'https:', 'file:'])
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const MOST_URL = 4096
const MOST_TITLE = 1024
const MOST_QUOTE = 20_000

/** All live notes of a page, in reading order: those on the whole page first, then by position. */
export async function notesOn(database: Database, address: PageAddress): Promise<Annotation[]> {
  const found = new Map<string, Annotation>()
  for (const key of keysOf(address.url, address.canonical)) {
    for (const kept of await readPage(database, key)) {
      if (!kept.annotation.deleted) found.set(kept.id, kept.annotation)
    }
  }
  return [...found.values()].sort(inReadingOrder)
}

export async function createNote(
  database: Database,
  draft: Draft,
  now: () => Date,
): Promise<Changed> {
  hold(draft)
  const at = timestamp(now())
  const canonical = believedCanonical(draft.url, draft.canonical)
  const annotation: Annotation = {
    id: draft.id && UUID.test(draft.id) ? draft.id : uuidv7(now().getTime()),
    url: draft.url,
    page: pageKey(draft.url),
    title: clean(draft.title ?? '').slice(0, MOST_TITLE).toWellFormed(),
    quote: draft.quote && {
      exact: clean(draft.quote.exact),
      prefix: clean(draft.quote.prefix),
      suffix: clean(draft.quote.suffix),
    },
    position: draft.position,
    note: clean(draft.note),
    tags: [...new Set(draft.tags.map(clean))],
    color: draft.color,
    created: at,
    updated: at,
    device: '',
    rev: 0,
    deleted: false,
  }
  if (canonical !== null) annotation.canonical = canonical
  if (draft.conflict_of !== undefined) annotation.conflict_of = draft.conflict_of
  return change(database, async (tx) => {
    const there = await tx.objectStore('annotations').get(annotation.id)
    if (there?.annotation.deleted) throw new Refused('no-note')
    if (there) return { annotation: there.annotation, keys: there.keys }
    annotation.device = (await setting(tx, 'pairing'))?.device ?? ''
    await enqueue(tx, annotation.id, 0, creation(annotation, at))
    await keepSetting(tx, 'color', annotation.color)
    const keys = keysOf(annotation.url, annotation.canonical)
    return put(tx, { id: annotation.id, keys, annotation, server: null, generation: 0 })
  })
}

/**
 * `base` is the revision whose text the reader was shown, where that is known: a text typed over
 * one that a sync replaced meanwhile is then kept beside it, not put in its place. `check` looks at
 * the note before, in the same transaction; what it throws leaves the note as it was.
 */
export async function editNote(
  database: Database,
  id: string,
  edit: Edit & { base?: number },
  now: () => Date,
  check: (there: Annotation) => void = () => {},
): Promise<Changed> {
  const asked: Change = {
    set: cleanFields(edit.set ?? {}),
    tags_add: (edit.tags_add ?? []).map(clean),
    tags_remove: edit.tags_remove ?? [],
    delete: false,
    at: timestamp(now()),
  }
  return change(database, async (tx) => {
    const kept = await liveNote(tx, id)
    check(kept.annotation)
    if (asked.set.color) await keepSetting(tx, 'color', asked.set.color)
    return record(tx, kept, asked, edit.base)
  })
}

export function deleteNote(database: Database, id: string, now: () => Date): Promise<Changed> {
  return change(database, async (tx) => {
    const last: Change = {
      set: {},
      tags_add: [],
      tags_remove: [],
      delete: false,
      at: timestamp(now()),
    }
    return discard(tx, await liveNote(tx, id), last)
  })
}

/** Bring back what `deleteNote` took away, as it was. */
export function restoreNote(database: Database, id: string, now: () => Date): Promise<Changed> {
  return change(database, async (tx) => {
    const trashed = await tx.objectStore('trash').get(id)
    const kept = await tx.objectStore('annotations').get(id)
    await tx.objectStore('trash').delete(id)
    if (kept && !kept.annotation.deleted) {
      // Somebody else's edit beat the deletion, or this was asked before: it is there already.
      return { annotation: kept.annotation, keys: kept.keys }
    }
    if (!trashed) throw new Refused('nothing-to-restore')
    const known = kept ?? {
      id,
      keys: keysOf(trashed.annotation.url, trashed.annotation.canonical),
      annotation: { ...trashed.annotation, rev: 0 },
      server: null,
      generation: 0,
    }
    // What was written on it since the reader saw it last stays beside what comes back.
    const { annotation } = trashed
    return record(tx, known, creation(annotation, timestamp(now())), annotation.rev)
  })
}

/**
 * Change a note for a last time, and delete it. One that no server ever heard of vanishes with its
 * entry; any can be brought back.
 */
export async function discard(
  tx: Writing,
  kept: Kept,
  last: Change,
  base?: number,
): Promise<Changed> {
  const { id } = kept
  await intoTrash(tx, apply(kept.annotation, last), last.at)
  const entries = await entriesOf(tx, id)
  if (kept.annotation.rev > 0 || entries.some((entry) => entry.state === 'flying')) {
    return record(tx, kept, { ...last, delete: true }, base)
  }
  for (const entry of entries) await tx.objectStore('outbox').delete(entry.seq)
  await dropNote(tx, id)
  return { annotation: { ...kept.annotation, deleted: true }, keys: kept.keys }
}

/** Write one change to a note, and its entry. */
export async function record(
  tx: Writing,
  kept: Kept,
  change: Change,
  base?: number,
): Promise<Changed> {
  const { rev } = kept.annotation
  const annotation = apply(kept.annotation, change)
  const server = kept.server === undefined ? kept.annotation : kept.server
  await enqueue(tx, kept.id, Math.min(base ?? rev, rev), change)
  const keys = keysOf(annotation.url, annotation.canonical)
  return put(tx, { ...kept, keys, annotation, server })
}

async function put(tx: Writing, kept: Kept): Promise<Changed> {
  await keepNote(tx, kept)
  return { annotation: kept.annotation, keys: kept.keys }
}

export async function liveNote(tx: Writing, id: string): Promise<Kept> {
  const kept = await tx.objectStore('annotations').get(id)
  if (!kept || kept.annotation.deleted) throw new Refused('no-note')
  return kept
}

/** What comes from a page is held to the record's limits here; what was typed never is. */
function hold(draft: Draft): void {
  const url = URL.parse(draft.url)
  if (!url || !KEEPABLE.has(url.protocol)) throw new Refused('no-page', 'url')
  if (draft.url.length > MOST_URL) throw new Refused('url-too-long', 'url')
  if (draft.quote && [...draft.quote.exact].length > MOST_QUOTE) {
    throw new Refused('quote-too-long', 'quote.exact')
  }
}

function cleanFields(set: NonNullable<Edit['set']>): NonNullable<Edit['set']> {
  return set.note === undefined ? set : { ...set, note: clean(set.note) }
}

/** NUL and half surrogate pairs are not text; nobody types them, but pages and pastes hold them. */
function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

/** A conflict copy comes right after the note it is the other half of. */
function inReadingOrder(a: Annotation, b: Annotation): number {
  const start = (annotation: Annotation) =>
    annotation.quote ? (annotation.position?.start ?? Number.MAX_SAFE_INTEGER) : -1
  const group = ({ conflict_of, id }: Annotation) => `${conflict_of ?? id}${conflict_of ? 1 : 0}`
  return start(a) - start(b) || (group(a) + a.id < group(b) + b.id ? -1 : 1)
}
