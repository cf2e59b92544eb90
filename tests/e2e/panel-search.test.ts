/** The panel's search: every note, with no server, and from each the way to its page. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { flashed, inSight, PanelPage } from './panel'
import { ONE_KIND } from './profile'
import { story } from './story'
import { words } from './words'

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'
const ROUND = 'One rounding is harmless.'

describe.each(ONE_KIND)('the search in %s', (kind) => {
  const told = story.override({ kind })

  told('finds notes of all pages, grouped by page, and opens a page at its note', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('sums'))
    await reader.highlightWithNote(ROUND, 'Who counts the *roundings*?', ['error'])
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    await reader.highlight(SEA, 'green')
    const panel = await PanelPage.open(reader)

    await panel.search('')
    await expect.poll(() => panel.passages()).toEqual([SEA, BELL, ROUND])
    expect(await panel.page.$$eval('.page-row', (rows) => rows.length)).toBe(2)
    await panel.search('rounding* tag:error')
    await expect.poll(() => panel.passages()).toEqual([ROUND])
    await panel.search('-color:blue -rounding')
    await expect.poll(() => panel.passages()).toEqual([SEA])
    await panel.search('nowhere')
    await expect.poll(() => panel.text()).toContain(words('panelNothingFound'))

    await reader.page.close()
    await panel.search('ocean')
    await expect.poll(() => panel.passages()).toEqual([SEA])
    const go = await (await panel.card(SEA)).waitForSelector('.go')
    await go!.click()
    const opened = await pageAt(panel.page, site.url('tides'))
    await expect.poll(() => inSight(opened, 'postil-green')).toBe(true)
    await expect.poll(() => flashed(opened)).toBe(SEA)
  })

  told('edits what it found, and hears of changes elsewhere', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    const panel = await PanelPage.open(reader)
    await panel.search('bell')
    await panel.press(BELL, words('noteAdd'))
    await panel.write(BELL, 'At noon.')
    await panel.press(BELL, words('noteSave'))
    await expect.poll(() => panel.notes()).toEqual([{ passage: BELL, note: 'At noon.', tags: [] }])

    await reader.page.bringToFront()
    await reader.delete(BELL)
    await panel.front()
    await expect.poll(() => panel.text()).toContain(words('panelNothingFound'))
  })
})

/** The tab that has this page, once there is one. */
async function pageAt(from: Page, url: string): Promise<Page> {
  const find = async () => (await from.browser().pages()).find((one) => one.url() === url)
  await expect.poll(async () => Boolean(await find())).toBe(true)
  return (await find())!
}
