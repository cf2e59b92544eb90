/** What moves is missed by a mouse that was told where it stood. */

import type { ElementHandle, Frame, Page } from 'puppeteer-core'

/**
 * Until a page has drawn what it was about to; one that is hidden draws nothing, and one whose
 * scripts are off does not say so.
 */
export async function drawn(page: Page | Frame): Promise<void> {
  const frames = page.evaluate(async () => {
    await new Promise((on) => requestAnimationFrame(() => requestAnimationFrame(on)))
  })
  const left = frames.catch(() => undefined) // the page was left meanwhile
  await Promise.race([left, new Promise((on) => setTimeout(on, 200))])
}

/** Clicks it once it stands still. */
export async function clickStill(element: ElementHandle): Promise<void> {
  let before = ''
  for (;;) {
    const box = JSON.stringify(await element.boundingBox())
    if (box === before) break
    before = box
    await drawn(element.frame)
  }
  await element.click()
}
