/** What was written in a page of the extension, saved whatever became of its note meanwhile. */
import type { Pending } from '../model'
import type { Database } from './database'
import { createNote, editNote, Refused, restoreNote, type Changed } from './notes'

/** An edit beats a delete: a note that is gone is brought back with it, or made anew. */
export async function savePending(
  database: Database,
  pending: Pending,
  now: () => Date,
): Promise<Changed> {
  if ('draft' in pending) return createNote(database, pending.draft, now)
  const { id, edit, otherwise } = pending
  try {
    return await editNote(database, id, edit, now)
  } catch (error) {
    if (!isRefused(error, 'no-note')) throw error
  }
  try {
    await restoreNote(database, id, now)
  } catch (error) {
    if (!isRefused(error, 'nothing-to-restore')) throw error
    return createNote(database, otherwise, now)
  }
  return editNote(database, id, edit, now)
}

function isRefused(error: unknown, type: Refused['type']): boolean {
  return error instanceof Refused && error.type === type
}
