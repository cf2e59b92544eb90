/** The extension renewed under open pages, and pages that mean it no good. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { textOf } from './options'
import { PanelPage } from './panel'
import { drag } from './passage'
import { endBackground } from './pressing'
import { KINDS, ONE_KIND } from './profile'
import { Reader } from './reader'
import { inRoom, ROOM, typeInRoom } from './room'
import { alone, story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'
const ROUND = 'One rounding is harmless.'

/** All that a style sheet can do to an element it does not know. */
const HOSTILE = `<style>
  * { display: none !important; opacity: 0 !important; pointer-events: none !important }
  html, body, body * { display: revert !important; opacity: 1 !important;
    pointer-events: auto !important }
  postil-ui, html > * { visibility: hidden !important; position: static !important;
    transform: scale(0) !important; filter: opacity(0) !important; clip-path: inset(50%) !important;
    width: 1px !important; font-size: 1px !important; z-index: -1 !important }
  head { display: none !important }
  body { visibility: visible !important; transform: none !important; filter: none !important;
    clip-path: none !important; width: auto !important; font-size: 18px !important }
</style></head>`

describe.each(ONE_KIND)('in %s', (kind) => {
  const told = story.override({ kind })

  alone.override({ kind })('an open page goes on after the extension was renewed', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, 'Kept.')
    // In Firefox nothing of an older copy runs on that could tell what was still on its way.
    await reader.page.waitForSelector(`postil-ui >>> .live::-p-text(${words('pageNoteSaved')})`)
    await reader.profile.renewExtension()

    await reader.page.bringToFront()
    await expect.poll(() => interfaces(reader.page)).toBe(1)
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL] })
    await reader.highlight(PEN, 'blue')
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL], blue: [PEN] })
    await reader.openNote(BELL)
    expect(await reader.note()).toBe('Kept.')
    await reader.page.keyboard.press('Escape')
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL], blue: [PEN] })
  })

  told('a page may style all it likes', async ({ site, reader }) => {
    site.edit('tides', (html) => html.replace('</head>', HOSTILE))
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, 'Still here.')
    await reader.openNote(BELL)
    const editor = await inRoom(reader.page, '[role="dialog"]')
    const { width, height } = (await editor.boundingBox())!
    expect(width).toBeGreaterThan(250)
    expect(height).toBeGreaterThan(100)
    expect(await reader.note()).toBe('Still here.')
  })

  told('a page that takes out what it does not know loses', async ({ site, reader }) => {
    site.edit('tides', (html) => html.replace('<head>', `<head><script>(${remove})()</script>`))
    await reader.open(site.url('tides'))
    await drag(reader.page, BELL)
    const pen = `html > div >>> button[aria-label="${words('colorPink')}"]`
    await (await reader.page.waitForSelector(pen, { visible: true }))!.click()
    await expect.poll(() => reader.texts()).toEqual({ pink: [BELL] })
  })

  told('what is being written stays when its page takes the editor out', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'green')
    await reader.openNote(BELL)
    await typeInRoom(reader.page, 'textarea', 'Still')
    await reader.page.evaluate(() => document.querySelector('postil-ui')!.remove())
    await inRoom(reader.page, 'textarea:focus')
    await reader.page.keyboard.type(' here.')
    await reader.write('', ['kept'])
    await reader.openNote(BELL)
    expect(await reader.note()).toBe('Still here.')
    expect(await reader.tags()).toEqual(['kept'])
  })

  told('keys of the page are not pressed from within a note', async ({ site, reader }) => {
    site.edit('sums', (html) => html.replace('<head>', `<head><script>(${shortcuts})()</script>`))
    await reader.open(site.url('sums'))
    await reader.highlightWithNote('One rounding is harmless.', 'jk', ['s'])
    expect(new URL(reader.page.url()).hash).toBe('')
    await reader.openNote('One rounding is harmless.')
    expect(await reader.note()).toBe('jk')
  })
})

