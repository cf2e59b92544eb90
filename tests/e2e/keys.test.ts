/** The browser's own commands, its context menu and the popup: what they ask of a page. */

import { describe, expect } from 'vitest'
import { flashed, PanelPage } from './panel'
import { drag } from './passage'
import { background, choose, press } from './pressing'
import type { Reader } from './reader'
import { WEB_HOST } from './site'
import { alone, story } from './story'
import { words } from './words'

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'

/** Commands whose suggested keys the browser has a use for itself: nobody could press them. */
async function taken(reader: Reader): Promise<string[]> {
  return (await background(reader)).evaluate(async () => {
    const { commands = {} } = chrome.runtime.getManifest()
    const all = await chrome.commands.getAll()
    const keys = new Map(all.map(({ name, shortcut }) => [name, shortcut]))
    return Object.entries(commands).flatMap(([name, { suggested_key: key }]) =>
      key && !keys.get(name) ? [name] : [],
    )
  })
}

describe('the keys of the browser', () => {
  story('highlight, write, step from highlight to highlight, and hide', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    expect(await taken(reader)).toEqual([])
    await reader.select(PEN)
    await press(reader, 'highlight')
    await expect.poll(() => reader.texts()).toEqual({ yellow: [PEN] })
    await reader.select(BELL)
    await press(reader, 'highlight-note')
    await reader.write('At noon.')
    await expect.poll(() => reader.texts()).toEqual({ yellow: [PEN, BELL] })

    await reader.page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }))
    await press(reader, 'next-highlight')
    await expect.poll(() => flashed(reader.page)).toBe(PEN)
    await press(reader, 'next-highlight')
    await expect.poll(() => flashed(reader.page)).toBe(BELL)
    await press(reader, 'previous-highlight')
    await expect.poll(() => flashed(reader.page)).toBe(PEN)

    await press(reader, 'toggle-highlights')
    await expect.poll(() => reader.texts()).toEqual({})
    await reader.reload()
    await press(reader, 'toggle-highlights')
    await expect.poll(() => reader.texts()).toEqual({ yellow: [PEN, BELL] })
  })
})

describe('the context menu', () => {
  story('highlights, and begins a note on the page', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.select(PEN)
    await choose(reader, 'highlight-note')
    await reader.write('It adds.')
    await choose(reader, 'page-note')
    await reader.write('On the whole page.')
    const panel = await PanelPage.open(reader)
    await expect.poll(() => panel.notes()).toEqual([
      { passage: '', note: 'On the whole page.', tags: [] },
      { passage: PEN, note: 'It adds.', tags: [] },
    ])
  })

  story.for([
    ['secure', '127.0.0.1'],
    ['insecure', WEB_HOST],
  ] as const)('copies a passage as a quotation, in a context that is %s', async (
    [, host],
    { site, reader },
  ) => {
    await reader.open(site.url('tides', host))
    await drag(reader.page, SEA)
    await reader.page.waitForSelector('postil-ui >>> [role="toolbar"]', { visible: true })
    await choose(reader, 'copy-quote')
    await reader.page.waitForSelector(`postil-ui >>> .toast::-p-text(${words('pageCopied')})`)
    // Only a secure context may read it.
    const secure = site.url('sums', '127.0.0.1')
    await reader.profile.browser
      .defaultBrowserContext()
      .overridePermissions(new URL(secure).origin, ['clipboard-read'])
    const clipboard = async () => {
      await elsewhere.bringToFront()
      return elsewhere.evaluate(() => navigator.clipboard.readText())
    }
    const elsewhere = await reader.profile.visit(secure)
    await expect.poll(clipboard).toContain(`> ${SEA}\n>\n> — [`)
    expect(await clipboard()).toContain('#:~:text=')
  })
})

describe('the popup', () => {
  story('says how much is here, hides it, and pauses the site', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, 'At noon.')
    await reader.highlight(PEN, 'green')
    const popup = await reader.profile.popup(reader.page)
    const numbers = () => popup.$$eval('.numbers li', (all) => all.map((one) => one.innerText))
    await expect.poll(numbers).toEqual([
      expect.stringMatching(/^2\s/),
      expect.stringMatching(/^1\s/),
    ])
    const push = async (name: string): Promise<void> => {
      const button = await popup.waitForSelector(`button::-p-text(${name})`)
      await button!.click()
    }
    await push(words('popupHideHighlights'))
    await expect.poll(() => reader.texts()).toEqual({})
    await push(words('popupShowHighlights'))
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL], green: [PEN] })
    await push(words('popupPause'))
    await expect.poll(() => reader.texts()).toEqual({})
    await push(words('popupResume'))
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL], green: [PEN] })
  })

  alone('opens the panel beside the page', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    const panel = await PanelPage.beside(reader)
    await expect.poll(() => panel.passages()).toEqual([BELL])
  })
})
