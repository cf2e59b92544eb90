/** What was written, saved whatever became of its note. */
import { beforeEach, expect, test } from 'vitest'
import { savePending } from '../../../extension/src/background/saving'
import { uuidv7 } from '../../../extension/src/uuid'
import type { Draft } from '../../../extension/src/model'
import { Machine, PAGE } from './machine'
import { MemoryServer } from './memory_server'

let server: MemoryServer
let machine: Machine

const otherwise = (note: string): Draft => ({
  id: uuidv7(),
  url: PAGE,
  quote: { exact: 'a passage', prefix: '', suffix: '' },
  position: null,
  color: 'yellow',
  tags: [],
  note,
})

beforeEach(async () => {
  server = new MemoryServer()
  machine = await Machine.start(server)
})

const save = (id: string, note: string, was = 'before', other = otherwise(note)) => {
  const pending = { id, edit: { set: { note }, tags_add: ['x'] }, was, otherwise: other }
  return savePending(machine.database, pending, machine.now)
}

test('on a note that is there, it is an edit', async () => {
  const { id } = await machine.write('before')
  const { annotation } = await save(id, 'after')
  expect(annotation).toMatchObject({ id, note: 'after' })
  expect(await machine.texts()).toEqual(['after'])
})

test('a text that was written elsewhere here meanwhile stays, with the later beside it', async () => {
  const { id } = await machine.write('before', { tags: ['kept'] })
  await machine.rewrite(id, 'in the page')
  const other = otherwise('in the panel')
  for (const _ of [1, 2]) await save(id, 'in the panel', 'before', other)
  const [note, copy, ...rest] = await machine.notes()
  expect(note).toMatchObject({ id, note: 'in the page', tags: ['kept', 'x'] })
  expect(copy).toMatchObject({ conflict_of: id, note: 'in the panel', quote: note!.quote })
  expect(rest).toEqual([])
  await machine.sync()
  expect(await machine.texts()).toEqual(['in the page', 'in the panel'])
})

test('a text that was taken out meanwhile, or is the same, is no other', async () => {
  const { id } = await machine.write('before')
  await machine.rewrite(id, '')
  await save(id, 'after')
  await save(id, 'after')
  expect(await machine.texts()).toEqual(['after'])
})

test('a new note, saved twice, is one', async () => {
  const draft = otherwise('new')
  await savePending(machine.database, { draft }, machine.now)
  await savePending(machine.database, { draft }, machine.now)
  expect(await machine.texts()).toEqual(['new'])
})

test('a new note that was kept before it was written on is kept whole', async () => {
  const draft = otherwise('ne')
  await savePending(machine.database, { draft }, machine.now)
  const later = { ...draft, note: 'new', tags: ['x'] }
  const { annotation } = await savePending(machine.database, { draft: later }, machine.now)
  expect(annotation).toMatchObject({ id: draft.id, note: 'new', tags: ['x'] })
  await machine.sync()
  expect(await machine.texts()).toEqual(['new'])
})

test('a page that saw all that was written writes over it', async () => {
  const { id } = await machine.write('before')
  const { id: _, ...other } = otherwise('after')
  const pending = { id, edit: { set: { note: 'after' } }, otherwise: other }
  await savePending(machine.database, pending, machine.now)
  expect(await machine.texts()).toEqual(['after'])
})

test('on a note that was deleted here, it brings it back', async () => {
  const { id } = await machine.write('before', { tags: ['kept'] })
  await machine.delete(id)
  const { annotation } = await save(id, 'after')
  expect(annotation).toMatchObject({ id, note: 'after', tags: ['kept', 'x'] })
  expect(await machine.texts()).toEqual(['after'])
})

test('on a note that was deleted elsewhere, it is a note of its own', async () => {
  const { id } = await machine.write('before')
  await machine.sync()
  const other = await Machine.start(server)
  await other.sync()
  await other.delete(id)
  await other.sync()
  await machine.sync()
  expect(await machine.texts()).toEqual([])
  const { annotation } = await save(id, 'after')
  expect(annotation.id).not.toBe(id)
  await machine.sync()
  await other.sync()
  expect(await other.texts()).toEqual(['after'])
})
