/** Our interface inside of pages: named, reachable, and to be told apart, as far as axe can see. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { problemsSeen } from './axe'
import { textOf } from './options'
import { middleOf } from './passage'
import { GLANCE, inRoom, ROOM, roomIn, typeInRoom } from './room'
import { WEB_HOST } from './site'
import { story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const OURS = ['postil-ui', '.stage']

/** On the page, and in the documents of what stands in its own. */
async function faultsSeen(page: Page): Promise<string[]> {
  const faults = await problemsSeen(page, OURS)
  for (const of of [ROOM, GLANCE]) {
    if (await page.$(of)) faults.push(...(await problemsSeen(await roomIn(page, of), OURS)))
  }
  return faults
}

describe.each(['light', 'dark'] as const)('axe finds no fault in %s', (scheme) => {
  const dress = (page: Page): Promise<void> =>
    page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' }, // half faded in, nothing has contrast
    ])

  story('with toolbar, editor, tags on offer, choice, glance and toast', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    const { page } = reader
    await dress(page)
    await reader.select(BELL)
    expect(await faultsSeen(page)).toEqual([])
    await page.evaluate(() => getSelection()?.removeAllRanges())
    await page.waitForSelector('postil-ui >>> [role="toolbar"]', { hidden: true })
    await reader.highlightWithNote(BELL, 'A bell, of all things.', ['sound'])
    await reader.openNote(BELL)
    expect(await faultsSeen(page)).toEqual([])

    await reader.page.keyboard.press('Escape')
    await reader.highlight('rings at noon', 'pink')
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL], pink: ['rings at noon'] })
    const { x, y } = await middleOf(page, 'rings at noon')
    await page.mouse.click(x, y)
    const choice = await inRoom(page, '[role="menuitem"]')
    expect(await faultsSeen(page)).toEqual([])
    await choice.click()
    await reader.openNoteHere()
    await typeInRoom(page, '.tag-input', 'so')
    await inRoom(page, '[role="option"]')
    expect(await faultsSeen(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')

    const mark = await page.waitForSelector('postil-ui >>> button.margin')
    await mark!.hover()
    await inRoom(page, '[role="tooltip"]', GLANCE)
    expect(await faultsSeen(page)).toEqual([])
    await reader.delete('of every day')
    await page.waitForSelector(`postil-ui >>> .toast button::-p-text(${words('pageUndo')})`)
    expect(await faultsSeen(page)).toEqual([])
  })
})

describe('a note on the whole page', () => {
  story('is written in the corner, and stands beside the heading', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    const { page } = reader
    const extension = await reader.profile.extensionPage('options.html')
    const ask = (): Promise<unknown> =>
      extension.evaluate(async (pattern) => {
        const [tab] = await chrome.tabs.query({ url: pattern })
        return chrome.runtime.sendMessage({ type: 'page:note', tab: tab?.id })
      }, `http://${WEB_HOST}/*`)
    await ask()
    await page.bringToFront()
    await inRoom(page, 'textarea')
    expect(await faultsSeen(page)).toEqual([])
    // Left empty, it is none.
    await page.keyboard.press('Escape')
    await page.waitForSelector(ROOM, { hidden: true })
    await ask()
    await page.bringToFront()
    await reader.write('Read it twice.', ['tides'])
    const name = words('pageWholePage')
    await page.waitForSelector(`postil-ui >>> button.margin[aria-label="${name}"]`)
    await expect.poll(() => textOf(extension)).toContain(words('optionsNotesHere_one', '1'))

    await reader.reload()
    const mark = await page.waitForSelector(`postil-ui >>> button.margin[aria-label="${name}"]`)
    await mark!.click()
    expect(await reader.note()).toBe('Read it twice.')
    expect(await reader.tags()).toEqual(['tides'])
  })
})
