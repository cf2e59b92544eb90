/** Pages that change while they are read: by themselves, under the highlights, and out of sight. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { PanelPage } from './panel'
import { KINDS, ONE_KIND } from './profile'
import type { Reader } from './reader'
import { story } from './story'
import { words } from './words'

const FERRY = 'when the mate has grown tired of waiting for the sixth'
const MATE = 'the mate has grown tired'
const NOON = 'The ferry crossed at noon, with a bride, and nobody fell in.'
const SHADOWS = 'Passengers carry their own shadows at their own risk.'
const EGG = 'a crossing cost one egg'
const SEVEN = 'a tongue that has no word for seven'
const ROPE = 'The second rope is always the younger'

describe.each(ONE_KIND)('in %s', (kind) => {
  const told = story.override({ kind })

  told('highlights outlive what a page does to its nodes, and add none', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('living'))
    await reader.page.waitForFunction(boardStands)
    await reader.page.evaluate(watchNodes)
    await reader.highlight(FERRY)
    await reader.highlight(MATE)
    await reader.highlight(NOON, 'blue')
    await expect.poll(() => reader.texts()).toEqual({ yellow: [FERRY, MATE], blue: [NOON] })
    expect(await textsOf(reader.page, 'overlap')).toEqual([MATE])

    // Drawn anew, folded away and back, moved down, and more of it.
    await reader.page.evaluate(() => {
      const { drawLog } = globalThis as unknown as { drawLog: () => void }
      drawLog()
      document.querySelector<HTMLElement>('#crossing')!.style.display = 'none'
    })
    await expect.poll(() => textsOf(reader.page, 'blue')).toEqual([NOON])
    await reader.page.evaluate(() => {
      const crossing = document.querySelector<HTMLElement>('#crossing')!
      crossing.style.display = ''
      document.querySelector('main')!.prepend(document.querySelector('#log')!)
      crossing.querySelector('p')!.prepend('It is said that ')
    })
    const now = { yellow: [FERRY, MATE], blue: [NOON] }
    await expect.poll(() => reader.texts()).toEqual(now)
    await reader.openHighlight(NOON)
    await reader.page.keyboard.press('Escape')
    expect(await reader.page.evaluate(() => (globalThis as unknown as Watched).strangers)).toEqual([
      'POSTIL-UI in HTML',
    ])

    // And what comes only later is found then.
    await reader.page.evaluate(() => document.querySelector('#crossing')!.remove())
    await expect.poll(() => reader.texts()).toEqual({ blue: [NOON] })
    await reader.page.evaluate((text) => {
      const late = document.createElement('p')
      late.textContent = `The ferry crosses when there are six on board, or ${text}.`
      document.querySelector('main')!.append(late)
    }, FERRY)
    await expect.poll(() => reader.texts()).toEqual(now)
  })
})

describe.each(KINDS)('in %s', (kind) => {
  const told = story.override({ kind })

  told('a passage in a shadow tree is found, shown and clicked', async ({ site, reader }) => {
    await reader.open(site.url('living'))
    await selectInTree(reader)
    const pen = `postil-ui >>> [role="toolbar"] button[aria-label="${words('colorGreen')}"]`
    await (await reader.page.waitForSelector(pen, { visible: true }))!.click()
    await expect.poll(() => textsOf(reader.page, 'green')).toEqual([SHADOWS])

    // The tree comes into being without a word, some time after the page.
    await reader.reload()
    await expect.poll(() => textsOf(reader.page, 'green')).toEqual([SHADOWS])
    expect(await washed(reader.page)).toBe(true)
    const { x, y } = await middleOfTree(reader.page)
    await reader.page.mouse.click(x, y)
    await reader.page.waitForSelector('postil-ui >>> [role="toolbar"]', { visible: true })
  })

  told('going to a note opens what hides it, back from another page too', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('living'))
    const { page } = reader
    const hidden = [EGG, SEVEN, ROPE]
    await page.waitForFunction(boardStands)
    await page.evaluate(unfoldAll)
    for (const passage of hidden) await reader.highlight(passage)
    await expect.poll(() => reader.texts()).toEqual({ yellow: hidden })
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ yellow: hidden })
    const panel = await PanelPage.open(reader)
    for (const passage of hidden) {
      await (await (await panel.card(passage)).waitForSelector('button.go'))!.click()
      await expect.poll(() => isShown(page, passage)).toBe(true)
    }

    // Away and back: the page comes as it was left, and still hears what is said of its notes.
    await page.evaluate(() => Object.assign(globalThis, { asLeft: true }))
    await page.goto(site.url('sums'))
    await page.evaluate(() => history.back())
    const asLeft = (): Promise<unknown> => page.evaluate(() => Reflect.get(globalThis, 'asLeft'))
    await expect.poll(asLeft).toBe(true)
    await expect.poll(() => reader.texts()).toEqual({ yellow: hidden })
    await panel.front()
    await panel.press(EGG, words('noteDelete'))
    await page.bringToFront()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [SEVEN, ROPE] })
  })
})

/** Runs in the page, as do the next. Until it stands, what is below it is still to move. */
function boardStands(): boolean {
  return Boolean(document.querySelector('ferry-board')?.shadowRoot)
}

