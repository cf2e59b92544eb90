/** What was written in a page of the extension, saved whatever became of its note meanwhile. */
import type { Annotation, Draft, Edit, Pending } from '../model'
import { missing } from '../page/mark'
import type { Database } from './database'
import { createNote, editNote, Refused, restoreNote, type Changed } from './notes'

type OnNote = Exclude<Pending, { draft: unknown }>

/**
 * An edit beats a delete: a note that is gone is brought back with it, or made anew. A text that
 * was written here meanwhile, where another editor was open, stays; the later becomes its conflict
 * copy, as the server does it for two machines.
 */
export async function savePending(
  database: Database,
  pending: Pending,
  now: () => Date,
): Promise<Changed> {
  if ('draft' in pending) return saveNew(database, pending.draft, now)
  const { id, edit, otherwise } = pending
  const check = (there: Annotation) => {
    if (writesOver(there, pending)) throw new WritesOver(there)
  }
  try {
    return await editNote(database, id, edit, now, check)
  } catch (error) {
    if (error instanceof WritesOver) return keepBeside(database, error.there, pending, now)
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

/** It may have been made before, and written on since. */
async function saveNew(database: Database, draft: Draft, now: () => Date): Promise<Changed> {
  const made = await createNote(database, draft, now)
  const rest = missing(made.annotation, draft)
  return rest ? editNote(database, made.annotation.id, rest, now) : made
}

class WritesOver extends Error {
  constructor(readonly there: Annotation) {
    super('Another text was written meanwhile.')
  }
}

/** What a sync brought is told apart by the edit's `base`, and settled by the server. */
function writesOver({ note, rev }: Annotation, { edit, was }: OnNote): boolean {
  const written = edit.set?.note
  if (written === undefined || was === undefined) return false
  return ![was, '', written].includes(note) && (edit.base ?? rev) >= rev
}

async function keepBeside(
  database: Database,
  there: Annotation,
  { id, edit, otherwise }: OnNote,
  now: () => Date,
): Promise<Changed> {
  const { note = '', ...set } = edit.set ?? {}
  const { url, title, canonical, quote, position, tags, color } = there
  const where = { url, title, ...(canonical !== undefined && { canonical }) }
  const copy = { ...where, quote, position, tags, color, note }
  const conflict_of = there.conflict_of ?? id
  const made = await createNote(database, { ...otherwise, ...copy, conflict_of }, now)
  const rest: Edit = { ...edit, set }
  if (changesAnything(rest)) await editNote(database, id, rest, now)
  return made
}

function changesAnything({ set, tags_add = [], tags_remove = [] }: Edit): boolean {
  return Object.keys(set ?? {}).length + tags_add.length + tags_remove.length > 0
}

function isRefused(error: unknown, type: Refused['type']): boolean {
  return error instanceof Refused && error.type === type
}
