/** What a reader meets beside the text: links, overlaps, tags, a note on the whole page. */

import { describe, expect } from 'vitest'
import { HANDLES } from '../../extension/src/page/placing'
import { drag, middleOf } from './passage'
import { ONE_KIND } from './profile'
import type { Reader } from './reader'
import { GLANCE, inRoom, ROOM, typeInRoom, wordsInRoom } from './room'
import { story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'
/** In CSS pixels: what a finger hits without aiming. */
const FINGER = 44
const TOOLBAR = 'postil-ui >>> [role="toolbar"]'

describe.each(ONE_KIND)('a reader in %s', (kind) => {
  const told = story.override({ kind })

  told('follows a highlighted link, and opens the highlight by the button above it', async ({
    site,
    reader,
  }) => {
    site.edit('tides', (html) => html.replace('at noon of', 'at <a href="#letters">noon</a> of'))
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'green')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })

    const link = await reader.page.waitForSelector('main a[href="#letters"]')
    await link!.hover()
    const name = words('pageOpenHighlight')
    const chip = await reader.page.waitForSelector(`postil-ui >>> button[aria-label="${name}"]`)
    await chip!.click()
    await reader.page.waitForSelector(TOOLBAR, { visible: true })
    expect(new URL(reader.page.url()).hash).toBe('')

    await reader.page.keyboard.press('Escape')
    await reader.page.waitForSelector(TOOLBAR, { hidden: true })
    await link!.click()
    await reader.page.waitForFunction(() => location.hash === '#letters')
    expect(await reader.page.$(TOOLBAR)).toBeNull()
  })

  told('says which of two highlights is meant', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'green')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    await reader.highlight('rings at noon', 'pink')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL], pink: ['rings at noon'] })

    await openChoice(reader, 'rings at noon')
    const choices = await wordsInRoom(reader.page, '[role="menuitem"] .said')
    expect(choices).toEqual(['rings at noon', BELL])
    await reader.page.keyboard.press('ArrowDown')
    await reader.page.keyboard.press('Enter')
    const bar = await reader.page.waitForSelector(TOOLBAR, { visible: true })
    expect(await bar!.$eval('[aria-pressed="true"]', (one) => one.getAttribute('aria-label'))).toBe(
      words('colorGreen'),
    )
  })

  told('goes from mark to mark by Tab, and is shown the note of each', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(PEN, 'One.')
    await reader.highlightWithNote(BELL, 'Two.')
    const { page } = reader
    const mark = (on: string) => `postil-ui >>> button[aria-label="${words('pageNoteOn', on)}"]`
    const shown = async (): Promise<string> => (await wordsInRoom(page, '.glance p', GLANCE)).join()
    const first = await page.waitForSelector(mark(PEN))
    await page.waitForSelector(mark(BELL))
    await first!.evaluate((button) => (button as HTMLElement).focus())
    await page.keyboard.press('Tab')
    await page.waitForSelector(`${mark(BELL)}:focus`)
    await expect.poll(shown).toBe('Two.')
    await page.keyboard.down('Shift')
    await page.keyboard.press('Tab')
    await page.keyboard.up('Shift')
    await page.waitForSelector(`${mark(PEN)}:focus`)
    await expect.poll(shown).toBe('One.')
    await page.keyboard.press('Escape')
    await page.waitForSelector(GLANCE, { hidden: true })
    await page.keyboard.press('Enter')
    expect(await reader.note()).toBe('One.')
  })

  told('has a tag completed from those used before', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, 'One.', ['sound of machines'])
    await reader.open(site.url('sums'))
    await reader.highlightWithNote('One rounding is harmless.', 'Two.', ['error', 'soundness'])
    await reader.open(site.url('tides'))
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL] })
    await reader.select('The pen adds.')
    const tag = `${TOOLBAR} button[aria-label="${words('pageTags')}"]`
    await (await reader.page.waitForSelector(tag))!.click()
    // The tag button goes straight to the tags.
    await inRoom(reader.page, '.tag-input:focus')
    // What is saved in a pause of typing is not yet a tag under the reader's hands.
    await typeInRoom(reader.page, 'textarea', 'Three.')
    await typeInRoom(reader.page, '.tag-input', 'so')
    await inRoom(reader.page, '.status svg')
    await reader.page.keyboard.type('u')
    await inRoom(reader.page, '[role="option"]')
    await reader.page.keyboard.press('ArrowDown')
    await reader.page.keyboard.press('ArrowDown')
    await reader.page.keyboard.press('Enter')
    await expect.poll(() => reader.tags()).toEqual(['soundness'])
    // Escape closes what is open under the field, and only then the editor.
    await reader.page.keyboard.type('mach')
    const offer = await inRoom(reader.page, '[role="option"]')
    await reader.page.keyboard.press('Escape')
    await expect.poll(() => offer.isVisible()).toBe(false)
    expect(await reader.page.$(ROOM)).not.toBeNull()
  })

  told('has the editor within the window, however many tags and lines', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    await reader.page.setViewport({ width: 900, height: 420 })
    await reader.highlight(BELL, 'green')
    await reader.openNote(BELL)
    await reader.paste('A line, and another.\n'.repeat(5))
    const field = await inRoom(reader.page, 'textarea')
    // As high as what is written in it, and then no higher.
    const hidden = () => field.evaluate((one) => one.scrollHeight - one.clientHeight)
    await expect.poll(hidden).toBe(0)
    await reader.paste('A line, and another.\n'.repeat(85))
    expect(await hidden()).toBeGreaterThan(100)
    for (let at = 0; at < 30; at++) {
      await reader.paste(`tag ${at} that is ${'very '.repeat(at % 9)}long`, '.tag-input')
      await reader.page.keyboard.press('Enter')
    }
    await expect.poll(async () => (await reader.tags()).length).toBe(30)
    const editor = await reader.page.$(ROOM)
    const done = await inRoom(reader.page, '.primary')
    await expect
      .poll(async () => {
        const { y, height } = (await editor!.boundingBox())!
        return y >= 0 && y + height <= 420
      })
      .toBe(true)
    await done.click()
    await reader.page.waitForSelector(ROOM, { hidden: true })
    await reader.openNote(BELL)
    expect((await reader.tags()).length).toBe(30)
  })

  told('takes a delete back by Ctrl+Z while the line tells of it', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'purple')
    await expect.poll(() => reader.texts()).toEqual({ purple: [BELL] })
    await reader.delete(BELL)
    await expect.poll(() => reader.texts()).toEqual({})
    await reader.page.waitForSelector('postil-ui >>> .toast')
    await reader.page.keyboard.down('Control')
    await reader.page.keyboard.press('z')
    await reader.page.keyboard.up('Control')
    await expect.poll(() => reader.texts()).toEqual({ purple: [BELL] })
  })
})