describe.each(KINDS)('in %s, too', (kind) => {
  alone.override({ kind })('nothing of an older copy stays in a page', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.select(BELL)
    await reader.profile.renewExtension()
    await reader.page.bringToFront()
    await expect.poll(() => interfaces(reader.page)).toBe(0)
    await reader.highlight(PEN, 'blue')
    await expect.poll(() => reader.texts()).toEqual({ blue: [PEN] })
  })
})

describe('a note that is being typed', () => {
  alone('goes to the newer copy when the extension is renewed meanwhile', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL)
    await reader.openNote(BELL)
    const { page } = reader
    const field = await inRoom(page, 'textarea')
    // The field is gone by then, and its document with it.
    const typed = () => page.evaluate(() => document.documentElement.dataset['typed'] ?? '')
    // No pause of typing to save in, however busy the machine, until the editor is gone.
    await field.evaluate((one) => {
      one.focus()
      const typing = setInterval(() => {
        if (!one.isConnected) return clearInterval(typing)
        document.execCommand('insertText', false, 'so ')
        parent.document.documentElement.dataset['typed'] = one.value
      }, 20)
    })
    await expect.poll(async () => (await typed()).length).toBeGreaterThan(9)
    await page.evaluate(forge)
    await reader.profile.renewExtension()
    // All of the newer copy is there when it has told where the note stands.
    const panel = await PanelPage.open(reader)
    await expect.poll(() => panel.places()).toEqual(['exact'])
    await page.bringToFront()
    await page.waitForSelector(ROOM, { hidden: true })
    await reader.openNote(BELL)
    expect(await reader.note()).toBe(await typed())
    // Nothing stays of the older copy, and what the page made up is no note.
    expect(await interfaces(page)).toBe(1)
    expect(await page.$('postil-ui >>> .toast')).toBeNull()
    const note = (await typed()).trim()
    await expect.poll(() => panel.notes()).toMatchObject([{ passage: BELL, note }])
  })

  alone('can be taken along when the extension is taken out meanwhile', async ({ site, reader }) => {
    const url = site.url('tides', '127.0.0.1') // in a secure context, where a page may read it
    const context = reader.profile.browser.defaultBrowserContext()
    await context.overridePermissions(new URL(url).origin, ['clipboard-read'])
    await reader.open(url)
    await reader.highlightWithNote(BELL, 'Kept.')
    await reader.openNote(BELL)
    const { page } = reader
    await reader.profile.browser.uninstallExtension(reader.profile.extension.id)
    await page.bringToFront()
    await reader.write(' And not kept.')
    const copy = `postil-ui >>> .toast button::-p-text(${words('pageCopyNote')})`
    await page.locator(copy).click()
    const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
    await expect.poll(copied).toBe('Kept. And not kept.')
    await page.waitForSelector(copy, { hidden: true })
  })
})

describe('the background script', () => {
  story('was put to sleep, and wakes for whatever is done', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'green')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    await endBackground(reader)
    await reader.highlight(PEN, 'blue')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL], blue: [PEN] })
    await endBackground(reader)
    const panel = await PanelPage.open(reader)
    await expect.poll(() => panel.passages()).toEqual([PEN, BELL])
    await endBackground(reader)
    // What it tells those who listen reaches them after it was started anew, too.
    await panel.press(BELL, words('noteDelete'))
    await expect.poll(() => reader.texts()).toEqual({ blue: [PEN] })
  })
})

describe.each(KINDS)('a page that is left in %s', (kind) => {
  const told = story.override({ kind })

  told('before what was made in it is kept has told all of it', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(PEN, 'pink')
    const busy = await occupy(reader)
    await reader.page.bringToFront()
    await reader.highlightWithNote(BELL, 'A bell?', ['sound'])
    await reader.recolour(PEN, 'blue')
    await reader.recolour(PEN, 'green')
    await reader.reload()
    await busy.close()
    await reader.page.bringToFront()
    await expect.poll(() => reader.texts()).toEqual({ pink: [BELL], green: [PEN] })
    await reader.openNote(BELL)
    expect(await reader.note()).toBe('A bell?')
    expect(await reader.tags()).toEqual(['sound'])
  })
})

