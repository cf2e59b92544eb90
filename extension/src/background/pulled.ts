/**
 * What the server says has changed, taken in; and the full pull (*resync*) after which both sides
 * hold the same although one of them forgot something.
 *
 * A resync is asked for when our cursor is not of the server's history: it was put back from a
 * backup, or it is another server. All it has is pulled again from the beginning. What we hold and
 * it lost goes into the outbox: notes it no longer has, not even as tombstones, as new notes; texts
 * it has in another wording as an edit based on what both had in `common`, so that the server keeps
 * both where somebody else edited too.
 */
import type { Annotation } from '../model'
import { keepSetting, setting, type Database, type Kept, type Writing } from './database'
import { inBatches, revision } from './held'
import { enqueue, entriesOf, lowerBases, putServers, sendWhole } from './outbox'
import { creation, looksEqual, type Change } from './record'
import { timestamp } from './timestamp'
import { change } from './transaction'
import { intoTrash, lowerTrash } from './trash'
import { owe } from './untold'

export interface ChangesPage {
  changes: Annotation[]
  cursor: string
  more: boolean
  /** Of all live notes; on the last page only. */
  count?: number
  digest?: string
  /** The last counter of ours that the server remembers; on the last page only. */
  op?: number
}

/** All is pulled again although the history is the same: what is here went wrong. */
export const SAME_HISTORY = Number.MAX_SAFE_INTEGER

/** What taking in a note goes by. */
interface Intake {
  tx: Writing
  /** Of a resync, which rescues what would be lost; undefined in ordinary times. */
  common: number | undefined
  generation: number
  /** No change waits here, so that none has to be looked for note by note. */
  calm: boolean
  now: () => Date
  touched: Set<string>
}

/** Take in one page of changes and its cursor, at once. Yields the keys of what looks different. */
export function takeIn(
  database: Database,
  page: ChangesPage,
  now: () => Date,
): Promise<Set<string>> {
  return change(database, async (tx) => {
    const common = (await setting(tx, 'resync'))?.common
    const intake = await beginIntake(tx, common, now)
    // All at once: each is another note, and a database asked one by one has little to do.
    await Promise.all(
      page.changes.map(async (server) => {
        const before = await tx.objectStore('annotations').get(server.id)
        if (before && common === undefined && server.rev <= revision(before)) return
        await takeInOne(intake, before, server)
      }),
    )
    // All that was pushed has come back by now.
    if (!page.more) await keepSetting(tx, 'known', undefined)
    const op = (await setting(tx, 'op')) ?? 0
    // Counters it knows already it would take for repetitions, and do nothing.
    if (page.op !== undefined && page.op > op) await keepSetting(tx, 'op', page.op)
    const pairing = await setting(tx, 'pairing')
    if (pairing) {
      const { server, account } = pairing
      await keepSetting(tx, 'cursor', { server, account, cursor: page.cursor })
    }
    await owe(tx, intake.touched)
    return intake.touched
  })
}

export async function beginIntake(
  tx: Writing,
  common: number | undefined,
  now: () => Date,
): Promise<Intake> {
  const generation = (await setting(tx, 'generation')) ?? 0
  const calm = common === undefined && (await tx.objectStore('outbox').count()) === 0
  return { tx, common, generation, calm, now, touched: new Set() }
}

/** Take in a note as the server has it. */
export async function takeInOne(
  intake: Intake,
  before: Kept | undefined,
  server: Annotation,
): Promise<void> {
  const { tx, common, generation, calm, now, touched } = intake
  if (before && common !== undefined) await rescue(tx, before, server, common, now)
  const entries = calm ? [] : await movedOn(tx, before, server, common !== undefined)
  const after = await putServers(tx, server, entries, generation, { before })
  if (!looksEqual(before?.annotation, after.annotation)) {
    for (const key of [...(before?.keys ?? []), ...after.keys]) touched.add(key)
  }
}