function unfoldAll(): void {
  document.querySelector('details')!.open = true
  document.querySelector('#drowned')!.removeAttribute('hidden')
  document.querySelector<HTMLElement>('button[aria-controls]')!.click()
}

async function isShown(page: Page, passage: string): Promise<boolean> {
  return page.evaluate((wanted) => {
    const said = (one: Element): string => (one.textContent ?? '').replace(/\s+/g, ' ')
    const element = [...document.querySelectorAll('p')].find((one) => said(one).includes(wanted))!
    const { top, bottom } = element.getBoundingClientRect()
    const open = element.checkVisibility({ contentVisibilityAuto: true })
    return open && top >= 0 && bottom <= innerHeight
  }, passage)
}

interface Watched {
  strangers: string[]
}

/** Runs in the page: notes every element that comes or goes and was not the page's own doing. */
function watchNodes(): void {
  const strangers: string[] = []
  Object.assign(globalThis, { strangers })
  const own = new Set(['P', 'H2', '#text', 'SECTION'])
  new MutationObserver((records) => {
    for (const { target, addedNodes, removedNodes } of records) {
      for (const node of [...addedNodes, ...removedNodes]) {
        const name = `${node.nodeName} in ${target.nodeName}`
        if (!own.has(node.nodeName) && !strangers.includes(name)) strangers.push(name)
      }
    }
  }).observe(document, { subtree: true, childList: true })
}

/** What is painted under a name, shadow trees included. */
async function textsOf(page: Page, layer: string): Promise<string[]> {
  return page.evaluate((wanted) => {
    const found: string[] = []
    for (const [name, highlight] of CSS.highlights as unknown as Iterable<[string, Set<Range>]>) {
      if (name !== `postil-${wanted}`) continue
      for (const { startContainer, startOffset, endContainer, endOffset } of highlight) {
        if (!startContainer.isConnected) continue
        const range = document.createRange()
        range.setStart(startContainer, startOffset)
        range.setEnd(endContainer, endOffset)
        found.push(range.toString().replace(/\s+/g, ' '))
      }
    }
    return found
  }, layer)
}

async function middleOfTree(page: Page): Promise<{ x: number; y: number; left: number }> {
  return page.evaluate(() => {
    const tree = document.querySelector('ferry-board')!.shadowRoot!
    const range = document.createRange()
    range.selectNodeContents(tree.querySelector('p')!)
    const { left, right, top, bottom } = range.getClientRects()[0]!
    return { left, x: (left + right) / 2, y: (top + bottom) / 2 }
  })
}

async function selectInTree(reader: Reader): Promise<void> {
  const { page } = reader
  await page.waitForFunction(boardStands)
  const { x, y } = await middleOfTree(page)
  await page.mouse.click(x, y, { count: 3 })
  await page.waitForSelector('postil-ui >>> [role="toolbar"]', { visible: true })
}

/** Whether the tree has the rules that paint: one browser's document does not reach into it. */
async function washed(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const paragraph = document.querySelector('ferry-board')!.shadowRoot!.querySelector('p')!
    const wash = getComputedStyle(paragraph, '::highlight(postil-green)').backgroundColor
    return wash !== 'rgba(0, 0, 0, 0)'
  })
}
