/**
 * What a reader does in a page: drags over text, presses the buttons beside it, writes, looks.
 * Things are found as assistive technology finds them, by role and name.
 */

import type { Page } from 'puppeteer-core'
import type { Color } from '../../extension/src/model'
import { collapse, drag, middleOf, type Paint, painted, paintedTexts } from './passage'
import type { Profile } from './profile'
import { inRoom, ROOM, typeInRoom, wordsInRoom } from './room'
import { words } from './words'

const COLOR_NAMES: Record<Color, string> = {
  yellow: words('colorYellow'),
  green: words('colorGreen'),
  blue: words('colorBlue'),
  pink: words('colorPink'),
  purple: words('colorPurple'),
}

// A dialog within a shadow tree has our interface in that tree.
const TOOLBAR = '>>> postil-ui >>> [role="toolbar"]'

export class Reader {
  #page: Page | null = null

  constructor(readonly profile: Profile) {}

  /** The tab being read. */
  get page(): Page {
    if (!this.#page) throw new Error('Nothing is open yet.')
    return this.#page
  }

  /** In a new tab, which is the one read from now on. */
  async open(url: string): Promise<void> {
    this.#page = await this.profile.visit(url)
  }

  /** In a private window; Chromium only, and once the extension was let in there. */
  async openPrivately(url: string): Promise<void> {
    await this.openInWindow(url, true)
  }

  /** In a window of its own; Chromium only. */
  async openInWindow(url: string, incognito = false): Promise<void> {
    const page = await this.profile.extensionPage('options.html')
    const how = { incognito, url }
    await page.evaluate((asked) => chrome.windows.create(asked), how)
    await page.close()
    const target = await this.profile.browser.waitForTarget((one) => one.url() === url)
    this.#page = await target.asPage()
    await this.#page.bringToFront()
    // The window is shown before its page has come: what is empty is complete, too.
    const come = (url: string) => location.href === url && document.readyState === 'complete'
    await this.#page.waitForFunction(come, {}, url)
  }

  async reload(): Promise<void> {
    await this.page.reload()
  }

  /** Drags over the passage and presses a colour. Answers what the browser had selected. */
  async highlight(passage: string, color: Color = 'yellow'): Promise<string> {
    const selected = await this.select(passage)
    await this.#press(TOOLBAR, COLOR_NAMES[color])
    await this.page.waitForFunction(() => getSelection()?.isCollapsed)
    return selected
  }

  /** Drags over the passage, and waits for the toolbar. */
  async select(passage: string): Promise<string> {
    const selected = await drag(this.page, passage)
    await this.page.waitForSelector(TOOLBAR, { visible: true })
    return selected
  }

  /** Highlights and writes, as the toolbar's note button does it at one go. */
  async highlightWithNote(passage: string, note: string, tags: string[] = []): Promise<void> {
    await this.select(passage)
    await this.#press(TOOLBAR, words('pageNote'))
    await this.write(note, tags)
  }

  /** Clicks into a highlight. */
  async openHighlight(passage: string): Promise<void> {
    const { x, y } = await middleOf(this.page, passage)
    await this.page.mouse.click(x, y)
    await this.page.waitForSelector(TOOLBAR, { visible: true })
  }

  async openNote(passage: string): Promise<void> {
    await this.openHighlight(passage)
    await this.openNoteHere()
  }

  /** By the toolbar that is open. */
  async openNoteHere(): Promise<void> {
    await this.#press(TOOLBAR, words('pageNote'))
    await inRoom(this.page, 'textarea')
  }

  /** Where a page could read along, and its reader is asked. */
  async openNoteAnyway(passage: string): Promise<void> {
    await this.openHighlight(passage)
    await this.#press(TOOLBAR, words('pageNote'))
    await this.#press('postil-ui >>> .toast', words('pageWriteHere'))
    await inRoom(this.page, 'textarea')
  }

  async recolour(passage: string, color: Color): Promise<void> {
    await this.openHighlight(passage)
    await this.#press(TOOLBAR, COLOR_NAMES[color])
  }

  async delete(passage: string): Promise<void> {
    await this.openHighlight(passage)
    await this.#press(TOOLBAR, words('pageDelete'))
  }

  /** Takes the last delete back, by the button of the line that tells of it. */
  async undo(): Promise<void> {
    await this.#press('postil-ui >>> .toast', words('pageUndo'))
  }

  /** Types into the open editor and closes it, without touching the mouse. */
  async write(note: string, tags: string[] = []): Promise<void> {
    await typeInRoom(this.page, 'textarea', note)
    for (const tag of tags) {
      await typeInRoom(this.page, '.tag-input', tag)
      await this.page.keyboard.press('Enter')
    }
    await this.page.keyboard.down('Control')
    await this.page.keyboard.press('Enter')
    await this.page.keyboard.up('Control')
    await this.page.waitForSelector(ROOM, { hidden: true })
  }

  /** Puts text into a field of the open editor as a paste does, all at once. */
  async paste(text: string, into = 'textarea'): Promise<void> {
    const field = await inRoom(this.page, into)
    await field.evaluate((element, pasted) => {
      element.focus()
      // Goes the way of a reader's own input, so a limit of the field would cut it.
      document.execCommand('insertText', false, pasted)
    }, text)
  }

  /** The note in the open editor. */
  async note(): Promise<string> {
    const field = await inRoom(this.page, 'textarea')
    return field.evaluate((element) => element.value)
  }

  async tags(): Promise<string[]> {
    return wordsInRoom(this.page, '.chip span')
  }

  /** The passage the open editor quotes. */
  async quoted(): Promise<string> {
    const quote = await inRoom(this.page, 'blockquote')
    return collapse(await quote.evaluate((element) => element.textContent ?? ''))
  }

  async painted(): Promise<Paint> {
    return painted(this.page)
  }

  async texts(): Promise<Record<string, string[]>> {
    return paintedTexts(this.page)
  }

  /** As in a fresh profile: no tab but the first, which a browser needs, and nothing noted. */
  async beginAnew(): Promise<void> {
    const [, ...others] = await this.profile.browser.pages()
    await Promise.all(others.map((page) => page.close()))
    this.#page = null
    await this.profile.forgetEverything()
  }

  async close(): Promise<void> {
    await this.profile.close()
  }

  async #press(container: string, name: string): Promise<void> {
    const labelled = `${container} button[aria-label="${name}"]`
    const titled = `${container} button::-p-text(${name})`
    const button = await this.page.waitForSelector(`${labelled}, ${titled}`, { visible: true })
    await button!.click()
  }
}
