/** Ten thousand notes: the panel opens at once, scrolls without a stutter, finds any of them. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { fill, notesOf, paragraphsOf, tabOf } from './many-notes'
import { PanelPage } from './panel'
import { story } from './story'
import { words } from './words'

const HERE = 1000
const PAGES = 450

/** Of the processor, not of the clock: what a machine that does other things as well still says. */
const OPENING_MS = 200
const FRAME_MS = 25
const FRAMES = 120

/** How many milliseconds of the processor the page has used so far. */
async function cpuOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.createCDPSession()
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Infinity)
  }
}

/** Scrolls through the list, the last part of it in leaps. */
async function scroll(page: Page): Promise<void> {
  await page.evaluate(async (frames) => {
    const list = document.querySelector('.window')!
    for (let step = 0; step < frames; step++) {
      list.scrollTop += step < frames * 0.75 ? 240 : list.scrollHeight / (frames / 4)
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
  }, FRAMES)
}

const NOTE = '.rows .note:not(.blank)'

describe('ten thousand notes', () => {
  const patient = { timeout: 240_000 }

  story('are listed, scrolled and searched', patient, async ({ site, reader }) => {
    site.edit('tides', (html) => html.replace('</article>', `${paragraphsOf(HERE)}</article>`))
    await reader.open(site.url('tides'))
    await fill(reader.profile, notesOf(reader.page.url(), HERE, PAGES))
    await tabOf(reader, HERE)
    const panel = await PanelPage.open(reader)
    await panel.page.waitForSelector(NOTE)
    const cpu = await cpuOf(panel.page)
    await panel.page.reload()
    await panel.page.waitForSelector(NOTE)
    const opening = await cpu()
    await scroll(panel.page)
    const scrolling = ((await cpu()) - opening) / FRAMES
    const end = async () => {
      await panel.page.$eval('.window', (list) => list.scrollTo(0, list.scrollHeight))
      return panel.passages()
    }
    await expect.poll(end).toContainEqual(expect.stringContaining(`Passage ${HERE - 1} `))

    await panel.search('')
    await panel.page.waitForSelector('.page-row')
    const [notes, pages] = [words('popupCount_other', '10,000'), words('panelPages_other', '451')]
    await expect.poll(() => panel.text()).toContain(words('panelFound', notes, pages))
    const before = await cpu()
    await scroll(panel.page)
    const scrollingAll = ((await cpu()) - before) / FRAMES
    expect(await panel.page.$$eval('.rows > li', (rows) => rows.length)).toBeLessThan(80)
    await panel.page.waitForSelector(NOTE)

    await panel.search('"passage 7777"')
    await expect.poll(() => panel.passages()).toEqual([expect.stringContaining('Passage 7777 ')])
    expect(opening).toBeLessThan(OPENING_MS)
    expect(Math.max(scrolling, scrollingAll)).toBeLessThan(FRAME_MS)
  })
})
