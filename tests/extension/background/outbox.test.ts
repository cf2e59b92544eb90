import { beforeEach, describe, expect, test } from 'vitest'
import { settle, take } from '../../../extension/src/background/outbox'
import type { Pushed } from '../../../extension/src/background/client'
import type { Operation } from '../../../extension/src/model'
import { Machine } from './machine'
import { cutOff, MemoryServer } from './memory_server'

let server: MemoryServer
let machine: Machine
const clock = () => 0

beforeEach(async () => {
  server = new MemoryServer()
  machine = await Machine.start(server)
})

const taken = () => take(machine.database, clock)

/** The server's answer to what was taken, without having the machine take it in. */
async function answerTo(operations: Operation[]): Promise<Pushed> {
  return server.client(machine.name).push(operations)
}

describe('an edit', () => {
  test('and its outbox entry are written together', async () => {
    const note = await machine.write('first')
    expect((await machine.outbox()).map(({ id }) => id)).toEqual([note.id])
  })

  test('joins the unsent entry of its note', async () => {
    const { id } = await machine.write('first', { tags: ['a', 'b'] })
    await machine.rewrite(id, 'second')
    await machine.edit(id, { set: { color: 'pink' }, tags_add: ['c'], tags_remove: ['a'] })
    const [sent, ...more] = await taken()
    expect(more).toEqual([])
    expect(sent).toMatchObject({ base: 0, set: { note: 'second', color: 'pink' } })
    expect(sent?.tags_add).toEqual(['b', 'c'])
  })

  test('of a note without an entry is based on the revision the note has', async () => {
    const { id } = await machine.write('first')
    await machine.sync()
    await machine.rewrite(id, 'second')
    expect((await taken())[0]).toMatchObject({ base: 1, set: { note: 'second' } })
  })

  test('of a text that was replaced meanwhile is based on what the reader was shown', async () => {
    const { id } = await machine.write('first')
    await machine.sync()
    await machine.rewrite(id, 'second')
    await machine.sync()
    await machine.edit(id, { set: { note: 'typed over the first' }, base: 1 })
    expect((await taken())[0]).toMatchObject({ base: 1 })
  })
})

describe('a batch', () => {
  test('is numbered in the order the entries arrived', async () => {
    const ids = [await machine.write('1'), await machine.write('2'), await machine.write('3')]
    const batch = await taken()
    expect(batch.map(({ id }) => id)).toEqual(ids.map(({ id }) => id))
    expect(batch.map(({ op }) => op)).toEqual([1, 2, 3])
  })

  test('is taken again, the same to the letter, until it is answered', async () => {
    const { id } = await machine.write('first')
    const batch = await taken()
    await machine.rewrite(id, 'second')
    await machine.write('another note')
    expect(await taken()).toEqual(batch)
  })

  test('goes on counting where the last one stopped, and never below the time', async () => {
    await machine.write('1')
    await settle(machine.database, await answerTo(await taken()))
    await machine.write('2')
    const [second] = await take(machine.database, () => 1000)
    expect(second?.op).toBe(1001)
    await settle(machine.database, await answerTo([second!]))
    await machine.write('3')
    expect((await take(machine.database, () => 5))[0]?.op).toBe(1002)
  })

  test('never grows over what a request may carry', async () => {
    for (let n = 0; n < 20; n++) await machine.write('x'.repeat(90_000))
    const batch = await taken()
    expect(JSON.stringify(batch).length).toBeLessThan(2 * 1024 * 1024)
    expect(batch.length).toBeGreaterThan(10)
  })
})

describe('an edit made while its note is under way', () => {
  test('waits, and is then based on the answered revision', async () => {
    const { id } = await machine.write('first')
    const batch = await taken()
    await machine.rewrite(id, 'second')
    await settle(machine.database, await answerTo(batch))
    expect((await taken())[0]).toMatchObject({ id, base: 1, set: { note: 'second' } })
    expect(await machine.texts()).toEqual(['second'])
  })

  test('keeps its base where the answer shows a text its reader has not seen', async () => {
    const other = await Machine.start(server)
    const { id } = await machine.write('first')
    await machine.sync()
    await other.sync()
    await other.rewrite(id, 'theirs')
    await other.sync()
    await machine.edit(id, { set: { color: 'green' } })
    const batch = await taken()
    await machine.rewrite(id, 'mine')
    await settle(machine.database, await answerTo(batch))
    await machine.sync()
    await other.sync()
    expect(await machine.texts()).toEqual(['mine', 'theirs'])
    expect(await other.texts()).toEqual(['mine', 'theirs'])
  })

  test('keeps its base where a text arrived before the first was answered', async () => {
    const other = await Machine.start(server)
    const { id } = await machine.write('first')
    await machine.sync()
    await other.sync()
    await machine.edit(id, { set: { color: 'green' } })
    await taken()
    await machine.rewrite(id, 'mine')
    await other.rewrite(id, 'theirs')
    await other.sync()
    await machine.sync()
    await machine.sync()
    expect(await machine.texts()).toEqual(['mine', 'theirs'])
    expect(server.live()).toHaveLength(2)
  })

  test('follows its text into the conflict copy', async () => {
    const other = await Machine.start(server)
    const { id } = await machine.write('first')
    await machine.sync()
    await other.sync()
    await other.rewrite(id, 'theirs')
    await other.sync()
    await machine.rewrite(id, 'mine')
    const batch = await taken()
    await machine.rewrite(id, 'mine, longer')
    await settle(machine.database, await answerTo(batch))
    await machine.sync()
    expect(await machine.texts()).toEqual(['mine, longer', 'theirs'])
    expect(server.live()).toHaveLength(2)
  })

  test('can be a deletion', async () => {
    const { id } = await machine.write('first')
    const batch = await taken()
    await machine.delete(id)
    expect(await machine.texts()).toEqual([])
    await settle(machine.database, await answerTo(batch))
    expect(await machine.texts()).toEqual([])
    await machine.sync()
    expect(server.live()).toEqual([])
  })
})

