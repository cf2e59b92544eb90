/** Asks the same thing over and over, and counts. */

import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Ask } from './sides'

/** What is used of autocannon, which has no types. */
interface Outcome {
  statusCodeStats: Record<string, { count: number }>
  errors: number
  timeouts: number
  duration: number
}

// Installed apart from the tests' own packages: this file is bundled elsewhere than it stands.
const from = createRequire(join(process.cwd(), 'bench', 'serve', 'package.json'))
const autocannon = from('autocannon') as (options: object) => Promise<Outcome>

let count = 0

/** How many answers a second come over so many connections, each of which asks one at a time. */
export async function fire(ask: Ask, connections: number, seconds: number): Promise<number> {
  const { status, unheard, ...asked } = ask
  const { pathname, search } = new URL(ask.url)
  const setupRequest = (request: object): object => {
    return { ...request, path: `${pathname}${search}&n=${count++}` }
  }
  const requests = unheard ? [{ setupRequest }] : undefined
  // It sees that its time is over only when it samples, once a second unless told otherwise.
  const options = { ...asked, requests, connections, duration: seconds, sampleInt: 50, timeout: 30 }
  const outcome = await autocannon(options)
  const { statusCodeStats: came, errors, timeouts, duration } = outcome
  const right = came[String(status)]?.count ?? 0
  const all = Object.values(came).reduce((sum, { count }) => sum + count, 0)
  if (errors || timeouts || !right || right !== all) {
    throw new Error(`${ask.method} ${ask.url}: ${JSON.stringify({ came, errors, timeouts })}`)
  }
  return right / duration
}
