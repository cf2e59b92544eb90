/**
 * The changes the server has not confirmed, and what its answers make of them.
 *
 * The rules, which keep merging right:
 *
 * - A note has at most one entry that is flying (sent, not answered) and one that is not. Edits
 *   coalesce into the latter; a flying entry never changes, so that a retry says the same again.
 * - Counters rise in the order of arrival, and are given in the transaction that marks the entries
 *   as flying. Only when none is flying is the next batch taken.
 * - An entry's `base` is the revision its reader had seen. One that waited behind a flying entry
 *   moves on to the answered revision, unless the answer shows that somebody else changed what it
 *   touches: then the old base stays, so that the server sees two texts and keeps both.
 * - The note as kept is always the server's with the entries applied on top.
 * - A refused entry is parked with its reason, and goes out again with the next edit of its note.
 */
import type { Annotation, Operation, Result } from '../model'
import type { Pushed } from './client'
import {
  keepSetting,
  setting,
  type Database,
  type Entry,
  type Kept,
  type Refusal,
  type Writing,
} from './database'
import { dropNote, keepNote } from './held'
import { apply, creation, fold, keysOf, operation, type Change } from './record'
import { change } from './transaction'
import { owe } from './untold'

/** The server's own limits on one request: it takes 500 operations, and 2 MiB. */
const MOST_OPERATIONS = 500
const MOST_BYTES = 1_500_000

/** Add a change to the note's unsent entry; `base` is the revision its writer had seen. */
export async function enqueue(
  tx: Writing,
  id: string,
  base: number,
  addition: Change,
): Promise<void> {
  const outbox = tx.objectStore('outbox')
  const unsent = (await entriesOf(tx, id)).find((entry) => entry.state !== 'flying')
  if (unsent) {
    const { refusal: _, ...rest } = unsent
    const folded = fold(unsent, addition)
    await outbox.put({ ...rest, ...folded, state: 'waiting', base: Math.min(unsent.base, base) })
  } else {
    await add(tx, { id, state: 'waiting', base, ...addition })
  }
}

/** A note's entries in the order they apply: the flying one, then the unsent one. */
export async function entriesOf(tx: Writing, id: string): Promise<Entry[]> {
  const entries = await tx.objectStore('outbox').index('id').getAll(id)
  return entries.sort((a, b) => Number(b.state === 'flying') - Number(a.state === 'flying'))
}

/** The batch to send: the one already flying, or else the next, which this marks as flying. */
export async function take(database: Database, now: () => number): Promise<Operation[]> {
  const batch = await change(database, async (tx) => {
    const flying = await tx.objectStore('outbox').index('state').getAll('flying')
    return flying.length ? flying : takeNext(tx, now)
  })
  return batch
    .filter((entry): entry is Entry & { op: number } => entry.op !== undefined)
    .sort((a, b) => a.op - b.op)
    .map(operation)
}

/** Take in the server's answers. Yields the keys of what may look different. */
export function settle(database: Database, { results, cursor }: Pushed): Promise<Set<string>> {
  return change(database, async (tx) => {
    if (cursor !== undefined) await keepSetting(tx, 'known', cursor)
    const flying = await tx.objectStore('outbox').index('state').getAll('flying')
    const byCounter = new Map(flying.map((entry) => [entry.op, entry]))
    const touched = new Set<string>()
    for (const result of results) {
      const entry = byCounter.get(result.op)
      if (!entry || entry.id !== result.id) continue
      if (result.status === 'rejected') {
        const unknown = result.code === 'unknown' && entry.set.url === undefined
        if (unknown) await makeAgain(tx, entry)
        else await refuse(tx, entry, refusalOf(result))
      } else {
        await confirm(tx, entry, result, touched)
      }
    }
    await owe(tx, touched)
    return touched
  })
}

/** The server will never take this one as it is: keep it, and show why. */
export async function park(database: Database, op: number, refusal: Refusal): Promise<void> {
  await change(database, async (tx) => {
    const flying = await tx.objectStore('outbox').index('state').getAll('flying')
    const entry = flying.find((one) => one.op === op)
    if (entry) await refuse(tx, entry, refusal)
  })
}

