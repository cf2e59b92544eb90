/**
 * Searching every note, with no server. The folded form of all notes is kept in memory while this
 * script lives: it is made at the first search, and what changes is folded anew at the next.
 */
import type { Annotation, FoundPage } from '../model'
import { foldNote, matcher, type Folded } from '../search/matching'
import { parse } from '../search/query'
import type { Database, Kept } from './database'

interface Entry {
  folded: Folded
  page: string
  url: string
  title: string
  start: number
}

/** By id; null before the first search. A note on two pages stands here once. */
let known: Map<string, Entry> | null = null
/** Page keys whose notes changed since. */
let stale = new Set<string>()
let reading: Promise<unknown> = Promise.resolve()

/** Notes of these pages changed: their folded forms are not to be believed any more. */
export function forgetFolded(keys: ReadonlySet<string>): void {
  for (const key of keys) stale.add(key)
}

/** Throws `BadQuery` for what cannot be meant. */
export async function findNotes(database: Database, query: string): Promise<FoundPage[]> {
  const matches = matcher(parse(query))
  const entries = await upToDate(database)
  const pages = new Map<string, { found: FoundPage; latest: string; hits: [number, string][] }>()
  for (const [id, entry] of entries) {
    if (!matches(entry.folded)) continue
    const { page, url, title, start, folded } = entry
    let group = pages.get(page)
    if (!group) {
      group = { found: { page, url, title, ids: [] }, latest: '', hits: [] }
      pages.set(page, group)
    }
    group.hits.push([start, id])
    if (folded.updated > group.latest) {
      group.latest = folded.updated
      Object.assign(group.found, { url, title: title || group.found.title })
    }
  }
  return [...pages.values()]
    .sort((a, b) => (a.latest < b.latest ? 1 : -1))
    .map(({ found, hits }) => {
      const ids = hits.sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1)).map(([, id]) => id)
      return { ...found, ids }
    })
}

/** Those that are still there, in the order asked. */
export async function getNotes(database: Database, ids: string[]): Promise<Annotation[]> {
  const { store } = database.transaction('annotations')
  const kept = await Promise.all(ids.map((id) => store.get(id)))
  return kept.flatMap((one) => (one && !one.annotation.deleted ? [one.annotation] : []))
}

/** One reading at a time: two searches at once would both read everything. */
function upToDate(database: Database): Promise<Map<string, Entry>> {
  const next = reading.then(() => refresh(database))
  reading = next.catch(() => {})
  return next
}

async function refresh(database: Database): Promise<Map<string, Entry>> {
  if (!known) {
    stale = new Set()
    const all = new Map<string, Entry>()
    for await (const batch of batches(database)) for (const kept of batch) take(all, kept)
    known = all
  }
  const changed = stale
  stale = new Set()
  if (!changed.size) return known
  try {
    const index = database.transaction('annotations').store.index('keys')
    const found = await Promise.all([...changed].map((key) => index.getAll(key)))
    for (const [id, { page }] of known) if (changed.has(page)) known.delete(id)
    for (const kept of found.flat()) take(known, kept)
  } catch (error) {
    for (const key of changed) stale.add(key)
    throw error
  }
  return known
}

function take(entries: Map<string, Entry>, { id, keys, annotation }: Kept): void {
  if (annotation.deleted) {
    entries.delete(id)
    return
  }
  const { page, url, title, quote, position } = annotation
  const start = quote ? (position?.start ?? Number.MAX_SAFE_INTEGER) : -1
  entries.set(id, { folded: foldNote(annotation, keys), page, url, title, start })
}

const BATCH = 1000

/** Everything, never all of it at once: other work goes on between the batches. */
async function* batches(database: Database): AsyncGenerator<Kept[]> {
  let from: IDBKeyRange | null = null
  for (;;) {
    const batch: Kept[] = await database.getAll('annotations', from, BATCH)
    yield batch
    const last = batch.at(-1)
    if (!last || batch.length < BATCH) return
    from = IDBKeyRange.lowerBound(last.id, true)
  }
}
