/** All notes at once: read out, taken in from a file, counted, and forgotten. */
import type { Annotation, Batch, Imported } from '../model'
import { setting, type Database, type Kept, type Writing } from './database'
import { Refused } from './notes'
import { keepNote } from './held'
import { enqueue } from './outbox'
import { creation, keysOf } from './record'
import { forgetRead } from './recent'
import { pageKey } from '../page_key'
import { timestamp } from './timestamp'
import { change } from './transaction'

/** So many go through one message: far below what browsers take, far above one. */
const BATCH = 250

const KEEPABLE = new Set(['http:', 'https:', 'file:', 'urn:'])

export async function readEverything(database: Database, after: string | null): Promise<Batch> {
  const range = after === null ? null : IDBKeyRange.lowerBound(after, true)
  const kept = await database.getAll('annotations', range, BATCH)
  const last = kept.length < BATCH ? undefined : kept.at(-1)
  return {
    annotations: kept.map((one) => one.annotation).filter((one) => !one.deleted),
    after: last?.id ?? null,
  }
}

/** One transaction: all of them are there after, or none. */
export async function addNotes(
  database: Database,
  imported: readonly Imported[],
  now: () => Date,
): Promise<{ added: number; keys: Set<string> }> {
  const keys = new Set<string>()
  const device = (await setting(database, 'pairing'))?.device ?? ''
  const added = await change(database, async (tx) => {
    let count = 0
    for (const one of imported) {
      const kept = await addOne(tx, one, timestamp(now()), device)
      if (!kept) continue
      count += 1
      for (const key of kept.keys) keys.add(key)
    }
    return count
  })
  return { added, keys }
}

export async function countEverything(
  database: Database,
): Promise<{ notes: number; trash: number }> {
  const [kept, trash] = await Promise.all([
    database.getAll('annotations'),
    database.count('trash'),
  ])
  return { notes: kept.filter(({ annotation }) => !annotation.deleted).length, trash }
}

/** The keys of the pages that look different after. */
export async function forgetEverything(database: Database): Promise<Set<string>> {
  const stores = ['annotations', 'outbox', 'trash', 'settings', 'paused'] as const
  const tx = database.transaction(stores, 'readwrite', { durability: 'strict' })
  const keys = new Set<string>()
  for (const kept of await tx.objectStore('annotations').getAll()) {
    for (const key of kept.keys) keys.add(key)
  }
  forgetRead()
  await Promise.all(stores.map((store) => tx.objectStore(store).clear()))
  await tx.done
  return keys
}

async function addOne(
  tx: Writing,
  imported: Imported,
  at: string,
  device: string,
): Promise<Kept | null> {
  const { id } = imported
  const before = await tx.objectStore('annotations').get(id)
  if (before && !before.annotation.deleted) return null
  if (!KEEPABLE.has(URL.parse(imported.url)?.protocol ?? '')) throw new Refused('no-page', 'url')
  const annotation: Annotation = {
    ...imported,
    page: pageKey(imported.url),
    updated: at,
    device,
    rev: before?.annotation.rev ?? 0,
    deleted: false,
  }
  await enqueue(tx, id, annotation.rev, creation(annotation, at))
  const keys = keysOf(annotation.url, annotation.canonical)
  const server = before ? (before.server === undefined ? before.annotation : before.server) : null
  const kept = { id, keys, annotation, server, generation: before?.generation ?? 0 }
  await keepNote(tx, kept)
  // What was deleted here is back; an undo of the delete has nothing left to do.
  await tx.objectStore('trash').delete(id)
  return kept
}
