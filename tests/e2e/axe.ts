/** What axe-core finds fault with in a page, and in our interface inside of it. */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Frame, Page } from 'puppeteer-core'

const SCRIPT = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

interface Axe {
  run(context: unknown, options: unknown): Promise<AxeResults>
}

/**
 * One line a fault: the rule, and where. `within` says what is looked at, by selectors that go
 * through shadow roots.
 */
export async function problemsSeen(page: Page | Frame, within?: string[]): Promise<string[]> {
  const script = await readFile(SCRIPT, 'utf8')
  // In the page by the way of the browser's own tools: a policy of the page has no say in it.
  await page.evaluate(script)
  return page.evaluate(async (selector) => {
    const axe = (globalThis as unknown as { axe: Axe }).axe
    const context = selector ? { include: [{ fromShadowDom: selector }] } : document
    const { violations } = await axe.run(context, { resultTypes: ['violations'] })
    return violations.flatMap(({ id, nodes }) => {
      return nodes.map((node) => `${id}: ${node.target.flat().join(' ')}: ${node.failureSummary}`)
    })
  }, within)
}