describe('a toolbar', () => {
  story.for([
    [320, 480],
    [700, 220],
    [1120, 860],
  ] as const)('covers no selection and leaves no window of %i by %i', async (
    [width, height],
    { site, reader },
  ) => {
    await reader.open(site.url('tides'))
    await reader.page.setViewport({ width, height })
    for (const passage of ['The pen adds.', BELL, 'There is a peculiar pleasure']) {
      await drag(reader.page, passage)
      const bar = await reader.page.waitForSelector(TOOLBAR, { visible: true })
      const overlaps = await bar!.evaluate((element) => {
        const card = element.getBoundingClientRect()
        const view = { right: document.documentElement.clientWidth, bottom: innerHeight }
        const inside =
          card.left >= 0 && card.top >= 0 && card.right <= view.right && card.bottom <= view.bottom
        const lines = [...getSelection()!.getRangeAt(0).getClientRects()]
        const covers = lines.some(
          (line) =>
            line.left < card.right &&
            line.right > card.left &&
            line.top < card.bottom &&
            line.bottom > card.top,
        )
        return { inside, covers }
      })
      expect(overlaps).toEqual({ inside: true, covers: false })
      await reader.page.keyboard.press('Escape')
      await reader.page.evaluate(() => getSelection()?.removeAllRanges())
      await reader.page.waitForSelector(TOOLBAR, { hidden: true })
    }
  })
})

