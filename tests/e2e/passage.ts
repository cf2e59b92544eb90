/** Passages of a page's visible text: where they are on the screen, and which are painted. */

import type { Frame, Page } from 'puppeteer-core'
import { drawn } from './still'

/** A painted passage: what it says, and how many characters of the page stand before it. */
export interface Painted {
  text: string
  at: number
}

/** Colour -> what is painted in it, in the order of the page. Colours not in use are left out. */
export type Paint = Record<string, Painted[]>

interface Ends {
  from: { x: number; y: number }
  to: { x: number; y: number }
}

/**
 * Drags the mouse over a passage, from the middle of its first line's height to the middle of its
 * last's, and answers what the browser then says is selected.
 */
export async function drag(page: Page, passage: string, within?: Frame): Promise<string> {
  const frame = within ?? page.mainFrame()
  const { from, to } = await endsIn(frame, passage)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2)
  await page.mouse.move(to.x, to.y)
  await page.mouse.up()
  const selected = await frame.evaluate(() => String(getSelection()))
  if (collapse(selected) !== collapse(passage)) {
    throw new Error(`Dragging over “${passage}” selected “${selected}”.`)
  }
  return selected
}

/** The middle of a passage's first line, to be clicked. */
export async function middleOf(
  page: Page | Frame,
  passage: string,
): Promise<{ x: number; y: number }> {
  const frame = 'mainFrame' in page ? page.mainFrame() : page
  const { from, to } = await endsIn(frame, passage)
  if (from.x === to.x) return { x: from.x, y: (from.y + to.y) / 2 }
  return { x: from.y === to.y ? (from.x + to.x) / 2 : from.x, y: from.y }
}

/** What is painted now. The registry is shared, so this sees what the extension's script put. */
export async function painted(page: Page | Frame): Promise<Paint> {
  return page.evaluate(() => {
    const paint: Record<string, { text: string; at: number }[]> = {}
    for (const [name, highlight] of CSS.highlights as unknown as Iterable<[string, Set<Range>]>) {
      const color = /^postil-(yellow|green|blue|pink|purple)$/.exec(name)?.[1]
      if (!color || !highlight.size) continue
      const found = []
      for (const { startContainer, startOffset, endContainer, endOffset } of highlight) {
        if (!startContainer.isConnected || !endContainer.isConnected) continue
        const range = document.createRange()
        range.setStart(startContainer, startOffset)
        range.setEnd(endContainer, endOffset)
        const before = document.createRange()
        before.setStart(document.body, 0)
        before.setEnd(startContainer, startOffset)
        found.push({ text: range.toString(), at: before.toString().length })
      }
      if (found.length) paint[color] = found.sort((a, b) => a.at - b.at)
    }
    return paint
  })
}

/** The same, without the places: colour -> texts. */
export async function paintedTexts(page: Page | Frame): Promise<Record<string, string[]>> {
  const paint = await painted(page)
  return Object.fromEntries(
    Object.entries(paint).map(([color, list]) => [color, list.map(({ text }) => collapse(text))]),
  )
}

export function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/**
 * As the mouse goes: from the corner of the window, whatever frame the passage is in. Once it stands
 * still: a page may be scrolling, or growing above it.
 */
async function endsIn(frame: Frame, passage: string): Promise<Ends> {
  let ends = await frame.evaluate(endsOf, passage)
  for (let before = ''; before !== JSON.stringify(ends); ) {
    before = JSON.stringify(ends)
    await drawn(frame)
    ends = await frame.evaluate(endsOf, passage)
  }
  const { from, to } = ends
  const { x, y } = await cornerOf(frame)
  return { from: { x: from.x + x, y: from.y + y }, to: { x: to.x + x, y: to.y + y } }
}

async function cornerOf(frame: Frame): Promise<{ x: number; y: number }> {
  const around = frame.parentFrame()
  const element = await frame.frameElement()
  if (!around || !element) return { x: 0, y: 0 }
  const inside = await element.evaluate((one) => {
    one.scrollIntoView({ block: 'nearest', behavior: 'instant' })
    const { left, top } = one.getBoundingClientRect()
    return { x: left + one.clientLeft, y: top + one.clientTop }
  })
  const outside = await cornerOf(around)
  return { x: inside.x + outside.x, y: inside.y + outside.y }
}

/** Runs in the page, so it stands on its own. */
function endsOf(passage: string): Ends {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const places: [Text, number][] = []
  let text = ''
  while (walker.nextNode()) {
    const node = walker.currentNode as Text
    const parent = node.parentElement
    if (!parent || parent.closest('script, style, svg') || !parent.checkVisibility()) continue
    for (let i = 0; i < node.data.length; i++) {
      const blank = /\s/.test(node.data.charAt(i))
      if (blank && (text === '' || text.endsWith(' '))) continue
      text += blank ? ' ' : node.data.charAt(i)
      places.push([node, i])
    }
  }
  const wanted = passage.replace(/\s+/g, ' ').trim()
  const start = text.indexOf(wanted)
  if (start < 0) throw new Error(`“${passage}” is not on the page.`)
  if (text.indexOf(wanted, start + 1) >= 0) throw new Error(`“${passage}” is there twice.`)
  const first = places[start]!
  const last = places[start + wanted.length - 1]!

  const box = ([node, offset]: [Text, number]): DOMRect => {
    const range = document.createRange()
    range.setStart(node, offset)
    range.setEnd(node, offset + 1)
    return range.getBoundingClientRect()
  }
  first[0].parentElement!.scrollIntoView({ block: 'center', behavior: 'instant' })
  const { direction, writingMode } = getComputedStyle(first[0].parentElement!)
  const rtl = direction === 'rtl'
  // A whole pixel inside: on the very edge, what a page generates before the glyph is hit instead.
  const near = (rect: DOMRect, end: boolean): { x: number; y: number } => {
    if (writingMode.startsWith('vertical')) {
      const inset = Math.min(rect.height / 2, Math.max(1, rect.height * 0.1))
      return { x: rect.left + rect.width / 2, y: end ? rect.bottom - inset : rect.top + inset }
    }
    const inset = Math.min(rect.width / 2, Math.max(1, rect.width * 0.1))
    return {
      x: end === rtl ? rect.left + inset : rect.right - inset,
      y: rect.top + rect.height / 2,
    }
  }
  return { from: near(box(first), false), to: near(box(last), true) }
}
