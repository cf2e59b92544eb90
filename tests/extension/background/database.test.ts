import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import {
  keepSetting,
  openDatabase,
  setting,
} from '../../../extension/src/background/database'
import { createNote, notesOn } from '../../../extension/src/background/notes'
import { change } from '../../../extension/src/background/transaction'

const URL = 'https://example.org/'
const draft = { url: URL, quote: null, position: null, color: 'blue', note: 'kept' } as const
const now = () => new Date(0)

test('What was written is there when the database is opened again', async () => {
  const first = await openDatabase('opened twice')
  await createNote(first, { ...draft, tags: [] }, now)
  first.close()
  const second = await openDatabase('opened twice')
  expect(await notesOn(second, { url: URL })).toMatchObject([{ note: 'kept', color: 'blue' }])
})

test('A note and its outbox entry are both there, or neither', async () => {
  const database = await openDatabase('all or nothing')
  await expect(
    createNote(database, { ...draft, tags: [], position: (() => {}) as never }, now),
  ).rejects.toThrow()
  expect(await database.count('annotations')).toBe(0)
  expect(await database.count('outbox')).toBe(0)
  expect(await setting(database, 'color')).toBeUndefined()
})

test('What fails half-way leaves nothing, and says why', async () => {
  const database = await openDatabase('half-way')
  const failing = change(database, async (tx) => {
    await keepSetting(tx, 'color', 'pink')
    throw new Error('This is why.')
  })
  await expect(failing).rejects.toThrow('This is why.')
  expect(await setting(database, 'color')).toBeUndefined()
})

test('A newer version of the extension is let through, and the loss is told', async () => {
  let lost = 0
  await openDatabase('overtaken', () => {
    lost += 1
  })
  const newer = await new Promise<IDBDatabase>((opened, failed) => {
    const request = indexedDB.open('overtaken', 99)
    request.onsuccess = () => {
      opened(request.result)
    }
    request.onerror = () => {
      failed(request.error ?? new Error('It could not be opened.'))
    }
  })
  expect(newer.version).toBe(99)
  expect(lost).toBe(1)
})

test('A setting is kept until it is forgotten', async () => {
  const database = await openDatabase('settings')
  expect(await setting(database, 'color')).toBeUndefined()
  await keepSetting(database, 'color', 'pink')
  expect(await setting(database, 'color')).toBe('pink')
  await keepSetting(database, 'color', undefined)
  expect(await setting(database, 'color')).toBeUndefined()
})