describe('a finger', () => {
  story('finds the toolbar below its selection, clear of the handles', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    const { page } = reader
    await page.setViewport({ width: 390, height: 700, hasTouch: true, isMobile: true })
    const { x, y } = await middleOf(page, 'The pen adds.')
    const touch = await touching(page)
    // As a long press does: Chromium without a screen has no gesture of that name. Once the word is
    // selected, the touch is the browser's.
    await touch('touchStart', [{ x, y }])
    await page.evaluate(
      (px, py) => {
        const at = document.caretPositionFromPoint(px, py)!
        getSelection()!.setBaseAndExtent(at.offsetNode, 0, at.offsetNode, 13)
      },
      x,
      y,
    )
    await touch('touchCancel', [])
    const bar = await page.waitForSelector(TOOLBAR, { visible: true })
    const gap = await bar!.evaluate((element) => {
      const line = getSelection()!.getRangeAt(0).getBoundingClientRect()
      return element.getBoundingClientRect().top - line.bottom
    })
    expect(gap).toBeGreaterThanOrEqual(HANDLES - 1)
    const sizes = await bar!.$$eval('button', (buttons) =>
      buttons.map((one) => Math.min(one.offsetWidth, one.offsetHeight)),
    )
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(FINGER)
  })

  story('held on a highlighted link gets to the highlight', async ({ site, reader }) => {
    site.edit('tides', (html) => html.replace('at noon of', 'at <a href="#letters">noon</a> of'))
    await reader.open(site.url('tides'))
    const { page } = reader
    await page.setViewport({ width: 390, height: 700, hasTouch: true, isMobile: true })
    await reader.highlight(BELL, 'green')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    const { x, y } = await middleOf(page, 'noon')
    const touch = await touching(page)
    await touch('touchStart', [{ x, y }])
    const name = words('pageOpenHighlight')
    const chip = await page.waitForSelector(`postil-ui >>> button[aria-label="${name}"]`)
    // As when the browser opens its own menu of the link.
    await touch('touchCancel', [])
    const { width, height } = (await chip!.boundingBox())!
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(FINGER)
    await chip!.tap()
    await page.waitForSelector(TOOLBAR, { visible: true })
    expect(new URL(page.url()).hash).toBe('')
  })
})

describe('highlights', () => {
  const look = (page: Reader['page'], name: string): Promise<Record<string, string>> =>
    page.evaluate((highlight) => {
      const style = getComputedStyle(document.body, `::highlight(postil-${highlight})`)
      const { backgroundColor, color, textDecorationLine } = style
      return { backgroundColor, color, textDecorationLine }
    }, name)

  story('are lines under the words on paper', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    await reader.page.emulateMediaType('print')
    expect((await look(reader.page, 'blue'))['textDecorationLine']).toBe('underline')
    const stage = await reader.page.waitForSelector('postil-ui >>> .stage')
    expect(await stage!.evaluate((one) => getComputedStyle(one).display)).toBe('none')
  })

  story("take the reader's own colours where they insist on them", async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    const session = await reader.page.createCDPSession()
    const features = [{ name: 'forced-colors', value: 'active' }]
    await session.send('Emulation.setEmulatedMedia', { features })
    const { backgroundColor, color } = await look(reader.page, 'blue')
    const [mark, text] = await reader.page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('p'))
      Object.assign(probe.style, { background: 'Mark', color: 'MarkText' })
      const style = getComputedStyle(probe)
      return [style.backgroundColor, style.color]
    })
    expect([backgroundColor, color]).toEqual([mark, text])
  })
})

type Touch = (
  type: 'touchStart' | 'touchCancel',
  touchPoints: { x: number; y: number }[],
) => Promise<void>

async function touching(page: Reader['page']): Promise<Touch> {
  const session = await page.createCDPSession()
  return (type, touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints })
}

async function openChoice(reader: Reader, passage: string): Promise<void> {
  const { x, y } = await middleOf(reader.page, passage)
  await reader.page.mouse.click(x, y)
  await inRoom(reader.page, '[role="menu"]')
}
