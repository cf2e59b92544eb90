import MarkdownIt from 'markdown-it'
import { describe, expect, test } from 'vitest'
import { markdownOf, quoteOf } from '../../../extension/src/formats/markdown.ts'
import type { Annotation } from '../../../extension/src/model.ts'

const html = (text: string) => new MarkdownIt().render(text)

function note(fields: Partial<Annotation>): Annotation {
  return {
    id: '0192f0c1-2345-7abc-8def-0123456789ab',
    url: 'https://paper.example/one',
    page: 'https://paper.example/one',
    title: 'One',
    quote: { exact: 'so it goes', prefix: '', suffix: '' },
    position: { start: 10, end: 20 },
    note: '',
    tags: [],
    color: 'yellow',
    created: '2026-03-01T10:00:00.000Z',
    updated: '2026-03-01T10:00:00.000Z',
    device: '',
    rev: 0,
    deleted: false,
    ...fields,
  }
}

describe('notes taken out as Markdown', () => {
  test('stand under their page, in reading order', () => {
    const url = 'https://paper.example/two'
    const two = { url, page: url, title: 'Two' }
    const file = markdownOf([
      note({ note: 'second', position: { start: 50, end: 60 } }),
      note({ ...two, note: 'elsewhere' }),
      note({ note: 'first' }),
    ]).join('')
    const said = /One.*first.*second.*Two.*elsewhere/s
    expect(file).toMatch(said)
    expect(html(file)).toContain('<h2><a href="https://paper.example/one">One</a></h2>')
  })

  test('keep the words of a passage as words', () => {
    const exact = '# 1. *not* a [link](x) <b>\n- nor a_list_\n1. nor another'
    const shown = html(markdownOf([note({ quote: { exact, prefix: '', suffix: '' } })]).join(''))
    expect(shown).not.toMatch(/<(em|b|ul|ol|h1)>|href="x"/)
    expect(shown).toContain('# 1. *not* a [link](x) &lt;b&gt;\n- nor a_list_\n1. nor another')
  })

  test('keep a note verbatim, and name its tags', () => {
    const file = markdownOf([note({ note: 'But *why*?', tags: ['history of science', '1907'] })])
    expect(file.join('')).toContain('\nBut *why*?\n')
    expect(file.join('')).toContain('#history-of-science #_1907 · 2026-03-01')
  })

  test('are a quote with its source on the clipboard', () => {
    expect(quoteOf(note({ title: 'On [tides]', url: 'https://paper.example/a(b)' }))).toBe(
      '> so it goes\n>\n> — [On \\[tides\\]](https://paper.example/a%28b%29)\n',
    )
  })

  test('are nothing where there are none', () => {
    expect(markdownOf([])).toEqual([])
  })
})
