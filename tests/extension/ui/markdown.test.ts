/** A note's Markdown as elements: what is drawn, and what a hostile note never becomes. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { elementsOf, parsed } from '../../../extension/src/ui/markdown'
import { isPlain } from '../../../extension/src/ui/plain'

interface Element {
  type: string
  props: Record<string, unknown> & { children?: unknown }
}

/** As HTML would be written, for reading; no test relies on its being escaped. */
function written(drawn: unknown): string {
  if (drawn === null || drawn === undefined || typeof drawn === 'boolean') return ''
  if (Array.isArray(drawn)) return drawn.map(written).join('')
  if (typeof drawn !== 'object') return String(drawn)
  const { type, props } = drawn as Element
  const { children, ...attributes } = props
  const said = Object.entries(attributes).map(([name, value]) => ` ${name}=${String(value)}`)
  return `<${type}${said.join('')}>${written(children)}</${type}>`
}

function all(drawn: unknown): Element[] {
  if (Array.isArray(drawn)) return drawn.flatMap(all)
  if (typeof drawn !== 'object' || drawn === null) return []
  return [drawn as Element, ...all((drawn as Element).props.children)]
}

const REL = 'target=_blank rel=noopener noreferrer nofollow ugc'

test.each([
  ['plain', '<p>plain</p>'],
  ['**strong** *em*', '<p><strong>strong</strong> <em>em</em></p>'],
  ['~~gone~~ `code`', '<p><s>gone</s> <code>code</code></p>'],
  ['one\ntwo', '<p>one<br></br>two</p>'],
  ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
  ['3. a\n4. b', '<ol start=3><li>a</li><li>b</li></ol>'],
  ['# Title', '<p class=heading>Title</p>'],
  ['> said', '<blockquote><p>said</p></blockquote>'],
  ['[to](https://example.org/a)', `<p><a href=https://example.org/a ${REL}>to</a></p>`],
  ['```\nx < y\n```', '<pre tabIndex=0><code>x < y\n</code></pre>'],
])('%j is drawn as %s', (text, expected) => {
  expect(written(elementsOf(text))).toBe(expected)
})

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:x)',
  '![tells who reads it](https://example.org/pixel.png)',
  '<a href="javascript:alert(1)">x</a>',
  '<javascript:alert(1)>',
])('%s does nothing but stand there', (text) => {
  expect(harmful(text)).toEqual([])
})

test('no text becomes more than text in elements of ours', () => {
  const bits = fc.constantFrom(
    '[', ']', '(', ')', '<', '>', '!', '*', '_', '`', '~~', '|', '\n', '  ', '- ', '# ', '> ',
    'javascript:', 'https://e.org', 'x', '&lt;', '"', "'", '\\', '1. ', '---', 'onerror=',
  )
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 40 }), (parts) => {
      expect(harmful(parts.join(''))).toEqual([])
    }),
  )
})

test('a plain text is drawn as the parser would draw it', () => {
  const bits = fc.constantFrom(
    ...['a', 'Été', 'e.g.', '水。', 'www', '.', ':', '1', ') ', ' ', '  ', '"', "'", '(', '!', '?', ','],
    ...['com', 'http', 'mailto:', '…', '’', '؟', 'ملاحظة', 'x.', ': ', '. '],
  )
  fc.assert(
    fc.property(fc.array(bits, { minLength: 1, maxLength: 12 }), (parts) => {
      const text = parts.join('')
      expect(written(elementsOf(text))).toBe(written(parsed(text)))
    }),
  )
})

test.each([
  ['What I thought of it: nothing (yet).', true],
  ['Why does he say "rings at noon."?', true],
  ['1) first', false],
  ['See example.org', false],
  ['mailto:me', false],
  ['one\ntwo', false],
  [' led in', false],
  ['a *b*', false],
])('%j needs no parser: %s', (text, plain) => {
  expect(isPlain(text)).toBe(plain)
})

function harmful(text: string): string[] {
  return all(elementsOf(text)).flatMap(({ type, props }) => {
    const { href } = props
    const names = Object.keys(props).filter((name) => /^on|html|style|src/i.test(name))
    const leads = href === undefined || /^(https?|mailto):/.test(String(href))
    const known = /^(a|blockquote|br|code|em|hr|li|ol|p|pre|s|strong|t(able|body|d|h|head|r)|ul)$/
    return known.test(type) && leads && !names.length ? [] : [written({ type, props })]
  })
}
