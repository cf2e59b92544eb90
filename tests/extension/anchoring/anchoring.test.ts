import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as Postil from '../../../extension/src/anchoring/index.ts'
import { type AnchoringPage, openAnchoringPage } from './browser.ts'

declare const postil: typeof Postil

let browser: AnchoringPage
beforeAll(async () => {
  browser = await openAnchoringPage()
}, 60_000)
afterAll(async () => {
  await browser.close()
})

/** Describes the text on one page and anchors it on the next; answers what the range says there. */
async function carry(text: string, before: string, after: string) {
  await browser.show(before)
  const described = await browser.page.evaluate((text) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const nodes: Text[] = []
    while (walker.nextNode()) nodes.push(walker.currentNode as Text)
    const all = nodes.map((node) => node.data).join('')
    const from = all.indexOf(text)
    if (from === -1) throw new Error(`not on the page: ${text}`)
    const point = (offset: number, end: boolean): [Text, number] => {
      let left = offset
      for (const node of nodes) {
        if (left < node.length || (end && left === node.length)) return [node, left]
        left -= node.length
      }
      throw new Error('beyond the text')
    }
    const range = document.createRange()
    range.setStart(...point(from, false))
    range.setEnd(...point(from + text.length, true))
    return postil.describe(range, document.body)
  }, text)
  if (described === null) throw new Error('nothing was described')
  await browser.show(after)
  return browser.page.evaluate(async (described) => {
    const [anchored] = await postil.anchor([{ id: 'a', ...described }], document.body)
    if (anchored === undefined) throw new Error('no answer')
    const { place, range, diff } = anchored
    let says: string | null = null
    if (range !== null) {
      const live = document.createRange()
      live.setStart(range.startContainer, range.startOffset)
      live.setEnd(range.endContainer, range.endOffset)
      says = live.toString()
    }
    return { place, says, diff }
  }, described)
}

const ARTICLE = `
  <h1>The lighthouse keeper</h1>
  <p>For eleven winters the keeper had climbed the one hundred and four steps at dusk, and for
  eleven winters nothing had come of it but light. The boats went by. The gulls complained.</p>
  <p>On the <em>first of March</em> a letter came, and in it a key,<br>wrapped in a page of
  tide tables. He put both on the sill, and went up to the lamp as he always did.</p>
  <p>It was not until April that he thought to compare the two.</p>`

describe('on an unchanged page', () => {
  test('a passage inside one text node is found exactly', async () => {
    const found = await carry('nothing had come of it but light', ARTICLE, ARTICLE)
    expect(found.place.kind).toBe('exact')
    expect(found.says).toBe('nothing had come of it but light')
  })

  test('a passage across inline tags and a line break is found exactly', async () => {
    const passage = 'first of March a letter came, and in it a key,wrapped'
    const found = await carry(passage, ARTICLE, ARTICLE)
    expect(found.place.kind).toBe('exact')
    expect(found.says).toBe('first of March a letter came, and in it a key,wrapped')
  })
})

describe('on a changed page', () => {
  test('an edit inside the passage is followed, with the text as it reads now', async () => {
    const after = ARTICLE.replace('climbed the one hundred and four', 'climbed the 104')
    const passage = 'the keeper had climbed the one hundred and four steps'
    const found = await carry(passage, ARTICLE, after)
    const now = 'the keeper had climbed the 104 steps'
    expect(found.place).toMatchObject({ kind: 'changed', now })
    expect(found.says).toBe('the keeper had climbed the 104 steps')
    expect(found.diff).toEqual([
      { kind: 'same', text: 'the keeper had climbed the ' },
      { kind: 'removed', text: 'one hundred and four ' },
      { kind: 'added', text: '104 ' },
      { kind: 'same', text: 'steps' },
    ])
  })

  test('a deleted passage is an orphan', async () => {
    const after = ARTICLE.replace('and for\n  eleven winters nothing had come of it but light', '')
    const found = await carry('nothing had come of it but light', ARTICLE, after)
    expect(found.place.kind).toBe('orphan')
    expect(found.says).toBeNull()
  })
})
