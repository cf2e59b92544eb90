/** What a page's markup may do between two visits, and what it may contain, in a real browser. */

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as Postil from '../../../extension/src/anchoring/index.ts'
import { type AnchoringPage, openAnchoringPage } from './browser.ts'

declare const postil: typeof Postil

let browser: AnchoringPage
beforeAll(async () => {
  browser = await openAnchoringPage()
  await browser.show('')
}, 120_000)
afterAll(async () => {
  await browser.close()
})

interface Outcome {
  exact: string
  kind: string
  says: string | null
  changed: string | null
}

/**
 * Describes what stands between `[[` and `]]` on one page, anchors it on the other, and answers
 * what the text index says there. Shadow roots are written as `<template shadowrootmode="open">`.
 */
async function carry(before: string, after: string): Promise<Outcome> {
  return browser.page.evaluate(
    async ([before, after]) => {
      const show = (html: string): void => {
        document.body.remove()
        const body = document.createElement('body')
        body.setHTMLUnsafe(html)
        document.documentElement.append(body)
      }
      const nodes = function* (root: Node): Generator<Text> {
        const shown = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT
        const walker = document.createTreeWalker(root, shown)
        while (walker.nextNode()) {
          const node = walker.currentNode
          if (node instanceof Text) yield node
          else if (node instanceof Element && node.shadowRoot) yield* nodes(node.shadowRoot)
        }
      }
      const take = (mark: string): [Text, number] => {
        for (const node of nodes(document.body)) {
          const at = node.data.indexOf(mark)
          if (at === -1) continue
          node.deleteData(at, mark.length)
          return [node, at]
        }
        throw new Error(`no ${mark}`)
      }
      show(before as string)
      const start = take('[[')
      const end = take(']]')
      const range = new StaticRange({
        startContainer: start[0],
        startOffset: start[1],
        endContainer: end[0],
        endOffset: end[1],
      })
      const described = postil.describe(range, document.body)
      if (described === null) throw new Error('nothing was described')
      show(after as string)
      const [anchored] = await postil.anchor([{ id: 'a', ...described }], document.body)
      if (anchored === undefined) throw new Error('no answer')
      const { place, range: found } = anchored
      let says: string | null = null
      if (found !== null) {
        const index = postil.atOnce(postil.TextIndex.build(document.body))
        says = index.text.slice(
          index.offsetOf(found.startContainer, found.startOffset),
          index.offsetOf(found.endContainer, found.endOffset),
        )
      }
      return {
        exact: described.quote.exact,
        kind: place.kind,
        says,
        changed: place.kind === 'changed' ? place.now : null,
      }
    },
    [before, after],
  )
}

const bare = (html: string): string => html.replace('[[', '').replace(']]', '')

/** The marked passage is found on the same page, and says what was described. */
async function expectBack(html: string, says: string): Promise<void> {
  expect(await carry(html, bare(html))).toEqual({ exact: says, kind: 'exact', says, changed: null })
}

describe('a passage is found again', () => {
  test('across <br>, inline tags and blocks', async () => {
    await expectBack(
      '<p>One <b>line [[here</b>,<br>another <i>there</i></p><p>and a]] third.</p>',
      'here,\nanother there\nand a',
    )
  })

  test('across the cells and rows of a table', async () => {
    await expectBack(
      '<table><tr><td>ebb</td><td>[[04:12</td></tr><tr><td>flood]]</td><td>10:31</td></tr></table>',
      '04:12\nflood',
    )
  })

  test('in preformatted text, whose white space is not compared', async () => {
    const before = '<pre>if (tide) {\n    [[raise(flag)\n    return true]]\n}</pre>'
    const after = '<pre>if (tide) {\n\traise(flag)\n\treturn true\n}</pre>'
    const says = 'raise(flag) return true'
    expect(await carry(before, after)).toMatchObject({ kind: 'exact', says })
  })

  test('in an open shadow root, up to a border of it that is in no text', async () => {
    const body = `<p>Before.</p><x-card><template shadowrootmode="open"><p>Shown <b>inside</b></p>
      <p>and more</p></template></x-card><p>After.</p>`
    const quotes = await browser.page.evaluate(async (html) => {
      document.body.setHTMLUnsafe(html)
      const tree = document.querySelector('x-card')!.shadowRoot!
      const range = document.createRange()
      range.setStart(tree, 0)
      range.setEnd(tree.querySelector('p')!, 2)
      const whole = document.createRange()
      whole.selectNodeContents(tree)
      const [first, all] = [range, whole].map((one) => postil.describe(one, document.body))
      return [first!.quote.exact, all!.quote.exact]
    }, body)
    expect(quotes).toEqual(['Shown inside', 'Shown inside\nand more'])
  })

  test('in the open shadow root of an element, slots included', async () => {
    await expectBack(
      `<x-card><template shadowrootmode="open"><p>Shown [[inside</p><slot></slot></template>
      and slotted]] here</x-card>`,
      'inside\nand slotted',
    )
  })

  test('past what is never shown as text', async () => {
    await expectBack(
      '<p>Before [[the<script>let a</script><style>p {}</style> gap]]</p><noscript>no</noscript>',
      'the gap',
    )
  })

  test('in text written from right to left', async () => {
    await expectBack('<p dir="rtl">كانت [[المنارة تضيء]] البحر كل ليلة</p>', 'المنارة تضيء')
  })

  test('in text without spaces', async () => {
    await expectBack('<p>港の灯台は[[毎晩海を照]]らしていた。</p>', '毎晩海を照')
  })

  test('in text with emoji of several characters', async () => {
    await expectBack('<p>Signed [[👩🏽‍🚀 and 👨‍👩‍👧‍👦]] 🏳️‍🌈</p>', '👩🏽‍🚀 and 👨‍👩‍👧‍👦')
  })

  test('when accents are decomposed, quotes straightened, words hyphenated', async () => {
    const before = '<p>He said: [[“Łódź is naïve — très”]] and left.</p>'
    const after = '<p>He said: "Ło\u0301dz\u0301 is nai\u0308\u00adve -- tre\u0300s" and left.</p>'
    expect(await carry(before, after)).toMatchObject({ kind: 'exact' })
  })

  test('when it is a single word on a page of one word', async () => {
    await expectBack('<p>[[word]]</p>', 'word')
  })
})

