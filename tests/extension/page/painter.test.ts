/** What painting costs, and that it leaves the page's nodes alone. */

import { expect, test } from 'vitest'
import type * as Living from './living.ts'
import { livingPage } from './living-page.ts'

declare const living: typeof Living

const browser = livingPage()

test('a thousand highlights are all painted at once, and not one node is touched', async () => {
  const body = Array.from({ length: 1000 }, (_, i) => `<p>The passage <b>number ${i}</b>.</p>`)
  await browser.show(body.join(''))
  const { painted, records, left } = await browser.page.evaluate(() => {
    const observer = new MutationObserver(() => {})
    const everything = { subtree: true, childList: true, attributes: true, characterData: true }
    observer.observe(document, everything)
    const stop = new AbortController()
    const painter = new living.Painter(stop.signal)
    const paintings = [...document.querySelectorAll('p')].map((paragraph) => {
      const [first, last] = [paragraph.firstChild as Text, paragraph.lastChild as Text]
      const range = new StaticRange({
        startContainer: first,
        startOffset: 4,
        endContainer: last,
        endOffset: 1,
      })
      return { range, color: 'green' as const, noted: false }
    })
    // In one task, and so in one frame.
    painter.paint(paintings)
    const painted = (CSS.highlights.get('postil-green') as unknown as Set<AbstractRange>).size
    const records = observer.takeRecords().length
    stop.abort()
    return { painted, records, left: CSS.highlights.size }
  })
  expect({ painted, records, left }).toEqual({ painted: 1000, records: 0, left: 0 })
})

test('what lies under two highlights is told, once for each stretch', async () => {
  await browser.show('<p>One two three <i>four five</i> six</p>')
  const doubled = await browser.page.evaluate(() => {
    const paragraph = document.querySelector('p')!
    const [first, four, last] = [
      paragraph.firstChild as Text,
      paragraph.querySelector('i')!.firstChild as Text,
      paragraph.lastChild as Text,
    ]
    const over = (startContainer: Text, from: number, endContainer: Text, to: number) =>
      new StaticRange({ startContainer, startOffset: from, endContainer, endOffset: to })
    const ranges = [over(first, 4, four, 4), over(first, 8, last, 4), over(first, 0, first, 3)]
    const marks = ranges.map((range) => ({ range }) as Parameters<Living.Ground['settle']>[0])
    const ground = new living.Ground()
    for (const mark of marks) ground.settle(mark)
    return ground.overlaps(marks).map(({ startContainer, startOffset, endOffset }) => {
      return (startContainer as Text).data.slice(startOffset, endOffset)
    })
  })
  expect(doubled).toEqual(['three ', 'four'])
})
