/**
 * A database as each released version left it, opened by this one. The old layouts stand here word
 * for word: they never change again.
 */
import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { openDatabase, setting } from '../../../extension/src/background/database'
import { digestOf, recount } from '../../../extension/src/background/held'
import { notesOn, restoreNote } from '../../../extension/src/background/notes'
import { change } from '../../../extension/src/background/transaction'
import { pageKey } from '../../../extension/src/page_key'

const URL = 'https://example.org/'
const note = (id: string, rev: number) => ({
  id,
  url: URL,
  page: pageKey(URL),
  title: '',
  quote: null,
  position: null,
  note: `the text of ${id}`,
  tags: [],
  color: 'yellow',
  created: '2026-01-01T00:00:00.000Z',
  updated: '2026-01-01T00:00:00.000Z',
  device: '',
  rev,
  deleted: false,
})

async function makeFirstVersion(name: string): Promise<void> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    const { result: database, transaction: tx } = request
    const annotations = database.createObjectStore('annotations', { keyPath: 'id' })
    annotations.createIndex('keys', 'keys', { multiEntry: true })
    const outbox = database.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true })
    outbox.createIndex('id', 'id')
    outbox.createIndex('state', 'state')
    const trash = database.createObjectStore('trash', { keyPath: 'id' })
    trash.createIndex('at', 'at')
    database.createObjectStore('settings')
    database.createObjectStore('paused', { keyPath: 'host' })
    for (const [id, rev] of [['synced', 7], ['unsent', 0]] as const) {
      const kept = { id, keys: [pageKey(URL)], annotation: note(id, rev), generation: 0 }
      tx!.objectStore('annotations').put(rev ? kept : { ...kept, server: null })
    }
    const gone = { id: 'gone', annotation: note('gone', 0), at: '2026-01-02T00:00:00.000Z' }
    tx!.objectStore('trash').put(gone)
    tx!.objectStore('settings').put(5, 'op')
  }
  const database = await new Promise<IDBDatabase>((opened, failed) => {
    request.onsuccess = () => {
      opened(request.result)
    }
    request.onerror = () => {
      failed(request.error ?? new Error('It could not be made.'))
    }
  })
  database.close()
}

test('What the first version kept is here, and what it had synced is counted', async () => {
  await makeFirstVersion('first version')
  const database = await openDatabase('first version')
  const notes = await notesOn(database, { url: URL })
  expect(notes.map(({ note }) => note)).toEqual(['the text of synced', 'the text of unsent'])
  expect(await setting(database, 'op')).toBe(5)
  const held = await setting(database, 'held')
  expect(held?.count).toBe(1)
  await change(database, async (tx) => {
    expect(digestOf(await recount(tx))).toBe(digestOf(held))
  })
  await restoreNote(database, 'gone', () => new Date(0))
  expect(await notesOn(database, { url: URL })).toHaveLength(3)
})

test('A migration that fails leaves the old database as it was', async () => {
  await makeFirstVersion('unlucky')
  const { openCursor } = IDBObjectStore.prototype
  IDBObjectStore.prototype.openCursor = () => {
    throw new Error('The disk is full.')
  }
  try {
    await expect(openDatabase('unlucky')).rejects.toThrow()
  } finally {
    IDBObjectStore.prototype.openCursor = openCursor
  }
  const database = await openDatabase('unlucky')
  expect(await notesOn(database, { url: URL })).toHaveLength(2)
  expect((await setting(database, 'held'))?.count).toBe(1)
})
