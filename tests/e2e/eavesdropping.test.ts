/** What is written in the margin is none of the page's business. These run the build we ship. */

import type { ElementHandle, Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import {
  bug, bugAnew, claiming, findable, fontsAskedFor, listen, overheard, seenInside, spyingFonts,
} from './eavesdropper'
import { pair } from './options'
import { drag, middleOf, paintedTexts } from './passage'
import { KINDS, Profile } from './profile'
import { GLANCE, inRoom, typeInRoom } from './room'
import { drawn } from './still'
import { alone, story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const SECRET = 'Zwölf Quittenbäume'
const SECRETS = ['Quitten', 'Mispel', 'Geheimnis']
const MARK = 'postil-ui >>> button.margin'

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
    const field = await noteField(page)
    await page.keyboard.type(SECRET)
    await page.keyboard.press('ArrowLeft')
    expect(await field.evaluate((element) => element.value)).toBe(SECRET)
    expect(await page.evaluate(findable, SECRET.split(' '))).toEqual([])
    expect(await page.evaluate(() => frames.length)).toBe(0)
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
    await noteField(page)
    const heard = await page.evaluate(overheard)
    expect(heard).not.toContain('Quittenbäume')
    expect(heard).not.toContain('Geheimnis')
  })
})

describe.each(KINDS)('in %s', (kind) => {
  const told = story.override({ kind })

  told('keys typed into a note are not heard by the page, nor taken for its shortcuts', async ({
    site,
    reader,
  }) => {
    site.edit('tides', bug)
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, 'jk/?')
    await reader.openNote(BELL)
    expect(await reader.note()).toBe('jk/?')
    expect(await reader.page.evaluate(overheard)).not.toMatch(/\[(key\w+|\w*input)\] +[jk/?]/)
    // Outside of our interface the page has its keys.
    await reader.page.keyboard.press('Escape')
    await reader.page.mouse.click(10, 300)
    await reader.page.keyboard.press('j')
    await expect.poll(() => reader.page.evaluate(overheard)).toMatch(/\[keydown\] j/)
  })

  told('a page that writes itself anew and listens at once hears no key either', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'green')
    const anew = `<!doctype html><title>Anew</title><p>Here it says again: ${BELL}</p>`
    await reader.page.evaluate(bugAnew, anew, String(listen))
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    await reader.openNote(BELL)
    await reader.write('jk/?', ['jk'])
    expect(await reader.page.evaluate(overheard)).not.toMatch(/\[(key\w+|\w*input)\] +[jk/?]/)
    await reader.openNote(BELL)
    expect(await reader.note()).toBe('jk/?')
  })

  told('nor does one in a sandbox, where notes stand on the page itself', async ({ site, reader }) => {
    site.policy('sandbox allow-scripts')
    site.edit('tides', bug)
    await reader.open(site.url('tides'))
    const { page } = reader
    await reader.select(BELL)
    const button = `postil-ui >>> [role="toolbar"] button[aria-label="${words('pageNote')}"]`
    await (await page.waitForSelector(button))!.click()
    // Not unawares, for it could read along there.
    await page.waitForSelector(`postil-ui >>> .toast ::-p-text(${words('pageExposed')})`)
    expect(await reader.texts()).toEqual({ yellow: [BELL] })
    await page.locator(`postil-ui >>> .toast ::-p-text(${words('pageWriteHere')})`).click()
    await reader.write('jk/?', ['jk'])
    expect(await page.$('postil-ui >>> iframe')).toBeNull()
    await reader.openNote(BELL)
    expect(await reader.note()).toBe('jk/?')
    expect(await page.evaluate(overheard)).not.toMatch(/\[(key\w+|\w*input)\] +[jk/?]/)
    await page.keyboard.press('Escape')
    await page.mouse.click(10, 300)
    await page.keyboard.press('j')
    await expect.poll(() => page.evaluate(overheard)).toMatch(/\[keydown\] j/)
    // Come again, and nothing is shown of it before that is said again.
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL] })
    await middleOf(page, BELL) // and into sight
    const mark = await page.waitForSelector(MARK)
    await mark!.hover()
    await drawn(page)
    expect(await page.evaluate(overheard)).not.toContain('jk/?')
    await mark!.click()
    await page.waitForSelector(`postil-ui >>> .toast ::-p-text(${words('pageExposed')})`)
    expect(await page.evaluate(overheard)).not.toContain('jk/?')
  })

  alone.override({ kind })('nor does one that was open before the extension came', async ({
    site,
    reader,
  }) => {
    site.edit('tides', bug)
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'green')
    await reader.profile.renewExtension()
    await reader.page.bringToFront()
    await reader.highlightWithNote('The pen adds.', 'jk/?', ['jk'])
    expect(await reader.page.evaluate(overheard)).not.toMatch(/\[(key\w+|\w*input)\] +[jk/?]/)
    await reader.openNote('The pen adds.')
    expect(await reader.note()).toBe('jk/?')
  })

  told('no page finds what a note says, wherever it is shown', async ({ site, reader }) => {
    const search = (word: string) => reader.page.evaluate(findable, [word, ...SECRETS])
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, 'Quittenbäume', ['Geheimnis'])
    const mark = await reader.page.waitForSelector(MARK)
    await mark!.hover()
    await inRoom(reader.page, '[role="tooltip"]', GLANCE)
    expect(await search('peculiar')).toEqual(['peculiar'])

    await mark!.click()
    await typeInRoom(reader.page, '.tag-input', 'geh')
    await typeInRoom(reader.page, 'textarea', ' oder Mispel')
    expect(await search('peculiar')).toEqual(['peculiar'])
    await reader.page.keyboard.press('Escape')

    await reader.select('The pen adds.')
    const tag = `postil-ui >>> [role="toolbar"] button[aria-label="${words('pageTags')}"]`
    await (await reader.page.waitForSelector(tag))!.click()
    await typeInRoom(reader.page, '.tag-input', 'geh')
    await inRoom(reader.page, '[role="option"]')
    expect(await search('peculiar')).toEqual(['peculiar'])
    await reader.page.keyboard.press('Escape')
    await reader.page.keyboard.press('Escape')

    await reader.highlight('rings at noon', 'pink')
    const { x, y } = await middleOf(reader.page, 'rings at noon')
    await reader.page.mouse.click(x, y)
    const choice = await inRoom(reader.page, '.glimpse')
    expect(await choice.evaluate((one) => one.getBoundingClientRect().height)).toBeGreaterThan(10) // it is shown
    expect(await search('peculiar')).toEqual(['peculiar'])
  })

  told('a page that claims our element sees nothing inside', async ({ site, reader }) => {
    site.edit('tides', claiming)
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, SECRET)
    const mark = await reader.page.waitForSelector(MARK)
    await mark!.click()
    expect(await reader.note()).toBe(SECRET)
    const seen = await reader.page.evaluate(seenInside)
    expect(seen[0]).toBe('<p>Its own.</p>') // so it does see what it claimed
    expect(seen.slice(1).join('')).toBe('')
  })

  told('nor do its fonts tell it of their letters', async ({ site, reader }) => {
    site.edit('tides', spyingFonts)
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, 'Quitte 漢', ['漢 Q'])
    const mark = await reader.page.waitForSelector(MARK)
    await mark!.hover()
    await inRoom(reader.page, '[role="tooltip"]', GLANCE)
    await drawn(reader.page)
    expect(await reader.page.evaluate(fontsAskedFor)).toBe(0)
    await mark!.click()
    await inRoom(reader.page, 'textarea')
    await drawn(reader.page)
    expect(await reader.page.evaluate(fontsAskedFor)).toBe(0)
    // Where the page itself writes so, they do.
    await reader.page.evaluate(() => (document.querySelector('h1')!.style.fontFamily = 'Spy'))
    await reader.page.evaluate(() => (document.querySelector('h1')!.textContent = 'Q漢'))
    await expect.poll(() => reader.page.evaluate(fontsAskedFor)).toBe(2)
  })
})

/** In the closed tree of the build we ship nobody sees the frame, but the browser's own tools do. */
async function noteField(page: Page): Promise<ElementHandle<HTMLTextAreaElement>> {
  await expect.poll(() => page.frames().length).toBe(2)
  const field = await page.frames()[1]!.waitForSelector(`aria/${words('pageNote')}[role="textbox"]`)
  return field as ElementHandle<HTMLTextAreaElement>
}