/** Revisions past `common` are of another history: they mean nothing to this server. */
export async function lowerBases(tx: Writing, common: number): Promise<void> {
  const outbox = tx.objectStore('outbox')
  for (const entry of await outbox.index('state').getAll('flying')) await takeBack(tx, entry)
  for (const entry of await outbox.getAll()) {
    const kept = await tx.objectStore('annotations').get(entry.id)
    const current = entry.base >= (kept?.server?.rev ?? 0)
    await outbox.put({ ...entry, base: Math.min(entry.base, common), current })
  }
}

export async function waitingCount(database: Database): Promise<number> {
  const states = database.transaction('outbox').store.index('state')
  return (await states.count('waiting')) + (await states.count('flying'))
}

export function parkedEntries(database: Database): Promise<Entry[]> {
  return database.getAllFromIndex('outbox', 'state', 'parked')
}

/** Put what the server says of a note, with the note's entries on top; `known` spares a look. */
export async function putServers(
  tx: Writing,
  server: Annotation,
  entries: readonly Entry[],
  generation: number,
  known?: { before: Kept | undefined },
): Promise<Kept> {
  // An edit beats a deletion: until the server has seen the edit, our copy has the only body.
  const beaten = server.deleted && entries.at(-1)?.delete === false
  const before = known ? known.before : await tx.objectStore('annotations').get(server.id)
  const ground = beaten && before ? { ...before.annotation, rev: server.rev } : server
  const annotation = entries.reduce(apply, ground)
  const kept: Kept = {
    id: server.id,
    keys: keysOf(annotation.url, annotation.canonical),
    annotation,
    generation,
  }
  if (entries.length) kept.server = server
  await keepNote(tx, kept, { before })
  return kept
}

async function takeNext(tx: Writing, now: () => number): Promise<Entry[]> {
  const outbox = tx.objectStore('outbox')
  // Where an old profile was put back, the time as a floor keeps counters rising; so does what the
  // server remembers of us (`takeIn`), should the clock be wrong as well.
  let op = Math.max((await setting(tx, 'op')) ?? 0, now())
  let bytes = 0
  const batch: Entry[] = []
  for (const entry of await outbox.index('state').getAll('waiting', MOST_OPERATIONS)) {
    const flying: Entry = { ...entry, state: 'flying', op: ++op }
    bytes += new TextEncoder().encode(JSON.stringify(flying)).length
    if (batch.length && bytes > MOST_BYTES) break
    await outbox.put(flying)
    batch.push(flying)
  }
  if (batch.length) await keepSetting(tx, 'op', batch.at(-1)?.op)
  return batch
}

async function confirm(
  tx: Writing,
  entry: Entry,
  result: Result,
  touched: Set<string>,
): Promise<void> {
  await tx.objectStore('outbox').delete(entry.seq)
  const kept = await tx.objectStore('annotations').get(entry.id)
  const behind = (await entriesOf(tx, entry.id))[0]
  const answered = result.annotation
  const generation = (await setting(tx, 'generation')) ?? 0
  kept?.keys.forEach((key) => touched.add(key))
  if (!answered) {
    // A deletion of what the server never had.
    if (behind && kept) await startAfresh(tx, kept)
    else await dropNote(tx, entry.id)
    return
  }
  if (result.copy) {
    const copy = await putServers(tx, result.copy, await entriesOf(tx, result.copy.id), generation)
    copy.keys.forEach((key) => touched.add(key))
  }
  const rest = behind && (await moveOn(tx, entry, behind, kept?.server ?? null, result))
  const now = await putServers(tx, answered, rest ? [rest] : [], generation)
  now.keys.forEach((key) => touched.add(key))
}

/**
 * The entry `behind` a confirmed one takes the answered revision as its base where its reader had
 * seen all that this revision says; see the third rule above. Text written on top of text that
 * just became a conflict copy belongs to that copy.
 */
