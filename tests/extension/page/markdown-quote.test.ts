/** A passage as a quotation in Markdown, whatever stands in it. */
import MarkdownIt from 'markdown-it'
import { expect, test } from 'vitest'
import { markdownQuote } from '../../../extension/src/page/markdown-quote'

const quote = (exact: string) => ({ exact, prefix: '', suffix: '' })

test('a passage is quoted line by line, with a link back to it', () => {
  const text = markdownQuote(quote('One line.\nAnother.'), 'A page', 'https://example.org/a')
  expect(text).toBe(
    '> One line.\n> Another.\n>\n' +
      '> — [A page](https://example.org/a#:~:text=One%20line.,Another.)\n',
  )
})

const LOOKS_LIKE_MORE = [
  '*not* _em_ [no](x) <b>',
  '# no heading',
  '1. no list',
  '2) none',
  '- none',
  '### x',
  '`x` \\',
]

test.each(LOOKS_LIKE_MORE)(
  '%s stays what it is',
  (exact) => {
    const html = new MarkdownIt().render(markdownQuote(quote(exact), 'T', 'https://e.org/'))
    const text = html.split('</p>')[0]!.replace(/<\/?(blockquote|p)>/g, '').trim()
    const plain = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>')
    expect(plain).toBe(exact)
  },
)

test('brackets in an address or a title do not end the link', () => {
  const url = 'https://example.org/a_(b)'
  const html = new MarkdownIt().render(markdownQuote(quote('x'), 'What [is] this?', url))
  expect(html).toContain('href="https://example.org/a_%28b%29#:~:text=x"')
  expect(html).toContain('>What [is] this?</a>')
})
