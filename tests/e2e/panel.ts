/** The panel, opened as a page of its own: what stands in it, and what a reader does there. */

import type { ElementHandle, Frame, Page } from 'puppeteer-core'
import type { TabState } from '../../extension/src/model'
import type { Reader } from './reader'
import { clickStill } from './still'
import { words } from './words'

export class PanelPage {
  private constructor(
    readonly page: Page,
    readonly reader: Reader,
  ) {}

  /** For the page that is being read. */
  static async open(reader: Reader): Promise<PanelPage> {
    const read = reader.page
    const { profile } = reader
    const finder = await profile.extensionPage('panel.html?tab=-1')
    const tab = await finder.evaluate(async (url) => {
      const tabs = await chrome.tabs.query({})
      return tabs.find((one) => one.url === url)?.id
    }, await read.evaluate(() => location.href))
    await finder.close()
    const page = await profile.extensionPage(`panel.html?tab=${tab}`)
    // What it drew first may be of a while ago.
    await page.waitForSelector('#shown')
    await page.waitForSelector('[aria-busy="true"]', { hidden: true })
    return new PanelPage(page, reader)
  }

  /** Chromium's own side panel, opened from the popup as a reader opens it. */
  static async beside(reader: Reader): Promise<PanelPage> {
    const { profile } = reader
    const popup = await profile.popup(reader.page)
    const button = await popup.waitForSelector(`button::-p-text(${words('popupPanel')})`)
    // The popup closes at the press, at times before puppeteer has let go of the button.
    await button!.click().catch((error: unknown) => {
      if (!popup.isClosed()) throw error
    })
    const target = await profile.browser.waitForTarget((one) =>
      one.url().startsWith(`${profile.extension.origin}/panel.html`),
    )
    return new PanelPage(await target.asPage(), reader)
  }

  /** The notes of the list, each as its lines, in the order they are seen in. */
  async notes(): Promise<{ passage: string; note: string; tags: string[] }[]> {
    return this.page.$$eval('.rows > li .note', (cards) => {
      const rows = cards.map((card) => ({
        top: card.getBoundingClientRect().top,
        passage: card.querySelector('.quote')?.textContent ?? '',
        note: card.querySelector('.written')?.textContent ?? '',
        tags: [...card.querySelectorAll('.tags li')].map((tag) => tag.textContent ?? ''),
      }))
      return rows
        .sort((a, b) => a.top - b.top)
        .map(({ passage, note, tags }) => ({ passage, note, tags }))
    })
  }

  async passages(): Promise<string[]> {
    return (await this.notes()).map(({ passage }) => passage)
  }

  /** The passages that are listed as not found. */
  async lost(): Promise<string[]> {
    return this.page.$$eval('.lost .quote', (quotes) => quotes.map((one) => one.textContent ?? ''))
  }

  /** What the page told last of where its notes stand. */
  async places(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const tab = Number(new URLSearchParams(location.search).get('tab'))
      const { ok } = (await chrome.runtime.sendMessage({ type: 'tab:state', tab })) as {
        ok: TabState
      }
      return Object.values(ok.places).map(({ kind }) => kind)
    })
  }

  /** The card of the note on this passage. */
  async card(passage: string): Promise<ElementHandle<Element>> {
    const found = await this.page.waitForSelector(`.note ::-p-text(${passage})`)
    const card = await found!.evaluateHandle((element) => element.closest('.note')!)
    return card as ElementHandle<Element>
  }

  /** Presses a button of a card by what stands on it, or by its name. */
  async press(passage: string, name: string): Promise<void> {
    const card = await this.card(passage)
    const button = await card.waitForSelector(named('.//button', name))
    await clickStill(button!)
  }

  async write(passage: string, note: string): Promise<void> {
    const card = await this.card(passage)
    const field = await card.waitForSelector('textarea')
    await field!.evaluate((element) => (element as HTMLTextAreaElement).select())
    await field!.type(note)
  }

  /** Presses a button outside of the cards. */
  async choose(name: string): Promise<void> {
    const button = await this.page.waitForSelector(named('//*[self::button or self::a]', name), {
      visible: true,
    })
    await clickStill(button!)
  }

  /** Turns to the search over every note. */
  async search(query: string): Promise<void> {
    await this.choose(words('panelAllNotes'))
    const field = await this.page.waitForSelector('input[type="search"]')
    await field!.evaluate((element) => (element as HTMLInputElement).select())
    await field!.press('Backspace')
    if (query) await field!.type(query)
  }

  async text(): Promise<string> {
    return this.page.evaluate(() => document.body.innerText)
  }

  async front(): Promise<void> {
    await this.page.bringToFront()
  }
}

/** By what stands on it, or by the name that assistive technology reads. */
function named(path: string, name: string): string {
  return `::-p-xpath(${path}[normalize-space()="${name}" or @aria-label="${name}"])`
}

/** The passage that flashes in a page. */
export async function flashed(page: Page | Frame): Promise<string> {
  return page.evaluate(() => {
    for (const [name, highlight] of CSS.highlights as unknown as Iterable<[string, Set<Range>]>) {
      if (name !== 'postil-flash') continue
      for (const { startContainer, startOffset, endContainer, endOffset } of highlight) {
        const range = document.createRange()
        range.setStart(startContainer, startOffset)
        range.setEnd(endContainer, endOffset)
        return range.toString().replace(/\s+/g, ' ')
      }
    }
    return ''
  })
}

/** Whether the first passage painted under this name is in the window. */
export async function inSight(page: Page, name: string): Promise<boolean> {
  return page.evaluate((sought) => {
    for (const [name, highlight] of CSS.highlights as unknown as Iterable<[string, Set<Range>]>) {
      if (name !== sought) continue
      for (const { startContainer, startOffset } of highlight) {
        const range = document.createRange()
        range.setStart(startContainer, startOffset)
        const { top, bottom } = range.getBoundingClientRect()
        return top >= 0 && bottom <= innerHeight
      }
    }
    return false
  }, name)
}