async function moveOn(
  tx: Writing,
  confirmed: Entry,
  behind: Entry,
  before: Annotation | null,
  { annotation, copy }: Result,
): Promise<Entry | null> {
  const outbox = tx.objectStore('outbox')
  // What was pulled while the first was under way, the writer of the second has not seen.
  const shown = before === null || behind.base >= before.rev ? (before?.note ?? '') : undefined
  const seen = confirmed.set.note ?? shown
  const { note, ...set } = behind.set
  if (annotation?.note === seen || (note === undefined && !behind.delete)) {
    const moved = { ...behind, base: annotation?.rev ?? behind.base }
    await outbox.put(moved)
    return moved
  }
  if (copy && note !== undefined && copy.note === confirmed.set.note) {
    const { at } = behind
    const text: Change = { set: { note }, tags_add: [], tags_remove: [], delete: false, at }
    await enqueue(tx, copy.id, copy.rev, text)
    const generation = (await setting(tx, 'generation')) ?? 0
    await putServers(tx, copy, await entriesOf(tx, copy.id), generation)
    const rest = { ...behind, set, base: confirmed.base }
    const empty = !rest.delete && !Object.keys(set).length
    if (empty && !rest.tags_add.length && !rest.tags_remove.length) {
      await outbox.delete(behind.seq)
      return null
    }
    await outbox.put(rest)
    return rest
  }
  const stays = { ...behind, base: confirmed.base }
  await outbox.put(stays)
  return stays
}

/** The server does not know the note, or no longer: it is sent whole. */
async function makeAgain(tx: Writing, entry: Entry): Promise<void> {
  const kept = await tx.objectStore('annotations').get(entry.id)
  await (kept ? sendWhole(tx, kept) : dropEntries(tx, entry.id))
}

/** The server has nothing of this note: send all of it, or forget it where it was deleted here. */
export async function sendWhole(tx: Writing, kept: Kept): Promise<void> {
  if (!kept.annotation.deleted) return startAfresh(tx, kept)
  await dropEntries(tx, kept.id)
  await dropNote(tx, kept.id)
}

/** Make the whole note, as it stands here, its only entry. */
async function startAfresh(tx: Writing, kept: Kept): Promise<void> {
  await dropEntries(tx, kept.id)
  const annotation = { ...kept.annotation, rev: 0 }
  await keepNote(tx, { ...kept, annotation, server: null })
  const whole = creation(annotation, annotation.updated)
  await add(tx, { id: kept.id, state: 'waiting', base: 0, ...whole })
}

async function dropEntries(tx: Writing, id: string): Promise<void> {
  for (const entry of await entriesOf(tx, id)) await tx.objectStore('outbox').delete(entry.seq)
}

/** Park a flying entry; edits made meanwhile join it, and count as the edit that sends it again. */
async function refuse(tx: Writing, entry: Entry, refusal: Refusal): Promise<void> {
  if (await takeBack(tx, entry)) return
  const { op: _, ...rest } = entry
  await tx.objectStore('outbox').put({ ...rest, state: 'parked', refusal })
}

/** Make a flying entry an unsent one again. True where later edits had to join it. */
async function takeBack(tx: Writing, entry: Entry): Promise<boolean> {
  const outbox = tx.objectStore('outbox')
  const behind = (await entriesOf(tx, entry.id)).find((other) => other.seq !== entry.seq)
  const { op: _, ...rest } = entry
  if (behind) await outbox.delete(behind.seq)
  await outbox.put({ ...rest, ...(behind ? fold(entry, behind) : {}), state: 'waiting' })
  return behind !== undefined
}

/** The database gives `seq`; the key must be absent, not undefined, for it to do so. */
async function add(tx: Writing, entry: Omit<Entry, 'seq'>): Promise<void> {
  await tx.objectStore('outbox').add(entry as Entry)
}

function refusalOf(result: Result): Refusal {
  const refusal: Refusal = { code: 'invalid', reason: result.reason ?? '' }
  if (result.field !== undefined) refusal.field = result.field
  return refusal
}
