/** What is written in the margin is none of the page's business. These run the build we ship. */

import { describe, expect } from 'vitest'
import { bug, overheard } from './eavesdropper'
import { pair } from './options'
import { drag, middleOf, paintedTexts } from './passage'
import { Profile } from './profile'
import { story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const SECRET = 'Zwölf Quittenbäume'

const told = story.extend('shipped', { scope: 'file' }, async ({}, { onCleanup }) => {
  const profile = await Profile.open('chromium', 'shipped')
  onCleanup(() => profile.close())
  return profile
})

describe('a page that listens to everything', () => {
  told('hears that something was marked, and nothing of the note', async ({ site, shipped }) => {
    site.edit('tides', bug)
    const page = await shipped.visit(site.url('tides'))
    await drag(page, BELL)
    await page.locator(`aria/${words('pageNote')}[role="button"]`).click()
    const field = await page.waitForSelector(`aria/${words('pageNote')}[role="textbox"]`)
    await page.keyboard.type(SECRET)
    await page.keyboard.press('ArrowLeft')
    expect(await field!.evaluate((element) => (element as HTMLTextAreaElement).value)).toBe(SECRET)
    const heard = await page.evaluate(overheard)
    expect(heard).toContain('postil-ui') // so the script does listen
    for (const word of SECRET.split(' ')) expect(heard).not.toContain(word)
    expect(heard).not.toMatch(/\[(key|before|input)/)
    await page.keyboard.press('Escape')
    await expect.poll(() => paintedTexts(page)).toEqual({ yellow: [BELL] })
  })

  told('reads nothing of a note that came from elsewhere', async ({ site, server, shipped }) => {
    const url = site.url('tides')
    await server.write(await server.token(), {
      url,
      quote: { exact: BELL, prefix: 'takes hold of the handle. A year of tides', suffix: '' },
      note: SECRET,
      tags: ['Geheimnis'],
    })
    await pair(shipped, server.url, server.pairing.code)
    site.edit('tides', bug)
    const page = await shipped.visit(url)
    await expect.poll(() => paintedTexts(page)).toEqual({ yellow: [BELL] })
    const { x, y } = await middleOf(page, BELL)
    await page.mouse.click(x, y)
    await page.locator(`aria/${words('pageNote')}[role="button"]`).click()
    await page.waitForSelector(`aria/${words('pageNote')}[role="textbox"]`)
    const heard = await page.evaluate(overheard)
    expect(heard).not.toContain('Quittenbäume')
    expect(heard).not.toContain('Geheimnis')
  })
})

describe.each(['chromium', 'firefox'] as const)('keys typed into a note in %s', (kind) => {
  const told = story.override({ kind })

  told('are not heard by the page, nor taken for its shortcuts', async ({ site, reader }) => {
    site.edit('tides', bug)
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, 'jk/?')
    await reader.openNote(BELL)
    expect(await reader.note()).toBe('jk/?')
    expect(await reader.page.evaluate(overheard)).not.toMatch(/\[(key\w+|\w*input)\] [jk/?]/)
    // Outside of our interface the page has its keys.
    await reader.page.keyboard.press('Escape')
    await reader.page.mouse.click(10, 300)
    await reader.page.keyboard.press('j')
    await expect.poll(() => reader.page.evaluate(overheard)).toMatch(/\[keydown\] j/)
  })
})