describe('two windows', () => {
  alone('show the same notes, and each has a panel of its own', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'green')
    const panel = await PanelPage.beside(reader)
    await expect.poll(() => panel.passages()).toEqual([BELL])

    const there = new Reader(reader.profile)
    await there.openInWindow(site.url('sums'))
    await there.highlight(ROUND, 'pink')
    await expect.poll(() => there.texts()).toEqual({ pink: [ROUND] })
    await there.page.goto(site.url('tides'))
    await expect.poll(() => there.texts()).toEqual({ green: [BELL] })
    await there.highlight(PEN, 'blue')
    await expect.poll(() => there.texts()).toEqual({ green: [BELL], blue: [PEN] })
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL], blue: [PEN] })
    await expect.poll(() => panel.passages()).toEqual([PEN, BELL])
    await there.page.goto(site.url('sums'))
    await expect.poll(() => there.texts()).toEqual({ pink: [ROUND] })
    // The panel stays with its own window.
    expect(await panel.passages()).toEqual([PEN, BELL])
  })
})

describe('a private window', () => {
  alone('keeps nothing before its reader agreed', async ({ site, reader }) => {
    await reader.profile.allowPrivate()
    await reader.openPrivately(site.url('tides'))
    await reader.highlight(BELL, 'green')
    await reader.page.waitForSelector(`postil-ui >>> ::-p-text(${words('problemPrivate')})`)
    const options = await reader.profile.extensionPage('options.html')
    const none = words('optionsNotesHere_other', '0')
    await expect.poll(() => textOf(options)).toContain(none)

    const agree = `postil-ui >>> button::-p-text(${words('pageKeepPrivate')})`
    await (await reader.page.waitForSelector(agree))!.click()
    // Asked, not waited for within: a page that is not in front draws no frames.
    await expect.poll(() => textOf(options)).toContain(words('optionsNotesHere_one', '1'))
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
  })
})

/** Runs in the page, which lays down what looks like a note that an older copy hands over. */
function forge(): void {
  const quote = { exact: 'The pen adds.', prefix: '', suffix: '' }
  const made = { url: location.href, quote, position: null, color: 'pink', tags: [] }
  const pending = [{ draft: { ...made, note: 'Made up' } }]
  const element = document.createElement('postil-ui')
  const data = document.createElement('data')
  element.attachShadow({ mode: 'open' }).append(data)
  document.documentElement.append(element)
  data.value = JSON.stringify({ key: '', pending })
}

/** How many interfaces of ours are in the page. */
async function interfaces(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelectorAll('postil-ui').length)
}

/** Lets nothing into the database until the page is closed, as when very much is brought in. */
async function occupy({ profile }: Reader): Promise<Page> {
  const page = await profile.extensionPage('options.html')
  await page.evaluate(
    () =>
      new Promise<void>((occupied) => {
        const opening = indexedDB.open('postil')
        opening.onsuccess = () => {
          const stores = [...opening.result.objectStoreNames]
          const held = opening.result.transaction(stores, 'readwrite')
          const hold = () => {
            held.objectStore('settings').count().onsuccess = hold
            occupied()
          }
          hold()
        }
      }),
  )
  return page
}

/** Runs in the page, so it stands on its own; as does the next. */
function shortcuts(): void {
  const take = (event: KeyboardEvent): void => {
    event.preventDefault()
    location.hash = event.key
  }
  addEventListener('keydown', take, { capture: true })
}

function remove(): void {
  new MutationObserver(() => {
    for (const unknown of document.querySelectorAll('postil-ui')) unknown.remove()
  }).observe(document, { subtree: true, childList: true })
}
