/** Which highlights a change of the page may have touched, and that no change costs much. */

import { beforeEach, describe, expect, test } from 'vitest'
import type { Mark } from '../../../extension/src/page/mark.ts'
import type * as Living from './living.ts'
import { livingPage } from './living-page.ts'

declare const living: typeof Living
declare const found: { marks: Mark[]; changes: Living.Changes; heard: number }

const browser = livingPage()

const PAGE = `
  <p id="first">The <em>first</em> passage stands here.</p>
  <p id="second">The second passage, <b>over</b> two</p>
  <p id="third">paragraphs, ends here.</p>
  <div id="far"><p>Far away.</p><p>Nothing is marked here.</p></div>
  <p id="clock">12:00</p>
`

/** Marks whole elements: the first alone; the second and the third together. */
beforeEach(async () => {
  await browser.show(PAGE)
  await browser.page.evaluate(() => {
    const ground = new living.Ground()
    const marks = [['first', 'first'], ['second', 'third']].map(([from, to]) => {
      const texts = (id: string): Text[] => {
        const all = document.createRange()
        all.selectNodeContents(document.getElementById(id)!)
        return living.textsIn(all)
      }
      const [start, end] = [texts(from!)[0]!, texts(to!).at(-1)!]
      const range = new StaticRange({
        startContainer: start,
        startOffset: 0,
        endContainer: end,
        endOffset: end.data.length,
      })
      const mark = { id: from, range } as unknown as Mark
      ground.settle(mark)
      return mark
    })
    const isOurs = (node: Node): boolean => node.nodeName === 'POSTIL-UI'
    const { signal } = new AbortController()
    const changes = new living.Changes(ground, isOurs, () => found.heard++, signal)
    changes.observe(document)
    Object.assign(globalThis, { found: { marks, changes, heard: 0 } })
  })
})

/** Does this in the page; answers the marks it may have touched, and what came. */
async function touchedBy(act: () => void): Promise<{ marks: string[] | null; came: number }> {
  return browser.page.evaluate((source) => {
    new Function(`return (${source})()`)()
    const { marks, came } = found.changes.take()
    const names = [...(marks ?? [])].map((mark) => (mark as unknown as { id: string }).id)
    return { marks: marks && names.sort(), came }
  }, String(act))
}

describe('a change touches', () => {
  test('nothing where it is far from every highlight', async () => {
    const edit = await touchedBy(() => {
      document.querySelector('#far p')!.firstChild!.nodeValue = 'Far and away.'
      document.querySelector('#clock')!.textContent = '12:01'
      document.querySelector('#far')!.append('More, at the end.')
      document.querySelector('#far p')!.remove()
    })
    expect(edit).toEqual({ marks: [], came: '12:01'.length + 'More, at the end.'.length })
  })

  test('the highlight whose text is written anew', async () => {
    const { marks } = await touchedBy(() => {
      document.querySelector('#first em')!.firstChild!.nodeValue = 'last'
    })
    expect(marks).toEqual(['first'])
  })

  test('the highlight that something is put into, within or between paragraphs', async () => {
    const within = await touchedBy(() => {
      document.querySelector('#second b')!.after(' and over ', 'and over')
    })
    expect(within.marks).toEqual(['second'])
    const between = await touchedBy(() => {
      document.querySelector('#second')!.after(document.createElement('hr'))
    })
    expect(between.marks).toEqual(['second'])
  })

  test('the highlight that words are taken out of', async () => {
    const { marks } = await touchedBy(() => document.querySelector('#second b')!.remove())
    expect(marks).toEqual(['second'])
  })

  test('all highlights in what is replaced or moved', async () => {
    const replaced = await touchedBy(() => {
      document.querySelector('#first')!.replaceWith(document.createElement('p'))
      document.querySelector('#far')!.append(document.querySelector('#third')!)
    })
    expect(replaced.marks).toEqual(['first', 'second'])
    const all = await touchedBy(() => {
      document.body.innerHTML = document.body.innerHTML
    })
    expect(all.marks).toEqual(['second'])
  })

  test('what it touches in an open shadow tree that was shown to it', async () => {
    const { marks } = await touchedBy(() => {
      const host = document.querySelector('#far')!
      const tree = host.attachShadow({ mode: 'open' })
      tree.append(document.querySelector('#clock')!.cloneNode(true))
      const text = tree.querySelector('#clock')!.firstChild as Text
      const ends = { startContainer: text, startOffset: 0, endContainer: text, endOffset: 5 }
      const { marks, changes } = found
      marks[0]!.range = new StaticRange(ends)
      changes.ground.settle(marks[0]!)
      for (const one of living.atOnce(living.shadowTrees(document))) changes.observe(one)
      changes.take()
      text.data = '12:05'
    })
    expect(marks).toEqual(['first'])
  })

  test('perhaps everything, where a page changes more than can be told apart', async () => {
    const { marks, came } = await touchedBy(() => {
      for (let line = 0; line < 500; line++) document.querySelector('#far')!.append(`Line ${line}`)
    })
    expect(marks).toBe(null)
    expect(came).toBe(Infinity)
  })
})

test('our own interface is not a change of the page', async () => {
  const heard = await browser.page.evaluate(async () => {
    document.documentElement.append(document.createElement('postil-ui'))
    await new Promise((resolve) => setTimeout(resolve))
    document.querySelector('postil-ui')!.remove()
    await new Promise((resolve) => setTimeout(resolve))
    return found.heard
  })
  expect(heard).toBe(0)
})
