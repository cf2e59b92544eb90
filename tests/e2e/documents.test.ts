/** Documents that are not what a page mostly is: strict markup, none, zoomed, written downward. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { ONE_KIND } from './profile'
import type { Edit } from './site'
import { story } from './story'

const WALL = 'first has the place by the wall, where'
const KEELS = 'Boats lie here'
const BELL = 'A bell rings at noon of every day.'
const TOOLBAR = 'postil-ui >>> [role="toolbar"]'

/** In CSS pixels: no card stands further from its passage. */
const NEAR = 12

const styled = (css: string): Edit => (html) => html.replace('</head>', `<style>${css}</style>$&`)

interface Box {
  top: number
  right: number
  bottom: number
  left: number
}

async function boxOf(page: Page, selector: string): Promise<Box> {
  const element = await page.waitForSelector(selector, { visible: true })
  return element!.evaluate((one) => {
    const { top, right, bottom, left } = one.getBoundingClientRect()
    return { top, right, bottom, left }
  })
}

describe.each(ONE_KIND)('a reader in %s', (kind) => {
  const told = story.override({ kind })

  told.for(['quay.xhtml', 'quay.txt'])('annotates %s', async (name, { site, reader }) => {
    await reader.open(site.url(`documents/${name}`))
    await reader.highlight(WALL, 'blue')
    await expect.poll(() => reader.texts()).toEqual({ blue: [WALL] })
    await reader.openNote(WALL)
    await reader.write('Come early.')
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ blue: [WALL] })
    await reader.openNote(WALL)
    expect(await reader.note()).toBe('Come early.')
  })

  told.for([0.75, 1.5])('has the toolbar by the passage on a page zoomed by %d', async (
    zoom,
    { site, reader },
  ) => {
    await reader.open(site.url('tides'))
    await reader.select(BELL)
    const plain = await boxOf(reader.page, TOOLBAR)
    site.edit('tides', styled(`html { zoom: ${zoom} }`))
    await reader.open(site.url('tides'))
    await reader.select(BELL)
    const bar = await boxOf(reader.page, TOOLBAR)
    const lines = await reader.page.evaluate(() => {
      const { top, bottom } = getSelection()!.getRangeAt(0).getBoundingClientRect()
      return { top, bottom }
    })
    expect(bar.bottom - bar.top).toBeCloseTo(plain.bottom - plain.top, 0)
    const apart = bar.bottom <= lines.top ? lines.top - bar.bottom : bar.top - lines.bottom
    expect(apart).toBeGreaterThan(0)
    expect(apart).toBeLessThan(NEAR)
  })

  told('has marks of notes on a zoomed page only where it has room', async ({ site, reader }) => {
    const narrow = 'html { zoom: 1.5 } p:first-of-type { max-inline-size: 300px }'
    site.edit('documents/quay.xhtml', styled(narrow))
    await reader.open(site.url('documents/quay.xhtml'))
    for (const passage of [WALL, KEELS]) {
      await reader.highlight(passage)
      await reader.openNote(passage)
      await reader.write('Come early.')
    }
    const mark = await boxOf(reader.page, 'postil-ui >>> button.margin')
    const block = await boxOf(reader.page, 'p:first-of-type')
    expect(mark.left).toBeGreaterThanOrEqual(block.right)
    expect(mark.left).toBeLessThan(block.right + NEAR)
    expect(await reader.page.$$('postil-ui >>> button.margin')).toHaveLength(1)
  })

  told('has marks by what scrolls within the page, as long as it is in sight', async ({
    site,
    reader,
  }) => {
    const soup = 'the pilot, who stayed for soup'
    await reader.open(site.url('documents/dialogs.html'))
    await reader.highlightWithNote('three dinghies and a dog', 'Whose?')
    await reader.highlightWithNote(soup, 'Which?')
    const scroll = (to: number) => reader.page.$eval('#log', (log, to) => (log.scrollTop = to), to)
    /** How far each mark stands from the middle of the soup's line, downward. */
    const apart = async () => {
      const line = await boxOf(reader.page, '#log p:nth-of-type(4)')
      const marks = await reader.page.$$('postil-ui >>> button.margin')
      const boxes = await Promise.all(marks.map((mark) => mark.boundingBox()))
      return boxes.map((box) => Math.abs(box!.y + box!.height / 2 - (line.top + line.bottom) / 2))
    }
    const by = expect.closeTo(0, 0)
    const elsewhere = expect.closeTo(34, -1)
    await scroll(40)
    await expect.poll(apart).toEqual([elsewhere, by])
    await scroll(110)
    await expect.poll(apart).toEqual([by])
    await scroll(0)
    await expect.poll(apart).toEqual([elsewhere])
  })

  told('has the mark of a note beyond the lines where they run downward', async ({
    site,
    reader,
  }) => {
    const downward = 'p { writing-mode: vertical-rl; height: 300px }'
    site.edit('documents/quay.xhtml', styled(downward))
    await reader.open(site.url('documents/quay.xhtml'))
    await reader.highlight(WALL, 'pink')
    await reader.openNote(WALL)
    await reader.write('Come early.')
    const mark = await boxOf(reader.page, 'postil-ui >>> button.margin')
    const block = await boxOf(reader.page, 'p:last-of-type')
    expect(mark.top).toBeGreaterThanOrEqual(block.bottom)
    expect(mark.right).toBeGreaterThan(block.left)
    expect(mark.left).toBeLessThan(block.right)
  })
})
