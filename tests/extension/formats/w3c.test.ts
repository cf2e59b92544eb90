import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { problemsOf } from '../../e2e/w3c.ts'
import { collectionOf } from '../../../extension/src/formats/w3c.ts'
import { NotAnnotations, readW3c } from '../../../extension/src/formats/w3c_import.ts'
import { COLORS, type Annotation } from '../../../extension/src/model.ts'

const NOW = '2026-11-24T12:00:00.000Z'
const COLLECTION = 'urn:uuid:0192f0c1-2345-7abc-8def-0123456789ab'

const text = fc.string({ unit: 'grapheme', maxLength: 60 }).map((one) => one.replaceAll('\0', ''))
const written = text.filter((one) => one !== '')
const tag = written.map((one) => one.trim().normalize()).filter((one) => one !== '')
const quote = fc.record({ exact: written, prefix: text, suffix: text })
const position = fc.tuple(fc.nat(), fc.nat()).map(([start, more]) => ({ start, end: start + more }))

// As it is after any JSON: there -0 is written as 0.
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)))

const annotation: fc.Arbitrary<Annotation> = fc
  .record({
    id: fc.uuid({ version: [4, 5, 7] }),
    url: fc.webUrl({ withFragments: true, withQueryParameters: true }),
    title: text,
    quote: fc.option(quote),
    position: fc.option(position),
    note: text,
    tags: fc.uniqueArray(tag, { maxLength: 5 }),
    color: fc.constantFrom(...COLORS),
    created: fc.constant('2026-03-01T10:00:00.123456Z'),
    aliased: fc.boolean(),
    conflict_of: fc.option(fc.uuid({ version: 7 })),
    extra: fc.option(
      fc.oneof(
        fc.record({ w3c: fc.dictionary(fc.constantFrom('via', 'body', '@graph', 'x'), text) }),
        fc.dictionary(fc.constantFrom('kindle', 'hypothesis', 'w3c'), json),
      ),
    ),
  })
  .map(({ aliased, conflict_of, extra, ...one }) => ({
    ...one,
    ...(aliased && { canonical: new URL('/canonical|one', one.url).href }),
    ...(conflict_of && { conflict_of }),
    ...(extra && { extra }),
    page: one.url,
    updated: NOW,
    device: '',
    rev: 0,
    deleted: false,
  }))

const notes = fc.uniqueArray(annotation, { maxLength: 6, selector: ({ id }) => id })

describe('notes taken out as W3C annotations', () => {
  test('hold what the standard asks of a collection', () => {
    fc.assert(
      fc.property(notes, (some) => {
        const file = collectionOf(some, COLLECTION).join('')
        expect(problemsOf(JSON.parse(file))).toEqual([])
      }),
    )
  })

  test('come back as they were', () => {
    fc.assert(
      fc.property(notes, (some) => {
        const { notes: back, refused } = readW3c(collectionOf(some, COLLECTION).join(''), NOW)
        expect(refused).toEqual([])
        const kept = some.map(({ page, updated, device, rev, deleted, ...one }) => one)
        expect(back).toEqual(kept)
      }),
    )
  })
})

describe('annotations that others wrote', () => {
  const target = {
    source: 'https://paper.example/one',
    selector: { type: 'TextQuoteSelector', exact: 'so it goes' },
  }
  const read = (value: unknown) => readW3c(JSON.stringify(value), NOW)

  test.each([
    ['one by itself', (one: object) => one],
    ['a list', (one: object) => [one]],
    ['a page', (one: object) => ({ type: 'AnnotationPage', items: [one] })],
    ['a collection', (one: object) => ({ type: 'AnnotationCollection', first: { items: [one] } })],
  ])('are taken as %s', (_name, wrapped) => {
    const { notes } = read(wrapped({ id: 'https://other.example/7', target, bodyValue: 'Hm.' }))
    expect(notes).toMatchObject([
      { url: 'https://paper.example/one', note: 'Hm.', quote: { exact: 'so it goes' } },
    ])
  })

  test('are known again by the id that a server of ours gave them, or makes of theirs', () => {
    const uuid = '0190f3a0-1111-7000-8000-000000000001'
    const container = 'https://notes.example/postil/w3c/'
    for (const id of [`urn:uuid:${uuid}`, container + uuid, `${container}pages/aHR0cA/${uuid}`]) {
      expect(read({ id, target }).notes).toMatchObject([{ id: uuid }])
    }
    const theirs = read({ id: 'http://annotations.example/anno23', target }).notes
    expect(theirs).toMatchObject([{ id: '2a5e402f-3309-52ba-b698-946a29a8f0da' }])
  })

  test('may say what the page calls itself', () => {
    const source = { id: 'https://paper.example/a%7Cb', canonical: 'https://paper.example/one' }
    const one = { target: { ...target, source }, 'urn:postil:url': 'https://paper.example/a|b' }
    expect(read(one).notes).toMatchObject([
      { url: 'https://paper.example/a|b', canonical: 'https://paper.example/one' },
    ])
  })

  test('are the same notes when they are read a second time', () => {
    const one = { id: 'https://other.example/7', target }
    const anonymous = { target, bodyValue: 'Said by nobody.' }
    const ids = () => read([one, anonymous]).notes.map(({ id }) => id)
    expect(ids()).toEqual(ids())
    expect(new Set(ids()).size).toBe(2)
  })

  test('keep what Postil has no use for, and give it back', () => {
    const one = { id: 'https://other.example/7', target, creator: 'https://ann.example/' }
    const [note] = read(one).notes
    expect(note?.extra).toEqual({ w3c: { creator: 'https://ann.example/' } })
    const kept: Annotation = {
      ...note!,
      page: note!.url,
      updated: NOW,
      device: '',
      rev: 0,
      deleted: false,
    }
    expect(collectionOf([kept], COLLECTION).join('')).toContain('"creator":"https://ann.example/"')
  })

  test('say why they are left out', () => {
    const long = { ...target, selector: { type: 'TextQuoteSelector', exact: 'a'.repeat(20_001) } }
    const found = read([{}, { target: 'javascript:alert(1)' }, { target: long }, { target }])
    expect(found.refused).toEqual(['no-target', 'no-address', 'too-long'])
    expect(found.notes).toHaveLength(1)
  })

  test('are told from other files', () => {
    for (const file of ['', 'null', '{', '{"a":1}', '<html>', '"text"']) {
      expect(() => readW3c(file, NOW)).toThrow(NotAnnotations)
    }
  })
})
