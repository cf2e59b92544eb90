import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Annotation, Edit } from '../../../extension/src/model.ts'
import { edited, editOf, freshMark, joined, missing } from '../../../extension/src/page/mark.ts'

const NOTE: Annotation = freshMark({
  url: 'https://paper.example/one',
  quote: { exact: 'words', prefix: '', suffix: '' },
  position: { start: 0, end: 5 },
  color: 'yellow',
  note: 'mine',
  tags: ['a', 'b'],
}).annotation

describe('an edit', () => {
  test('of tags says what to add and what to remove, and nothing else', () => {
    expect(editOf({}, ['a', 'b'], ['b', 'c'])).toEqual({ tags_add: ['c'], tags_remove: ['a'] })
  })

  test('that changes nothing is empty', () => {
    expect(editOf({}, ['a'], ['a'])).toEqual({})
  })

  test('is shown before it is saved', () => {
    const after = edited(NOTE, { set: { note: 'new', color: 'blue' }, tags_remove: ['a'] })
    expect(after).toMatchObject({ note: 'new', color: 'blue', tags: ['b'] })
  })
})

describe('what a note that is kept does not say yet', () => {
  test('is nothing, where it says all of it', () => {
    expect(missing({ ...NOTE, tags: ['b', 'a', 'c'] }, NOTE)).toBeNull()
  })

  test('is an edit by somebody who has seen no revision of it', () => {
    const written = { ...NOTE, note: 'mine, at length', color: 'pink' as const, tags: ['b', 'c'] }
    const change = missing({ ...NOTE, rev: 3 }, written)
    expect(change).toEqual({
      base: 0,
      set: { note: 'mine, at length', color: 'pink' },
      tags_add: ['c'],
    })
  })
})

describe('two edits joined', () => {
  test('keep the later word on each field', () => {
    const first: Edit = { set: { note: 'one', color: 'blue' } }
    expect(joined(first, { set: { note: 'two' } })).toEqual({ set: { note: 'two', color: 'blue' } })
  })

  test('are the one there is, where there is only one', () => {
    expect(joined(null, { tags_add: ['x'] })).toEqual({ tags_add: ['x'] })
    expect(joined({ tags_add: ['x'] }, null)).toEqual({ tags_add: ['x'] })
  })

  test('do what the one and then the other does, whatever they are', () => {
    const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'))
    const some = fc
      .tuple(fc.constantFrom('x', 'y', ''), tags, tags)
      .map(([note, had, now]): Edit => editOf({ note }, had, now))
    fc.assert(
      fc.property(some, some, (first, second) => {
        const apart = edited(edited(NOTE, first), second)
        const together = edited(NOTE, joined(first, second))
        expect({ ...together, tags: together.tags.toSorted() }).toEqual({
          ...apart,
          tags: apart.tags.toSorted(),
        })
      }),
    )
  })
})
