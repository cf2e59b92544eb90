/** The panel without a mouse: where the focus goes, and where it comes back to. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { PanelPage } from './panel'
import { story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'

/** What has the focus, by its name. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement as HTMLElement
    return at.getAttribute('aria-label') ?? at.innerText
  })
}

describe('the panel by keyboard', () => {
  story('goes from tab to tab, through each note, and back to where it was', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(PEN, 'pink')
    await reader.highlight(BELL, 'blue')
    const { page } = await PanelPage.open(reader)
    await page.waitForSelector('.note')
    const keys = async (...names: Parameters<Page['keyboard']['press']>[0][]): Promise<void> => {
      for (const name of names) await page.keyboard.press(name)
    }
    await keys('Tab')
    expect(await focused(page)).toBe(words('panelThisPage'))
    await keys('ArrowRight')
    await page.waitForSelector('input[type="search"]')
    await page.focus('[role="tab"][aria-selected="true"]')
    await keys('ArrowLeft')
    await page.waitForSelector('.note')
    expect(await focused(page)).toBe(words('panelThisPage'))

    await page.focus('.note .go')
    expect(await focused(page)).toBe(PEN)
    await keys('Tab', 'Enter')
    await expect.poll(() => focused(page)).toBe(words('colorPink'))
    await keys('Escape')
    await expect.poll(() => focused(page)).toBe(words('panelColor', words('colorPink')))
    await keys('Tab', 'Enter')
    await expect.poll(() => focused(page)).toBe(words('noteField'))
    await page.keyboard.type('It adds.')
    await page.keyboard.down('Control')
    await keys('Enter')
    await page.keyboard.up('Control')
    await expect.poll(() => focused(page)).toBe(words('noteEdit'))
    await keys('Enter')
    await expect.poll(() => focused(page)).toBe(words('noteField'))
    await keys('Escape')
    await expect.poll(() => focused(page)).toBe(words('noteEdit'))

    await keys('Tab')
    expect(await focused(page)).toBe(words('noteDelete'))
    await keys('Enter')
    await expect.poll(() => focused(page)).toBe(BELL)
    const count = (): Promise<number> => page.$$eval('.note', (notes) => notes.length)
    await expect.poll(count).toBe(1)
    await page.keyboard.down('Control')
    await keys('z')
    await page.keyboard.up('Control')
    await expect.poll(count).toBe(2)

    // After the last one there is still somewhere to go on from.
    for (const left of [1, 0]) {
      await page.focus('.note .danger')
      await keys('Enter')
      await expect.poll(count).toBe(left)
    }
    expect(await focused(page)).toBe(words('panelThisPage'))
  })
})
