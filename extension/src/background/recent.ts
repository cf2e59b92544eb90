/**
 * The notes of the pages read last, in memory while this script lives. A page asks for them when it
 * opens; its badge, the popup and the panel ask for the same right after, and reading a thousand
 * notes takes the database longer than all else that opening the panel waits for.
 *
 * Any write to any note makes all of it old, and what was being read meanwhile is not kept: a read
 * that begins after a write began waits for its transaction, by IndexedDB's own rules.
 */
import type { Database, Kept } from './database'

interface Read {
  kept: readonly Kept[]
  /** The count of writes when it was read. */
  at: number
}

/** Pages, each with the notes it has. */
const MOST = 8

let writes = 0
const recent = new WeakMap<Database, Map<string, Read>>()

/** To be called before a note is written. */
export function forgetRead(): void {
  writes += 1
}

/** All that is kept under a page key. */
export async function readPage(database: Database, key: string): Promise<readonly Kept[]> {
  const pages = recent.get(database) ?? new Map<string, Read>()
  recent.set(database, pages)
  const known = pages.get(key)
  if (known?.at === writes) return known.kept
  const at = writes
  const kept = await database.getAllFromIndex('annotations', 'keys', key)
  if (at !== writes) return kept
  pages.delete(key)
  pages.set(key, { kept, at })
  if (pages.size > MOST) pages.delete(pages.keys().next().value!)
  return kept
}
