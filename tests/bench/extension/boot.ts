/**
 * What the extension costs a page without notes, by the browser's own trace: the time its main
 * thread spends, until the page is at rest, in reading and in running `boot.js`, and `here.js`,
 * which background has run there to learn what page it is.
 */

import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Reader } from '../../e2e/reader'

interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  /** Of the clock, and of the processor, in microseconds. */
  dur?: number
  tdur?: number
  args?: { data?: { url?: string }; fileName?: string }
}

interface Cost {
  clock: number
  processor: number
}

/** Of the script itself, and of all that runs there. */
export interface Costs {
  boot: Cost
  all: Cost
}

/** In milliseconds, for one visit of the page. */
export async function costsOf(reader: Reader, url: string): Promise<Costs> {
  const path = join(tmpdir(), `postil-trace-${process.pid}.json`)
  const page = await reader.profile.browser.newPage()
  const categories = ['devtools.timeline', 'v8']
  await page.tracing.start({ path, categories })
  await page.goto(url, { waitUntil: 'networkidle0' })
  await page.tracing.stop()
  await page.close()
  const { traceEvents } = JSON.parse(await readFile(path, 'utf8')) as { traceEvents: TraceEvent[] }
  await rm(path)
  const of = (...scripts: string[]) => costOf(traceEvents.filter(isOf(scripts)))
  return { boot: of('boot.js'), all: of('boot.js', 'here.js') }
}

function isOf(scripts: readonly string[]): (event: TraceEvent) => boolean {
  return ({ ph, args }) => {
    const address = args?.data?.url ?? args?.fileName ?? ''
    return ph === 'X' && scripts.some((script) => address.endsWith(`/${script}`))
  }
}

/** What happens within another event is counted with that. */
function costOf(events: TraceEvent[]): Cost {
  const cost = { clock: 0, processor: 0 }
  let end = 0
  for (const { ts, dur = 0, tdur = 0 } of events.sort((a, b) => a.ts - b.ts)) {
    if (ts < end) continue
    end = ts + dur
    cost.clock += dur / 1000
    cost.processor += tdur / 1000
  }
  return cost
}
