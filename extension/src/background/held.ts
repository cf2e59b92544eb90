/**
 * The one place where records of notes are written, for each write keeps a tally too: how many of
 * the server's live notes are held here, and the digest of their versions.
 *
 * The server says the same two figures of what it holds. Where they differ although everything was
 * pulled, something went wrong that nobody noticed, and `mending.ts` sets it right. The digest is
 * the exclusive or of the SHA-256 of each note's `id:rev`, so a change costs two hashes however
 * many notes there are. A library has to do the hashing: the browser's own answers only later, and
 * a transaction of IndexedDB ends while it is waited for.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Kept, Tally, Writing } from './database'
import { forgetRead } from './recent'

/** `known` is what this transaction has just read of it, where it has. */
export async function keepNote(
  tx: Writing,
  kept: Kept,
  known?: { before: Kept | undefined },
): Promise<void> {
  forgetRead()
  const notes = tx.objectStore('annotations')
  const before = known ? known.before : await notes.get(kept.id)
  await Promise.all([
    notes.put(kept),
    move(tx, kept.id, liveRevision(before), liveRevision(kept)),
  ])
}

export async function dropNote(tx: Writing, id: string): Promise<void> {
  forgetRead()
  const notes = tx.objectStore('annotations')
  const before = await notes.get(id)
  await notes.delete(id)
  await move(tx, id, liveRevision(before), 0)
}

/** The revision the server gave the note last; 0 where it never heard of it. */
export function revision(kept: Kept): number {
  return kept.server === undefined ? kept.annotation.rev : (kept.server?.rev ?? 0)
}

/** All notes: a batch at a time takes a tenth of the time of a cursor, and not all memory. */
export async function* inBatches(tx: Writing): AsyncGenerator<Kept[]> {
  let after: IDBKeyRange | undefined
  for (;;) {
    const batch = await tx.objectStore('annotations').getAll(after, BATCH)
    yield batch
    const last = batch.at(-1)
    if (!last || batch.length < BATCH) return
    after = IDBKeyRange.lowerBound(last.id, true)
  }
}

const BATCH = 1000

/** Count everything anew. */
export async function recount(tx: Writing): Promise<Tally> {
  const tally = nothing()
  for await (const batch of inBatches(tx)) {
    for (const kept of batch) toggle(tally, kept.id, liveRevision(kept), 1)
  }
  running.set(tx, tally)
  return tally
}

/** Put the tally as it is after all writes of the transaction; its last act. */
export async function keepTally(tx: Writing): Promise<void> {
  const tally = running.get(tx)
  if (tally) await tx.objectStore('settings').put(tally, 'held')
}

export function digestOf(tally: Tally | undefined): string {
  return bytesToHex((tally ?? nothing()).digest)
}

/** The revision under which the note is one of the server's live ones; 0 where it is none. */
export function liveRevision(kept: Kept | undefined): number {
  const server = kept?.server === undefined ? kept?.annotation : kept.server
  return server && !server.deleted ? server.rev : 0
}

/** Read once a transaction, and written once. */
const running = new WeakMap<Writing, Tally>()

async function move(tx: Writing, id: string, from: number, to: number): Promise<void> {
  if (from === to) return
  const known = running.get(tx)
  const kept = known ?? ((await tx.objectStore('settings').get('held')) as Tally | undefined)
  // Two writes of one transaction may have asked at the same time.
  const tally = running.get(tx) ?? kept ?? nothing()
  running.set(tx, tally)
  toggle(tally, id, from, -1)
  toggle(tally, id, to, 1)
}

function toggle(tally: Tally, id: string, rev: number, by: 1 | -1): void {
  if (rev === 0) return
  const hash = sha256(utf8ToBytes(`${id}:${rev}`))
  tally.count += by
  for (const [index, byte] of hash.entries()) tally.digest[index]! ^= byte
}

function nothing(): Tally {
  return { count: 0, digest: new Uint8Array(32) }
}
