/** The extension's own search: the same words find the same notes as on the server. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../../../extension/src/search/folding'
import { foldNote, matcher } from '../../../extension/src/search/matching'
import { BadQuery, MAX_LENGTH, MAX_TERMS, parse } from '../../../extension/src/search/query'
import type { Annotation, Color } from '../../../extension/src/model'
import { pageKey } from '../../../extension/src/page_key'
import vectors from '../../store/queries.json'

interface Meant {
  wanted?: Partial<Record<'texts' | 'tags' | 'sites' | 'colors', string[]>>
  unwanted?: Meant['wanted']
  after?: string
  before?: string
}

/** Of any code points, halves of surrogate pairs among them. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 60 })
  .map((codes) => String.fromCodePoint(...codes))

const ofVectors = (terms: Meant['wanted'] = {}) => {
  const { texts = [], tags = [], sites = [], colors = [] } = terms
  const text = (one: string) => ({ words: one.replace(/\*$/, ''), prefix: one.endsWith('*') })
  return { texts: texts.map(text), tags, sites, colors }
}

test.each(vectors.fold)('%s is folded to %s: %s', (written, folded) => {
  expect(fold(written!)).toBe(folded)
})

test.each(vectors.parse as [string, Meant, string][])('%s is read: %j, %s', (written, meant) => {
  expect(parse(written)).toEqual({
    wanted: ofVectors(meant.wanted),
    unwanted: ofVectors(meant.unwanted),
    after: meant.after ?? null,
    before: meant.before ?? null,
  })
})

test.each(vectors.invalid)('%s is refused: %s', (written, type) => {
  expect(() => parse(written!)).toThrow(expect.objectContaining({ type }))
})

describe('a note', () => {
  const { url, title, exact, note, tags, color, updated } = vectors.note
  const page = pageKey(url)
  const quote = { exact, prefix: '', suffix: '' }
  const shared = { url, title, note, tags, updated, page, quote, position: null }
  const id = '00000000-0000-7000-8000-000000000001'
  const of = { id, created: updated, device: '', rev: 1, deleted: false, color: color as Color }
  const annotation: Annotation = { ...shared, ...of }

  test.each(vectors.match as [string, boolean][])('is asked %s: %s', (written, found) => {
    expect(matcher(parse(written))(foldNote(annotation, [page]))).toBe(found)
  })

  test('is found by the day it was changed, however finely its time is written', () => {
    const coarse = { ...annotation, updated: '2026-10-24T00:00:00Z' }
    expect(matcher(parse('after:2026-10-24'))(foldNote(coarse, [page]))).toBe(true)
    expect(matcher(parse('before:2026-10-24'))(foldNote(coarse, [page]))).toBe(false)
  })
})

test('too long a query, and one of too many terms, are refused', () => {
  const refused = (type: string) => expect.objectContaining({ type })
  expect(() => parse('x'.repeat(MAX_LENGTH + 1))).toThrow(refused('query-too-long'))
  expect(() => parse('x '.repeat(MAX_TERMS + 1))).toThrow(refused('too-many-terms'))
})

test('no text breaks it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        matcher(parse(text))
      } catch (error) {
        expect(error).toBeInstanceOf(BadQuery)
      }
    }),
  )
})

test('folding what is folded changes nothing that counts', () => {
  const words = (text: string) => text.split(/\s+/).filter(Boolean)
  fc.assert(
    fc.property(anyText, (text) => {
      expect(words(fold(fold(text)))).toEqual(words(fold(text)))
    }),
  )
})
