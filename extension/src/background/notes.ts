/**
 * What a reader does to notes. Each is one transaction that writes the note and its outbox entry,
 * or neither.
 */
import type { Annotation, Draft, Edit, PageAddress, Problem } from '../model'
import { believedCanonical, pageKey } from '../page_key'
import { setting, keepSetting, writing, type Database, type Kept, type Writing } from './database'
import { enqueue, entriesOf } from './outbox'
import { apply, creation, keysOf, type Change } from './record'
import { uuidv7 } from './uuid'

/** A change that was made: the note as it stands, and the page keys it is found under. */
export interface Changed {
  annotation: Annotation
  keys: string[]
}

/** What cannot be done, by the `type` of the problem that is shown. */
export class Refused extends Error {
  constructor(
    readonly type: 'no-note' | 'nothing-to-restore' | 'quote-too-long' | 'url-too-long' | 'no-page',
    readonly field?: Problem['field'],
  ) {
    super(type)
  }
}

const KEEPABLE = new Set(['http:', 'https:', 'file:'])
const MOST_URL = 4096
const MOST_TITLE = 1024
const MOST_QUOTE = 20_000
const TRASH_DAYS = 30

/** All live notes of a page, in reading order: those on the whole page first, then by position. */
export async function notesOn(database: Database, address: PageAddress): Promise<Annotation[]> {
  const found = new Map<string, Annotation>()
  for (const key of keysOf(address.url, address.canonical)) {
    for (const kept of await database.getAllFromIndex('annotations', 'keys', key)) {
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
  const at = now().toISOString()
  const canonical = believedCanonical(draft.url, draft.canonical)
  const tx = writing(database)
  const annotation: Annotation = {
    id: uuidv7(now().getTime()),
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
    device: (await setting(tx, 'pairing'))?.device ?? '',
    rev: 0,
    deleted: false,
  }
  if (canonical !== null) annotation.canonical = canonical
  const kept = await put(tx, {
    id: annotation.id,
    keys: keysOf(annotation.url, annotation.canonical),
    annotation,
    server: null,
    generation: 0,
  })
  await enqueue(tx, annotation.id, 0, creation(annotation, at))
  await keepSetting(tx, 'color', annotation.color)
  await tx.done
  return kept
}

/**
 * `base` is the revision whose text the reader was shown, where that is known: a text typed over
 * one that a sync replaced meanwhile is then kept beside it, not put in its place.
 */
export async function editNote(
  database: Database,
  id: string,
  edit: Edit & { base?: number },
  now: () => Date,
): Promise<Changed> {
  const tx = writing(database)
  const kept = await liveNote(tx, id)
  const change: Change = {
    set: cleanFields(edit.set ?? {}),
    tags_add: (edit.tags_add ?? []).map(clean),
    tags_remove: edit.tags_remove ?? [],
    delete: false,
    at: now().toISOString(),
  }
  const changed = await record(tx, kept, change, edit.base)
  if (change.set.color) await keepSetting(tx, 'color', change.set.color)
  await tx.done
  return changed
}

/** A note that no server ever heard of vanishes with its entry; any note can be brought back. */
export async function deleteNote(
  database: Database,
  id: string,
  now: () => Date,
): Promise<Changed> {
  const tx = writing(database)
  const kept = await liveNote(tx, id)
  const at = now().toISOString()
  await tx.objectStore('trash').put({ id, annotation: kept.annotation, at })
  const entries = await entriesOf(tx, id)
  let changed: Changed
  if (kept.annotation.rev === 0 && !entries.some((entry) => entry.state === 'flying')) {
    for (const entry of entries) await tx.objectStore('outbox').delete(entry.seq)
    await tx.objectStore('annotations').delete(id)
    changed = { annotation: { ...kept.annotation, deleted: true }, keys: kept.keys }
  } else {
    const deletion = { set: {}, tags_add: [], tags_remove: [], delete: true, at }
    changed = await record(tx, kept, deletion)
  }
  await tx.done
  return changed
}

/** Bring back what `deleteNote` took away, as it was. */
export async function restoreNote(
  database: Database,
  id: string,
  now: () => Date,
): Promise<Changed> {
  const tx = writing(database)
  const trashed = await tx.objectStore('trash').get(id)
  if (!trashed) throw new Refused('nothing-to-restore')
  const kept = await tx.objectStore('annotations').get(id)
  await tx.objectStore('trash').delete(id)
  let changed: Changed
  if (kept && !kept.annotation.deleted) {
    // Somebody else's edit beat the deletion: the note is there already.
    changed = { annotation: kept.annotation, keys: kept.keys }
  } else {
    const whole = creation(trashed.annotation, now().toISOString())
    const known = kept ?? {
      id,
      keys: keysOf(trashed.annotation.url, trashed.annotation.canonical),
      annotation: { ...trashed.annotation, rev: 0 },
      server: null,
      generation: 0,
    }
    changed = await record(tx, known, whole)
  }
  await tx.done
  return changed
}

/** What was deleted here a month ago is not coming back from here; the server keeps it longer. */
export async function emptyTrash(database: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - TRASH_DAYS * 86_400_000).toISOString()
  const { store } = database.transaction('trash', 'readwrite')
  let at = await store.index('at').openCursor(IDBKeyRange.upperBound(before))
  for (; at; at = await at.continue()) await at.delete()
}

async function record(tx: Writing, kept: Kept, change: Change, base?: number): Promise<Changed> {
  const { rev } = kept.annotation
  const annotation = apply(kept.annotation, change)
  const server = kept.server === undefined ? kept.annotation : kept.server
  await enqueue(tx, kept.id, Math.min(base ?? rev, rev), change)
  const keys = keysOf(annotation.url, annotation.canonical)
  return put(tx, { ...kept, keys, annotation, server })
}

async function put(tx: Writing, kept: Kept): Promise<Changed> {
  await tx.objectStore('annotations').put(kept)
  return { annotation: kept.annotation, keys: kept.keys }
}

async function liveNote(tx: Writing, id: string): Promise<Kept> {
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

function inReadingOrder(a: Annotation, b: Annotation): number {
  const start = (annotation: Annotation) =>
    annotation.quote ? (annotation.position?.start ?? Number.MAX_SAFE_INTEGER) : -1
  return start(a) - start(b) || (a.id < b.id ? -1 : 1)
}
