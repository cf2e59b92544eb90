/** Prints how fast the engines are, side by side, and how Postil bears large and nasty pages. */

import type { Page } from 'playwright-core'
import type * as PageHalf from './speed-page.ts'
import { openChromium } from './chromium.ts'
import { say } from './report.ts'

declare const bench: typeof PageHalf

export async function printSpeed(engines: readonly string[], article: string): Promise<void> {
  const { browser, page } = await openChromium('bench/anchoring/speed-page.ts')
  try {
    await page.exposeFunction('bytesHeld', await scales(page))
    const ceiling = median(await page.evaluate((html) => bench.timeCeiling(html, 60), article))
    say(`\nTen notes on one article of ${(article.length / 1024).toFixed(0)} KB`)
    say(`${''.padEnd(28)}describe  anchor, median ms  slowest  found  against the ceiling`)
    for (const engine of engines) {
      const { describe, anchor, found } = await page.evaluate(
        ([engine, html]) => bench.timeTenNotes(engine as string, html as string, 60),
        [engine, article],
      )
      const ms = median(anchor)
      say(
        engine.padEnd(28) +
          [describe.toFixed(1), ms.toFixed(1), Math.max(...anchor).toFixed(1), found]
            .map((value, i) => String(value).padStart([8, 19, 9, 7][i] as number))
            .join('') +
          `${(ms / ceiling).toFixed(0)} times`.padStart(21),
      )
    }
    say(`${'ceiling: read, then indexOf'.padEnd(36)}${ceiling.toFixed(3).padStart(19)}`)

    const columns = 'total ms  longest block  found  MB, most  after'
    say(`\n${'Postil on large pages'.padEnd(42)}${columns}`)
    const row = (name: string, { total, block, found, memory }: PageHalf.Duration): void => {
      const times = `${total.toFixed(0).padStart(10)}${block.toFixed(1).padStart(15)}`
      const size = `${memory.peak.toFixed(1).padStart(10)}${memory.after.toFixed(1).padStart(7)}`
      say(`${name.padEnd(40)}${times}${String(found).padStart(7)}${size}`)
    }
    for (const notes of [1_162, 5_000]) {
      const many = (notes: number) => bench.timeManyNotes(1_000_000, notes, 0.08)
      row(`${notes} notes, 1 MB, 8 % of words changed`, await page.evaluate(many, notes))
    }
    for (const name of await page.evaluate(() => bench.worstNames())) {
      row(`100 notes, ${name}`, await page.evaluate((name) => bench.timeWorst(name), name))
    }
    for (const bytes of [50_000, 1_000_000]) {
      const { first, next } = await page.evaluate((bytes) => bench.timeDescribe(bytes), bytes)
      const kept = `${next.toFixed(1)} ms with its index kept`
      say(`describe on ${bytes / 1000} KB: ${first.toFixed(1)} ms, ${kept}`)
    }
  } finally {
    await browser.close()
  }
}

/** Tells how many bytes the page holds: its heap, arrays beside it, and nodes. */
async function scales(page: Page): Promise<() => Promise<number>> {
  const devtools = await page.context().newCDPSession(page)
  return async () => {
    await devtools.send('HeapProfiler.collectGarbage')
    const usage = await devtools.send('Runtime.getHeapUsage')
    const { usedSize, backingStorageSize, embedderHeapUsedSize } = usage
    return usedSize + backingStorageSize + embedderHeapUsedSize
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN
}
