/** A new reader's first minutes: the three steps, tried on the sample article. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { problemsSeen } from './axe'
import { drag, middleOf, paintedTexts } from './passage'
import { ONE_KIND } from './profile'
import { typeInRoom } from './room'
import { story } from './story'
import { words } from './words'

const PASSAGE = 'So did thoughts.'
const TOOLBAR = 'postil-ui >>> [role="toolbar"]'

describe.each(ONE_KIND)('a new reader in %s', (kind) => {
  const told = story.override({ kind })

  told('tries it on the sample article, and finds it after a reload', async ({ reader }) => {
    const page = await reader.profile.extensionPage('onboarding.html')
    await page.bringToFront()
    await page.waitForSelector('article h1')
    await drag(page, PASSAGE)
    await press(page, words('colorPink'))
    await expect.poll(() => paintedTexts(page)).toEqual({ pink: [PASSAGE] })
    await page.waitForSelector('.steps li:nth-child(1).done')

    const { x, y } = await middleOf(page, PASSAGE)
    await page.mouse.click(x, y)
    await press(page, words('pageNote'))
    await typeInRoom(page, 'textarea', 'Mine too.')
    await page.keyboard.press('Escape')
    await page.waitForSelector('.steps li:nth-child(2).done')

    await page.evaluate(() => location.reload())
    await expect.poll(() => paintedTexts(page).catch(() => null)).toEqual({ pink: [PASSAGE] })
    // It was for practice: nothing of it is among the reader's notes.
    const options = await reader.profile.extensionPage('options.html')
    await options.waitForFunction(
      (none) => document.body.innerText.includes(none),
      {},
      words('optionsNotesHere_other', '0'),
    )
  })
})

describe('the onboarding page', () => {
  story('has nothing that axe finds fault with', async ({ reader }) => {
    const page = await reader.profile.extensionPage('onboarding.html')
    await page.waitForSelector('article h1')
    expect(await problemsSeen(page)).toEqual([])
  })
})

async function press(page: Page, name: string): Promise<void> {
  const button = await page.waitForSelector(`${TOOLBAR} button[aria-label="${name}"]`, {
    visible: true,
  })
  await button!.click()
}
