/**
 * The disk is full, at every single write there is: the browser then ends the transaction with
 * `QuotaExceededError`. Whatever was asked for is then not done at all, and says why.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { settleConflict } from '../../../extension/src/background/conflicts'
import { failureOf } from '../../../extension/src/background/wording'
import { Machine } from './machine'
import { MemoryServer } from './memory_server'

let server: MemoryServer
let machine: Machine
let id: string

/** The browser's own part of it, which IndexedDB in memory has too. */
interface Ending extends IDBTransaction {
  _abort(error: string): void
}

const { put, add } = IDBObjectStore.prototype
let room = Infinity

beforeEach(async () => {
  server = new MemoryServer()
  machine = await Machine.start(server)
  id = (await machine.write('first', { tags: ['a'] })).id
  await machine.sync()
  await machine.sync()
  IDBObjectStore.prototype.put = function (...args) {
    return writeTo(this, put, args)
  }
  IDBObjectStore.prototype.add = function (...args) {
    return writeTo(this, add, args)
  }
})

afterEach(() => {
  room = Infinity
  Object.assign(IDBObjectStore.prototype, { put, add })
})

function writeTo(store: IDBObjectStore, write: typeof put, args: Parameters<typeof put>) {
  const request = write.apply(store, args)
  if (room-- <= 0) (store.transaction as Ending)._abort('QuotaExceededError')
  return request
}

async function everything(): Promise<unknown> {
  const stores = ['annotations', 'outbox', 'trash', 'settings'] as const
  return Promise.all(stores.map((name) => machine.database.getAll(name)))
}

/** Let it fail at its first write, its second, and so on until there was room for all. */
async function failEverywhere(work: () => Promise<unknown>): Promise<number> {
  for (let writes = 0; ; writes++) {
    const before = await everything()
    room = writes
    const failed: unknown = await work().then(
      () => null,
      (error: unknown) => error,
    )
    room = Infinity
    if (failed === null) return writes
    expect(failureOf(failed)).toEqual({ type: 'storage-full' })
    expect(await everything()).toEqual(before)
  }
}

async function conflict(): Promise<{ copy: string; original: string }> {
  const other = await Machine.start(server)
  await other.sync()
  await other.rewrite(id, 'theirs')
  await other.sync()
  await machine.rewrite(id, 'mine')
  await machine.sync()
  const copy = (await machine.notes()).find(({ conflict_of }) => conflict_of !== undefined)
  return { copy: copy!.id, original: id }
}

test('A note that finds no room is not there at all', async () => {
  expect(await failEverywhere(() => machine.write('second'))).toBeGreaterThan(1)
  expect(await machine.texts()).toEqual(['first', 'second'])
})

test('An edit is not made by half', async () => {
  const edit = { set: { note: 'second', color: 'pink' }, tags_add: ['b'] } as const
  expect(await failEverywhere(() => machine.edit(id, { ...edit, tags_add: ['b'] }))).toBe(3)
})

test('A deletion, and taking it back', async () => {
  expect(await failEverywhere(() => machine.delete(id))).toBeGreaterThan(1)
  expect(await failEverywhere(() => machine.restore(id))).toBeGreaterThan(0)
  expect(await machine.texts()).toEqual(['first'])
})

test('The answer to a conflict', async () => {
  const { copy } = await conflict()
  const seen = { copy: 999, original: 999 }
  const settle = () =>
    settleConflict(machine.database, { id: copy, keep: 'this', seen }, machine.now)
  expect(await failEverywhere(settle)).toBeGreaterThan(3)
})

test('A sync that finds no room goes on where it stopped, and loses nothing', async () => {
  const other = await Machine.start(server)
  await other.write('from elsewhere')
  await other.sync()
  await machine.write('from here')
  for (let writes = 0; writes < 40; writes++) {
    room = writes
    await machine.sync().catch((error: unknown) => {
      expect(failureOf(error)).toEqual({ type: 'storage-full' })
    })
    room = Infinity
    expect(await machine.texts()).toEqual(expect.arrayContaining(['first', 'from here']))
  }
  await machine.sync()
  expect(await machine.texts()).toEqual(['first', 'from elsewhere', 'from here'])
  expect(server.live()).toHaveLength(3)
  expect(await machine.outbox()).toEqual([])
})
