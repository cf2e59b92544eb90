/**
 * Making sure that everything was pulled: the last page of changes says how many live notes the
 * server holds, and their digest. Where ours differs (a database that lost a write, a file of the
 * server that was edited by hand, a bug) only what differs is fetched and set right.
 *
 * It can never run in a circle: between two attempts lies a back-off that doubles up to a day, and
 * one attempt asks for the manifest once and for so many notes at most; are there more, all is
 * pulled again. Nothing is thrown away on the way: a note the server lost is sent to it again, one
 * it deleted goes to the trash, a text it never saw becomes a conflict copy.
 */
import type { Annotation } from '../model'
import type { Client, Standing } from './client'
import { keepSetting, setting, type Database } from './database'
import { digestOf, liveRevision, recount } from './held'
import { sendWhole } from './outbox'
import { beginIntake, beginResync, SAME_HISTORY, takeInOne, type ChangesPage } from './pulled'
import { timestamp } from './timestamp'
import { change } from './transaction'
import { intoTrash } from './trash'
import { owe } from './untold'

export interface Mended {
  /** Keys of the pages that look different now. */
  touched: Set<string>
  /** So much differs that all has to be pulled again. */
  pullAgain: boolean
}

/** More than this one by one would take longer than everything in pages. */
const MOST_ALONE = 100
const FIRST_WAIT = 60_000
const LONGEST_WAIT = 24 * 60 * 60_000

/** Compare what is here with what the `last` page of a finished pull says, and mend it. */
export async function mend(
  database: Database,
  client: Client,
  now: () => Date,
  last: ChangesPage,
): Promise<Mended> {
  const touched = new Set<string>()
  if (last.digest === undefined || (await agrees(database, last.digest, now()))) {
    return { touched, pullAgain: false }
  }
  if (!(await mayTry(database, now().getTime()))) return { touched, pullAgain: false }
  const { versions } = await client.manifest()
  const differing = await differences(database, versions)
  if (differing.length > MOST_ALONE) {
    await change(database, (tx) => beginResync(tx, SAME_HISTORY))
    return { touched, pullAgain: true }
  }
  for (const id of differing) {
    for (const key of await setRight(database, id, await client.note(id), now)) touched.add(key)
  }
  return { touched, pullAgain: false }
}

/**
 * Whether we hold the same; where only our count was wrong, that is mended here and now. Once a day
 * the notes themselves are counted: a record can be lost under a tally that knows nothing of it.
 */
async function agrees(database: Database, digest: string, now: Date): Promise<boolean> {
  const today = timestamp(now).slice(0, 'YYYY-MM-DD'.length)
  const same = digestOf(await setting(database, 'held')) === digest
  const calm = same && !(await setting(database, 'mending'))
  if (calm && (await setting(database, 'counted')) === today) return true
  return change(database, async (tx) => {
    const agreed = digestOf(await recount(tx)) === digest
    await keepSetting(tx, 'counted', today)
    if (agreed) await keepSetting(tx, 'mending', undefined)
    return agreed
  })
}

async function mayTry(database: Database, now: number): Promise<boolean> {
  return change(database, async (tx) => {
    const before = await setting(tx, 'mending')
    const left = before ? before.at - now : 0
    // A clock that was set back must not keep us from it.
    if (left > 0 && left <= LONGEST_WAIT) return false
    const attempt = (before?.attempt ?? 0) + 1
    const wait = Math.min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)
    await keepSetting(tx, 'mending', { attempt, at: now + wait })
    return true
  })
}

async function differences(
  database: Database,
  versions: readonly (readonly [id: string, rev: number])[],
): Promise<string[]> {
  const theirs = new Map(versions)
  const differing: string[] = []
  for (const kept of await database.getAll('annotations')) {
    const ours = liveRevision(kept)
    if (ours !== (theirs.get(kept.id) ?? 0)) differing.push(kept.id)
    theirs.delete(kept.id)
  }
  return [...differing, ...theirs.keys()]
}

/** Yields the keys of what looks different then. */
function setRight(
  database: Database,
  id: string,
  standing: Standing,
  now: () => Date,
): Promise<Set<string>> {
  return change(database, async (tx) => {
    const before = await tx.objectStore('annotations').get(id)
    const known = liveRevision(before) > 0
    const intake = await beginIntake(tx, standing === 'deleted' ? undefined : SAME_HISTORY, now)
    if (standing !== 'unknown' && standing !== 'deleted') {
      await takeInOne(intake, before, standing)
    } else if (before && known && standing === 'deleted') {
      const ours = before.server ?? before.annotation
      await intoTrash(tx, ours, timestamp(now()))
      await takeInOne(intake, before, tombstone(ours))
    } else if (before && known) {
      await sendWhole(tx, before)
      before.keys.forEach((key) => intake.touched.add(key))
    }
    await owe(tx, intake.touched)
    return intake.touched
  })
}

/** The server says only that it deleted the note: the rest stands here. */
function tombstone(annotation: Annotation): Annotation {
  const gone = { title: '', quote: null, position: null, note: '', tags: [], deleted: true }
  return { ...annotation, ...gone }
}