describe('a deletion', () => {
  test('of what was never sent leaves nothing behind', async () => {
    const { id } = await machine.write('never mind')
    await machine.delete(id)
    expect(await machine.outbox()).toEqual([])
    expect(await machine.database.getAll('annotations')).toEqual([])
  })

  test('of what was never sent can be undone', async () => {
    const { id } = await machine.write('after all', { tags: ['kept'] })
    await machine.delete(id)
    expect(await machine.restore(id)).toMatchObject({ id, note: 'after all', tags: ['kept'] })
    await machine.sync()
    expect(server.live()).toMatchObject([{ id, note: 'after all', tags: ['kept'] }])
  })

  test('that the server confirmed can be undone', async () => {
    const { id } = await machine.write('after all', { tags: ['kept'] })
    await machine.sync()
    await machine.delete(id)
    await machine.sync()
    expect(server.live()).toEqual([])
    await machine.restore(id)
    await machine.sync()
    expect(server.live()).toMatchObject([{ id, note: 'after all', tags: ['kept'] }])
    expect(await machine.texts()).toEqual(['after all'])
  })

  test('that was undone before it was sent is not sent', async () => {
    const { id } = await machine.write('after all')
    await machine.sync()
    await machine.delete(id)
    await machine.restore(id)
    await machine.sync()
    expect(server.arrived.flat().filter((operation) => operation.delete)).toEqual([])
    expect(await machine.texts()).toEqual(['after all'])
  })

  test('that was taken back leaves alone what another machine wrote meanwhile', async () => {
    const other = await Machine.start(server)
    const { id } = await machine.write('first')
    await machine.sync()
    await other.sync()
    await other.rewrite(id, 'theirs')
    await other.sync()
    await machine.delete(id)
    machine.cut = (when, what) => {
      if (when === 'before' && what === 'push') throw cutOff()
    }
    await machine.sync()
    machine.cut = () => {}
    await machine.restore(id)
    await machine.sync()
    await other.sync()
    expect(await other.texts()).toEqual(['first', 'theirs'])
  })

  test('loses against an edit on another machine', async () => {
    const other = await Machine.start(server)
    const { id } = await machine.write('first')
    await machine.sync()
    await other.sync()
    await other.rewrite(id, 'still at work on this')
    await other.sync()
    await machine.delete(id)
    await machine.sync()
    expect(await machine.texts()).toEqual(['still at work on this'])
  })
})

describe('a refused operation', () => {
  test('is parked with its reason, and its note stays', async () => {
    await machine.write('x'.repeat(1001))
    await machine.write('fine')
    await machine.sync()
    const [parked, ...more] = await machine.outbox()
    expect(more).toEqual([])
    expect(parked).toMatchObject({
      state: 'parked',
      refusal: { code: 'invalid', reason: 'too long', field: 'set.note' },
    })
    expect(await machine.texts()).toHaveLength(2)
    expect(server.live()).toMatchObject([{ note: 'fine' }])
  })

  test('is not sent again by itself, but with the next edit', async () => {
    const { id } = await machine.write('x'.repeat(1001))
    await machine.sync()
    await machine.sync()
    expect(server.arrived).toHaveLength(1)
    await machine.rewrite(id, 'short enough')
    await machine.sync()
    expect(await machine.outbox()).toEqual([])
    expect(server.live()).toMatchObject([{ note: 'short enough' }])
  })

  test('goes out again at once where the note was edited meanwhile', async () => {
    const { id } = await machine.write('x'.repeat(1001))
    const batch = await taken()
    await machine.rewrite(id, 'short enough')
    await settle(machine.database, await answerTo(batch))
    await machine.sync()
    expect(server.live()).toMatchObject([{ note: 'short enough' }])
  })

  test('that is about a note the server lost makes the note anew', async () => {
    const { id } = await machine.write('first', { tags: ['a'] })
    await machine.sync()
    server.rows.clear()
    await machine.edit(id, { set: { color: 'blue' } })
    await machine.sync()
    expect(server.live()).toMatchObject([{ id, note: 'first', color: 'blue', tags: ['a'] }])
  })
})

describe('a counter that fell behind what the server remembers', () => {
  test('costs no text', async () => {
    const { id } = await machine.write('first')
    await machine.sync()
    // An old profile was put back, on a machine whose clock begins at nought again.
    await machine.database.put('settings', 0, 'op')
    machine.now = () => new Date(0)
    await machine.rewrite(id, 'second')
    await machine.write('another')
    await machine.sync()
    expect(await machine.outbox()).toEqual([])
    expect(server.live().map(({ note }) => note).sort()).toEqual(['another', 'second'])
    expect(server.arrived).toHaveLength(2)
  })
})

test('A request that arrives twice does nothing twice', async () => {
  const other = await Machine.start(server)
  const { id } = await machine.write('first')
  await machine.sync()
  await other.sync()
  await other.rewrite(id, 'theirs')
  await other.sync()
  await machine.rewrite(id, 'mine')
  const batch = await taken()
  await answerTo(batch)
  await settle(machine.database, await answerTo(batch))
  await machine.sync()
  await machine.sync()
  expect(await machine.texts()).toEqual(['mine', 'theirs'])
})