describe('the ends of a passage', () => {
  test('never split what a reader sees as one character', async () => {
    const described = await carry('<p>Ends with 👩[[🏽‍🚀 here]]</p>', '<p>Ends with 👩🏽‍🚀 here</p>')
    expect(described.says).toBe('👩🏽‍🚀 here')
    const edited = await carry(
      '<p>The crew was [[small but able 😀]] and went to sea.</p>',
      '<p>The crew was small but able 😁 and went to sea.</p>',
    )
    expect(edited.says?.isWellFormed()).toBe(true)
  })

  test('leave out the white space that was selected with it', async () => {
    const found = await carry('<p>One [[ two three ]] four</p>', '<p>One two three four</p>')
    expect(found.exact).toBe('two three')
  })
})

describe('any page', () => {
  const WORDS = ['the', 'one', 'sea', 'light', 'boats', 'naïve', '灯台', 'منارة', '👩🏽‍🚀', 'went']
  const made = fc
    .array(fc.constantFrom(...WORDS), { minLength: 6, maxLength: 60 })
    .chain((words) =>
      fc.record({
        words: fc.constant(words),
        first: fc.integer({ min: 0, max: words.length - 3 }),
        count: fc.integer({ min: 1, max: words.length - 2 }),
        before: fc.array(fc.nat(4), { minLength: words.length, maxLength: words.length }),
        after: fc.array(fc.nat(4), { minLength: words.length, maxLength: words.length }),
      }),
    )
  /** Equal text, however it is cut into elements. */
  const written = (words: readonly string[], cuts: readonly number[]): string =>
    words
      .map((word, i) => {
        const shape = [word, `<em>${word}</em>`, `<span><i>${word}</i></span>`, `<a>${word}</a>`]
        const [head, ...rest] = word
        return shape[cuts[i] as number] ?? `<span>${head}</span>${rest.join('')}`
      })
      .join(' ')

  test('of equal text gives back the very words, in whatever elements they stand', async () => {
    await fc.assert(
      fc.asyncProperty(made, async ({ words, first, count, before, after }) => {
        const last = Math.min(first + count, words.length) - 1
        const plain = before.map((cut) => (cut === 4 ? 0 : cut))
        const marked = words.map((word, i) => {
          const opened = i === first ? `[[${word}` : word
          return i === last ? `${opened}]]` : opened
        })
        const found = await carry(written(marked, plain), written(words, after))
        const says = words.slice(first, last + 1).join(' ')
        expect(found).toEqual({ exact: says, kind: 'exact', says, changed: null })
      }),
      { numRuns: 60 },
    )
  }, 120_000)
})

describe('anchoring', () => {
  test('stops with the reason of its signal', async () => {
    const reason = await browser.page.evaluate(async () => {
      document.body.innerHTML = '<p>Some words to look for.</p>'.repeat(5_000)
      const quote = { exact: 'not there at all', prefix: '', suffix: '' }
      const aborter = new AbortController()
      const ids = Array.from({ length: 200 }, (_, id) => String(id))
      const sought = ids.map((id) => ({ id, quote, position: null }))
      const anchored = postil.anchor(sought, document.body, { signal: aborter.signal })
      aborter.abort(new Error('navigated away'))
      return anchored.then(String, (error: Error) => error.message)
    })
    expect(reason).toBe('navigated away')
  })

  test('tells each place as soon as it is known, and all in the order asked', async () => {
    const { told, answered } = await browser.page.evaluate(async () => {
      document.body.innerHTML = '<p>First words here.</p><p>Second words there.</p>'
      const told: string[] = []
      const sought = ['Second words', 'gone', 'First words'].map((exact) => ({
        id: exact,
        quote: { exact, prefix: '', suffix: '' },
        position: null,
      }))
      const all = await postil.anchor(sought, document.body, { each: ({ id }) => told.push(id) })
      return { told, answered: all.map(({ id, place }) => `${id}: ${place.kind}`) }
    })
    expect(answered).toEqual(['Second words: exact', 'gone: orphan', 'First words: exact'])
    expect(told.toSorted()).toEqual(['First words', 'Second words', 'gone'])
  })
})
