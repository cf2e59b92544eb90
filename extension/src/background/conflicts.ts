/**
 * Two texts of one note, and which of them stays. One transaction, so that a reader's answer is
 * carried out whole; like every edit it needs no server, and can be taken back.
 *
 * The note keeps its id whichever text stays. Where that is the copy's, the two change places: the
 * copy takes the note's text with it into the trash. So two machines that answer differently
 * never delete both, and bringing the copy back brings the same question back.
 */
import type { ConflictAnswer } from '../model'
import type { Database, Kept, Writing } from './database'
import { discard, liveNote, record, type Changed } from './notes'
import type { Change } from './record'
import { timestamp } from './timestamp'
import { change } from './transaction'

/** `seen`: the revisions of both whose texts the reader was shown. */
export function settleConflict(
  database: Database,
  { id, keep, seen }: ConflictAnswer,
  now: () => Date,
): Promise<Changed> {
  return change(database, async (tx) => {
    const at = timestamp(now())
    const copy = await liveNote(tx, id)
    const original = await otherOf(tx, copy)
    if (keep === 'both' || !original) {
      return record(tx, copy, setting({ conflict_of: null }, at), seen.copy)
    }
    if (keep === 'other') return discard(tx, copy, setting({}, at), seen.copy)
    const { note } = original.annotation
    const settled = await record(
      tx,
      original,
      setting({ note: copy.annotation.note }, at),
      seen.original,
    )
    const gone = await discard(tx, copy, setting({ note }, at), seen.copy)
    return { ...settled, keys: [...new Set([...settled.keys, ...gone.keys])] }
  })
}

async function otherOf(tx: Writing, copy: Kept): Promise<Kept | undefined> {
  const { conflict_of } = copy.annotation
  if (conflict_of === undefined) return undefined
  const kept = await tx.objectStore('annotations').get(conflict_of)
  return kept?.annotation.deleted ? undefined : kept
}

function setting(set: Change['set'], at: string): Change {
  return { set, tags_add: [], tags_remove: [], delete: false, at }
}
