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

const save = (id: string, note: string) => {
  const pending = { id, edit: { set: { note } }, otherwise: otherwise(note) }
  return savePending(machine.database, pending, machine.now)
}

test('on a note that is there, it is an edit', async () => {
  const { id } = await machine.write('before')
  const { annotation } = await save(id, 'after')
  expect(annotation).toMatchObject({ id, note: 'after' })
  expect(await machine.texts()).toEqual(['after'])
})

test('a new note, saved twice, is one', async () => {
  const draft = otherwise('new')
  await savePending(machine.database, { draft }, machine.now)
  await savePending(machine.database, { draft }, machine.now)
  expect(await machine.texts()).toEqual(['new'])
})

test('on a note that was deleted here, it brings it back', async () => {
  const { id } = await machine.write('before', { tags: ['kept'] })
  await machine.delete(id)
  const { annotation } = await save(id, 'after')
  expect(annotation).toMatchObject({ id, note: 'after', tags: ['kept'] })
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
