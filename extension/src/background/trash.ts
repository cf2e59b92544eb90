/**
 * What was deleted here, so that it can be brought back without asking anybody.
 *
 * It stays for a month of days on which the browser was in use. They are counted, not told from the
 * clock: one that jumps ahead a year would else take the only copy of a text with it.
 */
import type { Annotation } from '../model'
import { keepSetting, setting, type Database, type Writing } from './database'
import { timestamp } from './timestamp'
import { change } from './transaction'

const DAYS = 30

export async function intoTrash(tx: Writing, annotation: Annotation, at: string): Promise<void> {
  const day = (await setting(tx, 'days'))?.count ?? 0
  await tx.objectStore('trash').put({ id: annotation.id, annotation, at, day })
}

/** Revisions past `common` are of another history: what comes back must not be based on them. */
export async function lowerTrash(tx: Writing, common: number): Promise<void> {
  const trash = tx.objectStore('trash')
  for (const trashed of await trash.getAll()) {
    const rev = Math.min(trashed.annotation.rev, common)
    await trash.put({ ...trashed, annotation: { ...trashed.annotation, rev } })
  }
}

/** Count today, and let go of what has been here for a month; the server keeps it longer. */
export async function emptyTrash(database: Database, now: Date): Promise<void> {
  const date = timestamp(now).slice(0, 'YYYY-MM-DD'.length)
  const known = await setting(database, 'days')
  if (known?.date === date) return
  await change(database, async (tx) => {
    const count = (known?.count ?? 0) + 1
    await keepSetting(tx, 'days', { count, date })
    const old = IDBKeyRange.upperBound(count - DAYS, true)
    let at = await tx.objectStore('trash').index('day').openCursor(old)
    for (; at; at = await at.continue()) await at.delete()
  })
}
