/** Pages within pages: each frame has its own notes, and the page around it lists them. */

import type { Frame } from 'puppeteer-core'
import { describe, expect, vi } from 'vitest'
import { drag, paintedTexts } from './passage'
import { flashed, PanelPage } from './panel'
import { KINDS } from './profile'
import type { Reader } from './reader'
import type { Site } from './site'
import { story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const ZERO = 'on a tie, to the neighbour whose last bit is zero'
const BIRD = 'A swift that does not breed has no reason to land.'

/** One of the same site, one of another, and one as small as an advertisement. */
const framed = (site: Site) => (html: string): string => {
  const elsewhere = site.url('frames/bird.html', 'localhost')
  return html.replace(
    /<article[^>]*>/,
    `$&<iframe name="same" src="${site.url('sums')}" width="700" height="320"></iframe>
     <iframe name="other" src="${elsewhere}" width="420" height="260"></iframe>
     <iframe name="small" src="${site.url('frames/bird.html')}" width="300" height="200"></iframe>`,
  )
}

describe.each(KINDS)('frames in %s', (kind) => {
  const told = story.override({ kind })

  told('have notes of their own, listed with the page', async ({ site, reader }) => {
    site.edit('tides', framed(site))
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'green')
    await highlightIn(reader, 'same', ZERO, 'colorPink')
    await highlightIn(reader, 'other', BIRD, 'colorBlue')
    const everywhere = {
      top: { green: [BELL] },
      same: { pink: [ZERO] },
      other: { blue: [BIRD] },
    }
    await expect.poll(() => allTexts(reader)).toEqual(everywhere)

    await reader.reload()
    await expect.poll(() => allTexts(reader)).toEqual(everywhere)
    const panel = await PanelPage.open(reader)
    await expect.poll(async () => (await panel.passages()).sort()).toEqual(
      [BELL, BIRD, ZERO].sort(),
    )
    const badge = () =>
      panel.page.evaluate(async () => {
        const tabId = Number(new URLSearchParams(location.search).get('tab'))
        return chrome.action.getBadgeText({ tabId })
      })
    await expect.poll(badge).toBe('3')


    // Out of sight, until the panel is asked for it.
    await reader.page.bringToFront()
    await reader.page.evaluate(() => scrollTo(0, document.body.scrollHeight))
    const bird = await frameOf(reader, 'other')
    await panel.front()
    await (await (await panel.card(BIRD)).waitForSelector('button.go'))!.click()
    await reader.page.bringToFront()
    await expect.poll(() => flashed(bird)).toBe(BIRD)
    const top = () =>
      reader.page.$eval('iframe[name="other"]', (one) => one.getBoundingClientRect().top)
    await expect.poll(top).toBeGreaterThan(-200)

    await reader.page.$eval('iframe[name="same"]', (one) => one.remove())
    await panel.page.close()
    const later = await PanelPage.open(reader)
    await expect.poll(async () => (await later.passages()).sort()).toEqual(
      [BELL, BIRD].sort(),
    )
  })
})

async function highlightIn(
  reader: Reader,
  name: string,
  passage: string,
  color: Parameters<typeof words>[0],
): Promise<void> {
  const frame = await frameOf(reader, name)
  // Where a frame of another process is, the browser knows only a moment after it scrolled.
  await vi.waitFor(() => drag(reader.page, passage, frame), { timeout: 15_000, interval: 100 })
  const pen = `postil-ui >>> [role="toolbar"] button[aria-label="${words(color)}"]`
  await (await frame.waitForSelector(pen, { visible: true }))!.click()
}

async function frameOf(reader: Reader, name: string): Promise<Frame> {
  const element = await reader.page.waitForSelector(`iframe[name="${name}"]`)
  const frame = await element!.contentFrame()
  if (!frame) throw new Error(`The frame ${name} is empty.`)
  return frame
}

async function allTexts(reader: Reader): Promise<Record<string, Record<string, string[]>>> {
  const all: Record<string, Record<string, string[]>> = { top: await reader.texts() }
  for (const name of ['same', 'other']) {
    all[name] = await paintedTexts(await frameOf(reader, name))
  }
  return all
}
