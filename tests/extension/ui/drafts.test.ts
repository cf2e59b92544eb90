/** What was written in a page of the extension, as the edit or the note it makes. */
import { expect, test } from 'vitest'
import type { Annotation } from '../../../extension/src/model'
import { draftFor, editOf, newNote } from '../../../extension/src/ui/drafts'

const NOTE: Annotation = {
  id: '00000000-0000-7000-8000-000000000001',
  url: 'https://example.org/a',
  page: 'https://example.org/a',
  title: 'A',
  quote: null,
  position: null,
  note: 'before',
  tags: ['one', 'two'],
  color: 'yellow',
  created: '2026-01-01T00:00:00.000Z',
  updated: '2026-01-01T00:00:00.000Z',
  device: '',
  rev: 7,
  deleted: false,
}

test('nothing written is no edit', () => {
  expect(editOf(draftFor(NOTE))).toBeNull()
})

test('an edit brings what was changed only, and says which text it was made from', () => {
  expect(editOf({ ...draftFor(NOTE), note: 'after' })).toEqual({
    set: { note: 'after' },
    tags_add: [],
    tags_remove: [],
    base: 7,
  })
  expect(editOf({ ...draftFor(NOTE), tags: ['two', 'three'] })).toEqual({
    set: {},
    tags_add: ['three'],
    tags_remove: ['one'],
    base: 7,
  })
})

test('a new note has a page and something to say', () => {
  const page = { url: NOTE.url, title: 'A' }
  const empty = { note: ' \n', tags: [], color: 'pink', from: null, page } as const
  expect(newNote({ ...empty, tags: [] })).toBeNull()
  expect(newNote({ ...empty, tags: ['x'] })).toMatchObject({ tags: ['x'], quote: null })
  expect(newNote({ ...empty, tags: [], note: 'said' })).toEqual({
    ...page,
    quote: null,
    position: null,
    color: 'pink',
    note: 'said',
    tags: [],
  })
  expect(newNote(draftFor(NOTE))).toBeNull()
})
