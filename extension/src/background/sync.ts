/**
 * One sync: pull until nothing is new, then push until nothing waits. Pure over its `World`: the
 * same code runs in the background script and, against the real server, in Node.
 *
 * Pulling comes first because it proves that the server still has the history our revisions are
 * of. One that was put back from a backup gives the same numbers out again, and an edit based on
 * such a number would overwrite a text its writer never saw.
 *
 * It can be cut at any instant and simply run again: what was sent and not answered is sent again
 * under the same counters, what was pulled and not taken in is pulled again.
 */
import { Failed, type Client } from './client'
import { setting, type Database, type Failure, type Refusal } from './database'
import { mend } from './mending'
import { park, settle, take } from './outbox'
import { beginResync, endResync, takeIn, type ChangesPage } from './pulled'
import { change } from './transaction'

export interface World {
  database: Database
  client: Client
  now(): Date
}

export interface Outcome {
  /** Keys of the pages that may look different now. */
  touched: Set<string>
  failure: Failure | null
  /** Milliseconds the server asked to wait. */
  retryAfter?: number
}

export async function synchronize(world: World): Promise<Outcome> {
  const outcome: Outcome = { touched: new Set(), failure: null }
  try {
    await pull(world, outcome.touched)
    await push(world, outcome.touched)
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    outcome.failure = error.failure
    if (error.retryAfter !== undefined) outcome.retryAfter = error.retryAfter
  }
  return outcome
}

async function pull(world: World, touched: Set<string>): Promise<void> {
  for (let again = true; again; ) {
    const last = await pullAll(world, touched)
    add(touched, await endResync(world.database))
    const mended = await mend(world.database, world.client, world.now, last)
    add(touched, mended.touched)
    again = mended.pullAgain
  }
}

/** Page after page, each asked for while the one before is taken in. Answers the last one. */
async function pullAll({ database, client, now }: World, touched: Set<string>) {
  let page: ChangesPage | undefined
  let coming: Promise<ChangesPage> | undefined
  while (!page || page.more) {
    const cursor = (await setting(database, 'cursor'))?.cursor
    const known = await setting(database, 'known')
    try {
      page = await (coming ?? client.pull(cursor, known))
      coming = page.more ? client.pull(page.cursor, known) : undefined
      coming?.catch(() => {}) // heard of in the next round, if there is one
      add(touched, await takeIn(database, page, now))
    } catch (error) {
      coming = undefined
      // Without a cursor there is nothing to resync: then it is a failure like others.
      if (!(error instanceof Failed) || error.status !== 410) throw error
      if (cursor === undefined && known === undefined) throw error
      const { common } = error.problem
      const shared = Number.isSafeInteger(common) ? Number(common) : 0
      await change(database, (tx) => beginResync(tx, shared))
    }
  }
  return page
}

async function push({ database, client, now }: World, touched: Set<string>): Promise<void> {
  let size = Infinity
  for (;;) {
    const batch = (await take(database, () => now().getTime())).slice(0, size)
    const [first] = batch
    if (!first) return
    try {
      add(touched, await settle(database, await client.push(batch)))
      size *= 2
    } catch (error) {
      if (!(error instanceof Failed) || !isRefusal(error)) throw error
      // One of them is at fault: halve until it stands alone.
      if (batch.length > 1) size = Math.ceil(batch.length / 2)
      else await park(database, first.op, refusalOf(error))
    }
  }
}

function isRefusal(error: Failed): boolean {
  return error.status === 413 || error.status === 422 || error.status === 400
}

function refusalOf(error: Failed): Refusal {
  const refusal: Refusal = {
    code: error.status === 413 ? 'too-large' : 'invalid',
    reason: error.failure.detail ?? '',
  }
  if (typeof error.problem.field === 'string') refusal.field = error.problem.field
  return refusal
}

function add(touched: Set<string>, more: Set<string>): void {
  for (const key of more) touched.add(key)
}
