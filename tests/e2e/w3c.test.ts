/** The check that the export stories rely on: it lets a right collection pass, and no wrong one. */

import { describe, expect, test } from 'vitest'
import { problemsOf } from './w3c'

const right = {
  '@context': 'http://www.w3.org/ns/anno.jsonld',
  id: 'urn:uuid:0193d2b0-0000-7000-8000-000000000000',
  type: 'AnnotationCollection',
  total: 1,
  first: {
    id: 'urn:uuid:0193d2b0-0000-7000-8000-000000000001',
    type: 'AnnotationPage',
    startIndex: 0,
    items: [
      {
        id: 'urn:uuid:0193d2b0-0000-7000-8000-000000000002',
        type: 'Annotation',
        created: '2024-03-09T08:00:00.123456Z',
        motivation: ['commenting', 'highlighting'],
        body: { type: 'TextualBody', value: 'Yes.', purpose: 'commenting' },
        stylesheet: { type: 'CssStylesheet', value: '.postil-yellow { background: yellow }' },
        target: {
          source: 'https://example.org/a%20page',
          styleClass: 'postil-yellow',
          selector: [
            { type: 'TextQuoteSelector', exact: 'sea', prefix: 'the ', suffix: ' rises' },
            { type: 'TextPositionSelector', start: 4, end: 7 },
          ],
        },
      },
    ],
  },
}

/** A copy in which the value at the path is another, or (undefined) is not there. */
function broken(path: string, value: unknown): unknown {
  const copy = structuredClone(right) as unknown as Record<string, unknown>
  const steps = path.split('.')
  const last = steps.pop()!
  const owner = steps.reduce((at, step) => at[step] as Record<string, unknown>, copy)
  if (value === undefined) delete owner[last]
  else owner[last] = value
  return copy
}

const ANNOTATION = 'first.items.0'

describe('the check of an export', () => {
  test('lets a right collection pass', () => {
    expect(problemsOf(right)).toEqual([])
  })

  test('lets an empty collection pass', () => {
    expect(problemsOf({ ...right, total: 0, first: undefined })).toEqual([])
  })

  test.each([
    ['no context', '@context', undefined],
    ['a wrong total', 'total', 2],
    ['no first page', 'first', undefined],
    ['a page of another kind', 'first.type', 'Page'],
    ['a page that miscounts', 'first.startIndex', 1],
    ['an annotation without an id', `${ANNOTATION}.id`, undefined],
    ['an annotation without a target', `${ANNOTATION}.target`, undefined],
    ['an empty list of bodies', `${ANNOTATION}.body`, []],
    ['a body without its text', `${ANNOTATION}.body.value`, undefined],
    ['a motivation of its own', `${ANNOTATION}.motivation`, 'musing'],
    ['a time without a zone', `${ANNOTATION}.created`, '2024-03-09T08:00:00'],
    ['a space in an address', `${ANNOTATION}.target.source`, 'https://example.org/a page'],
    ['a style class without a stylesheet', `${ANNOTATION}.stylesheet`, undefined],
    ['a quote without its words', `${ANNOTATION}.target.selector.0.exact`, undefined],
    ['a position that ends before it starts', `${ANNOTATION}.target.selector.1.end`, 3],
  ])('complains about %s', (_what, path, value) => {
    expect(problemsOf(broken(path, value))).not.toEqual([])
  })
})
