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
import { keepSetting, setting, writing, type Database, type Kept, type Writing } from './database'
import { enqueue, entriesOf, lowerBases, putServers, startAfresh } from './outbox'
import { looksEqual, type Change } from './record'

export interface ChangesPage {
  changes: Annotation[]
  cursor: string
  more: boolean
}

/** Take in one page of changes and its cursor, at once. Yields the keys of what looks different. */
export async function takeIn(
  database: Database,
  page: ChangesPage,
  now: () => Date,
): Promise<Set<string>> {
  const touched = new Set<string>()
  const tx = writing(database)
  const resync = await setting(tx, 'resync')
  const generation = (await setting(tx, 'generation')) ?? 0
  for (const server of page.changes) {
    const before = await tx.objectStore('annotations').get(server.id)
    if (before && !resync && server.rev <= revision(before)) continue
    if (before && resync) await rescue(tx, before, server, resync.common, now)
    const entries = await movedOn(tx, before, server, resync !== undefined)
    const after = await putServers(tx, server, entries, generation)
    if (!looksEqual(before?.annotation, after.annotation)) {
      for (const key of [...(before?.keys ?? []), ...after.keys]) touched.add(key)
    }
  }
  const pairing = await setting(tx, 'pairing')
  if (pairing) {
    const { server, account } = pairing
    await keepSetting(tx, 'cursor', { server, account, cursor: page.cursor })
  }
  await tx.done
  return touched
}

/** `common`: the last revision known to be of both histories; 0 where nothing is known. */
export async function beginResync(tx: Writing, common: number): Promise<void> {
  await keepSetting(tx, 'cursor', undefined)
  await keepSetting(tx, 'resync', { common })
  await keepSetting(tx, 'generation', ((await setting(tx, 'generation')) ?? 0) + 1)
  await lowerBases(tx, common)
}

/** The full pull came to its end: send again what it did not bring. */
export async function endResync(database: Database): Promise<Set<string>> {
  const touched = new Set<string>()
  const tx = writing(database)
  if (await setting(tx, 'resync')) {
    const generation = (await setting(tx, 'generation')) ?? 0
    let at = await tx.objectStore('annotations').openCursor()
    const lost: Kept[] = []
    for (; at; at = await at.continue()) {
      if (at.value.generation < generation && revision(at.value) > 0) lost.push(at.value)
    }
    for (const kept of lost) {
      const unsent = (await entriesOf(tx, kept.id))[0]
      if (kept.annotation.deleted) {
        await tx.objectStore('annotations').delete(kept.id)
        if (unsent) await tx.objectStore('outbox').delete(unsent.seq)
      } else {
        await startAfresh(tx, kept, unsent)
      }
      kept.keys.forEach((key) => touched.add(key))
    }
    await keepSetting(tx, 'resync', undefined)
  }
  await tx.done
  return touched
}

/**
 * A note's entries, moved on to the server's revision where that is safe: colour and tags merge
 * whatever their base is, and a text may follow while the server still says what its writer saw.
 */
async function movedOn(tx: Writing, before: Kept | undefined, server: Annotation, resync: boolean) {
  const entries = await entriesOf(tx, server.id)
  const same = !server.deleted && before?.server?.note === server.note
  return Promise.all(
    entries.map(async (entry) => {
      const light = Object.keys(entry.set).every((name) => name === 'color')
      const safe = same ? resync || !entry.delete : light && !entry.delete && !server.deleted
      if (!safe || entry.state === 'flying') return entry
      const moved = { ...entry, base: server.rev }
      await tx.objectStore('outbox').put(moved)
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
  if (before.server === null || ours.deleted || ours.rev <= common) return
  const at = now().toISOString()
  if (server.deleted) {
    // Deleted since, or before we edited: no telling, so the text stays within reach.
    await tx.objectStore('trash').put({ id: ours.id, annotation: ours, at })
    return
  }
  const change: Change = { set: {}, tags_add: [], tags_remove: [], delete: false, at }
  if (ours.note && ours.note !== server.note) change.set.note = ours.note
  if (server.rev <= common) {
    // What it has is what ours grew from: all of ours goes back.
    change.set = { ...change.set, note: ours.note, color: ours.color, title: ours.title }
    change.tags_add = ours.tags.filter((tag) => !server.tags.includes(tag))
    change.tags_remove = server.tags.filter((tag) => !ours.tags.includes(tag))
  }
  const unsent = (await entriesOf(tx, ours.id))[0]
  if (unsent) {
    // The reader's own later words are on top of ours, and stay there.
    change.set = { ...change.set, ...unsent.set }
    change.delete = unsent.delete
  }
  if (Object.keys(change.set).length || change.tags_add.length || change.tags_remove.length) {
    await enqueue(tx, ours.id, common, change)
  }
}

function revision(kept: Kept): number {
  return kept.server === undefined ? kept.annotation.rev : (kept.server?.rev ?? 0)
}
