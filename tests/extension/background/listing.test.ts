import { describe, expect, test } from 'vitest'
import { inListOrder, inUse } from '../../../extension/src/background/listing'
import type { Annotation, Place } from '../../../extension/src/model'

const FOUND: Place = { kind: 'exact', score: 1 }
const LOST: Place = { kind: 'orphan' }

function note(id: string, more: Partial<Annotation> = {}): Annotation {
  const quote = { exact: id, prefix: '', suffix: '' }
  const fixed = { url: '', page: '', title: '', created: '', updated: '', device: '' }
  const free = { position: null, note: '', tags: [], color: 'yellow' as const }
  return { id, quote, ...fixed, ...free, rev: 0, deleted: false, ...more }
}

function listed(notes: Annotation[], places: Record<string, Place>, order: string[]) {
  const { found, lost } = inListOrder(notes, places, order)
  return [found.map(({ id }) => id), lost.map(({ id }) => id)]
}

describe('the order of a list', () => {
  const notes = [note('a'), note('b'), note('c')]

  test('is the order of the page', () => {
    const places = { a: FOUND, b: FOUND, c: FOUND }
    expect(listed(notes, places, ['c', 'a', 'b'])).toEqual([['c', 'a', 'b'], []])
  })

  test('leaves all where their positions put them until the page has told of each', () => {
    expect(listed(notes, { a: FOUND, c: FOUND }, ['c', 'a'])).toEqual([['a', 'b', 'c'], []])
  })

  test('has what is not found apart, though the page tells of nothing else', () => {
    const places = { a: LOST, b: FOUND, c: FOUND }
    expect(listed(notes, places, ['c', 'b', 'a'])).toEqual([['c', 'b'], ['a']])
  })

  test('begins with notes on the whole page, and keeps a copy beside its note', () => {
    const copy = note('x', { conflict_of: 'a' })
    const whole = note('w', { quote: null })
    const places = { a: FOUND, b: FOUND, w: { kind: 'page' } as const, x: FOUND }
    const order = ['b', 'x', 'a', 'w']
    const all = [note('a'), copy, note('b'), whole]
    expect(listed(all, places, order)).toEqual([['w', 'b', 'a', 'x'], []])
  })
})

test('what is in use: colours in the order of the pens, tags by how often', () => {
  const notes = [
    note('a', { color: 'purple', tags: ['rare', 'common'] }),
    note('b', { color: 'yellow', tags: ['common'] }),
    note('c', { color: 'purple' }),
  ]
  expect(inUse(notes, 1)).toEqual({
    notes: 3,
    lost: 1,
    colors: ['yellow', 'purple'],
    tags: ['common', 'rare'],
  })
})