/** `shared`: the last revision known to be of both histories; 0 where nothing is known. */
export async function beginResync(tx: Writing, shared: number): Promise<void> {
  // Put back again before the last full pull came to its end: some of ours is two histories old.
  const common = Math.min(shared, (await setting(tx, 'resync'))?.common ?? SAME_HISTORY)
  for (const name of ['cursor', 'known'] as const) await keepSetting(tx, name, undefined)
  await keepSetting(tx, 'resync', { common })
  await keepSetting(tx, 'generation', ((await setting(tx, 'generation')) ?? 0) + 1)
  if (common === SAME_HISTORY) return
  await lowerBases(tx, common)
  await lowerTrash(tx, common)
}

/** The full pull came to its end: send again what it did not bring. */
export function endResync(database: Database): Promise<Set<string>> {
  return change(database, async (tx) => {
    const touched = new Set<string>()
    if (!(await setting(tx, 'resync'))) return touched
    const generation = (await setting(tx, 'generation')) ?? 0
    const lost: Kept[] = []
    for await (const batch of inBatches(tx)) {
      lost.push(...batch.filter((kept) => kept.generation < generation && revision(kept) > 0))
    }
    for (const kept of lost) {
      await sendWhole(tx, kept)
      kept.keys.forEach((key) => touched.add(key))
    }
    await keepSetting(tx, 'resync', undefined)
    await owe(tx, touched)
    return touched
  })
}

/**
 * A note's entries, moved on to the server's revision where that is safe: colour and tags merge
 * whatever their base is, and a text may follow while the server still says what its writer saw.
 */
async function movedOn(tx: Writing, before: Kept | undefined, server: Annotation, resync: boolean) {
  const entries = await entriesOf(tx, server.id)
  const same = !server.deleted && before?.server?.note === server.note
  const rev = before?.server?.rev ?? 0
  return Promise.all(
    entries.map(async ({ current, ...entry }) => {
      // A base that stayed behind tells that its writer never saw what was pulled since.
      const seen = same && (current ?? entry.base >= rev)
      const light = Object.keys(entry.set).every((name) => name === 'color')
      const safe = seen ? resync || !entry.delete : light && !entry.delete && !server.deleted
      const moved = safe && entry.state !== 'flying' ? { ...entry, base: server.rev } : entry
      if (moved !== entry || current !== undefined) await tx.objectStore('outbox').put(moved)
      return moved
    }),
  )
}

async function rescue(
  tx: Writing,
  before: Kept,
  server: Annotation,
  common: number,
  now: () => Date,
): Promise<void> {
  const ours = before.server ?? before.annotation
  if (before.server === null || ours.deleted) return
  if (ours.rev <= Math.min(common, common === SAME_HISTORY ? server.rev : common)) return
  const at = timestamp(now())
  const older = server.rev <= common && common !== SAME_HISTORY
  if (server.deleted && !older) {
    // Deleted since, or before we edited: no telling, so the text stays within reach.
    await intoTrash(tx, ours, at)
    return
  }
  // Where what it has is what ours grew from, all of ours goes back; else no text gets lost.
  const back: Change = { set: {}, tags_add: [], tags_remove: [], delete: false, at }
  if (server.deleted) Object.assign(back, creation(ours, at))
  else if (older) Object.assign(back, changesTo(server, ours))
  else if (ours.note && ours.note !== server.note) back.set = { note: ours.note }
  const unsent = (await entriesOf(tx, ours.id))[0]
  if (unsent) {
    // The reader's own later words are on top of ours, and stay there.
    back.set = { ...back.set, ...unsent.set }
    back.delete = unsent.delete
  }
  if (Object.keys(back.set).length || back.tags_add.length || back.tags_remove.length) {
    await enqueue(tx, ours.id, common === SAME_HISTORY ? 0 : common, back)
  }
}

/** The edit that makes `later` of `earlier`. */
function changesTo(earlier: Annotation, later: Annotation): Partial<Change> {
  const set = Object.fromEntries(
    FIELDS.map((name) => [name, later[name] ?? null] as const).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(earlier[name] ?? null),
    ),
  )
  return {
    set,
    tags_add: later.tags.filter((tag) => !earlier.tags.includes(tag)),
    tags_remove: earlier.tags.filter((tag) => !later.tags.includes(tag)),
  }
}

const FIELDS = [
  'url',
  'canonical',
  'title',
  'quote',
  'position',
  'note',
  'color',
  'conflict_of',
] as const
