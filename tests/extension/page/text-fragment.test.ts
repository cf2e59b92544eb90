import { describe, expect, test } from 'vitest'
import { linkToText } from '../../../extension/src/page/text-fragment.ts'

const PAGE = 'https://paper.example/one'

const link = (exact: string, prefix = '', suffix = '', page = PAGE) =>
  decodeURIComponent(linkToText(page, { exact, prefix, suffix })).replace(page, '')

describe('a link to a passage', () => {
  test('names one of middling length whole', () => {
    const passage = 'A passage of middling length, which stands once'
    expect(link(passage)).toBe(`#:~:text=${passage}`)
  })

  test('names a long one by its first and its last words', () => {
    const long = `one two three four five six ${'and so on '.repeat(30)}to the very end of it`
    expect(link(long)).toBe('#:~:text=one two three four five six,to the very end of it')
  })

  test('names one across blocks by words of its first and of its last block', () => {
    expect(link('The first block.\nThe second block')).toBe(
      '#:~:text=The first block.,The second block',
    )
  })

  test('adds what stands around one that is short', () => {
    expect(link('twelve', 'the number of months is ', ' and no other')).toBe(
      '#:~:text=of months is-,twelve,-and no other',
    )
  })

  test('completes a word that the selection cut', () => {
    expect(link('ople pa', 'so pe', 'id for it')).toBe('#:~:text=so-,people paid,-for it')
  })

  test('keeps a script without spaces as it is written', () => {
    expect(link('紙の本を読む', '', '')).toBe('#:~:text=紙の本を読む')
  })

  test('escapes what the syntax of the directive uses', () => {
    const encoded = linkToText(PAGE, { exact: 'well-known, R&D', prefix: '', suffix: '' })
    expect(encoded).toBe(`${PAGE}#:~:text=well%2Dknown%2C%20R%26D`)
  })

  test('keeps the fragment of the page and replaces an earlier directive', () => {
    const text = 'A passage of middling length, which stands once'
    expect(link(text, '', '', `${PAGE}#notes:~:text=other`)).toBe(`${PAGE}#notes:~:text=${text}`)
  })
})
