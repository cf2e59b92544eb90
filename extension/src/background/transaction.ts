/** Writing: one transaction a change, so that a change is there whole or not at all. */
import type { Database, Writing } from './database'
import { keepTally } from './held'

/**
 * Do `work` in one transaction. It has been written to disk when this comes back. When anything in
 * it throws, or the disk is full, nothing of it was written, and that is what is thrown.
 */
export async function change<T>(
  database: Database,
  work: (tx: Writing) => Promise<T>,
): Promise<T> {
  const tx = database.transaction(
    ['annotations', 'outbox', 'trash', 'settings'],
    'readwrite',
    // Answered means on disk: a note must outlive a power cut right after it was made.
    { durability: 'strict' },
  ) as Writing
  try {
    const result = await work(tx)
    await keepTally(tx)
    await tx.done
    return result
  } catch (error) {
    throw (await undo(tx)) ?? error
  }
}

/** Answers why the browser itself ended the transaction, where it did: no room, most often. */
async function undo(tx: Writing): Promise<unknown> {
  try {
    tx.abort()
  } catch {
    // It has ended already.
  }
  return tx.done.then(
    () => null,
    (reason: unknown) => (isOurs(reason) ? null : reason),
  )
}

/** The end of a transaction that we aborted has no reason but that. */
function isOurs(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'AbortError'
}
