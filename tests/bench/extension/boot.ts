/**
 * What the script that runs on every page costs one without notes, by the browser's own trace: the
 * time its main thread spends in reading and in running `boot.js`, until the page is at rest.
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

export interface Cost {
  clock: number
  processor: number
}

/** In milliseconds, for one visit of the page. */
export async function bootOf(reader: Reader, url: string): Promise<Cost> {
  const path = join(tmpdir(), `postil-trace-${process.pid}.json`)
  const page = await reader.profile.browser.newPage()
  const categories = ['devtools.timeline', 'v8']
  await page.tracing.start({ path, categories })
  await page.goto(url, { waitUntil: 'networkidle0' })
  await page.tracing.stop()
  await page.close()
  const { traceEvents } = JSON.parse(await readFile(path, 'utf8')) as { traceEvents: TraceEvent[] }
  await rm(path)
  return costOf(traceEvents.filter(isOfBoot))
}

function isOfBoot({ ph, args }: TraceEvent): boolean {
  return ph === 'X' && /\/boot\.js$/.test(args?.data?.url ?? args?.fileName ?? '')
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
