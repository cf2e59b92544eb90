import { beforeEach, describe, expect, test } from 'vitest'
import { setting } from '../../../extension/src/background/database'
import { digestOf, recount } from '../../../extension/src/background/held'
import { change } from '../../../extension/src/background/transaction'
import { Machine } from './machine'
import { MemoryServer, type Request } from './memory_server'

let server: MemoryServer
let machine: Machine
let asked: Request[]

beforeEach(async () => {
  server = new MemoryServer()
  machine = await Machine.start(server)
  asked = []
  machine.cut = (when, what) => {
    if (when === 'before') asked.push(what)
  }
})

const held = async () => digestOf(await setting(machine.database, 'held'))

/** What a walk over all notes makes of it. */
const counted = () =>
  change(machine.database, async (tx) => {
    const before = await setting(tx, 'held')
    const now = digestOf(await recount(tx))
    expect(digestOf(before)).toBe(now)
    return now
  })

async function served(): Promise<string> {
  const page = await server.client('another').pull(`1.${server.seq}`)
  return page.digest!
}

describe('the digest of what is held', () => {
  test('is the server’s, whatever happened', async () => {
    const other = await Machine.start(server)
    const first = await machine.write('first')
    const second = await machine.write('second')
    await machine.sync()
    await other.sync()
    await other.rewrite(first.id, 'from the other')
    await machine.rewrite(first.id, 'from here')
    await machine.delete(second.id)
    await other.sync()
    await machine.sync()
    await machine.sync()
    expect(await machine.texts()).toEqual(['from here', 'from the other'])
    expect(await counted()).toBe(await served())
  })

  test('counts a note as the server knows it, not as it was edited here since', async () => {
    const { id } = await machine.write('first')
    await machine.sync()
    const before = await held()
    await machine.rewrite(id, 'second')
    await machine.write('not sent yet')
    expect(await held()).toBe(before)
    await machine.delete(id)
    expect(await counted()).toBe(before)
  })

  test('is asked for nothing more where both are equal', async () => {
    await machine.write('first')
    await machine.sync()
    await machine.sync()
    expect(asked).toEqual(['pull', 'push', 'pull'])
  })
})

describe('a database that went wrong', () => {
  let id: string
  beforeEach(async () => {
    id = (await machine.write('first', { tags: ['kept'] })).id
    for (let n = 0; n < 5; n++) await machine.write(`other ${n}`)
    await machine.sync()
    await machine.sync()
    asked = []
  })

  async function spoil(work: (kept: NonNullable<Awaited<ReturnType<typeof get>>>) => unknown) {
    const kept = await get(id)
    await machine.database.put('annotations', (work(kept!) ?? kept) as never)
    await forget()
  }
  const get = (one: string) => machine.database.get('annotations', one)
  const forget = () => machine.database.delete('settings', 'held')

  test('gets back a note it lost, and fetches nothing else', async () => {
    await machine.database.delete('annotations', id)
    await forget()
    const { touched } = await machine.sync()
    expect(asked).toEqual(['pull', 'manifest', 'note'])
    expect(await machine.texts()).toContain('first')
    expect(touched.size).toBe(1)
    expect(await counted()).toBe(await served())
  })

  test('that only miscounted is counted anew, without a question', async () => {
    await forget()
    await machine.sync()
    expect(asked).toEqual(['pull'])
    expect(await counted()).toBe(await served())
  })

  test('that lost a note under its tally finds that out on another day', async () => {
    await machine.database.delete('annotations', id)
    await machine.sync()
    expect(asked).toEqual(['pull'])
    await machine.database.put('settings', '2025-12-31', 'counted')
    await machine.sync()
    expect(await machine.texts()).toContain('first')
    expect(await counted()).toBe(await served())
  })

  test('lets go of a note that was deleted elsewhere, into the trash', async () => {
    const other = await Machine.start(server)
    await other.sync()
    await other.delete(id)
    const kept = (await get(id))!
    await other.sync()
    await machine.sync()
    await machine.database.put('annotations', kept)
    await forget()
    await machine.sync()
    expect(await machine.texts()).not.toContain('first')
    expect(await machine.database.get('trash', id)).toMatchObject({ annotation: { note: 'first' } })
    expect(await counted()).toBe(await served())
  })

  test('sends what the server lost', async () => {
    server.rows.delete(id)
    await machine.sync()
    expect(server.live()).toContainEqual(expect.objectContaining({ id, note: 'first' }))
    await machine.sync()
    expect(await counted()).toBe(await served())
  })

  test('keeps a text the server never saw, beside the server’s', async () => {
    await spoil((kept) => {
      kept.annotation.rev = 999
      kept.annotation.note = 'from another life'
    })
    await machine.sync()
    await machine.sync()
    expect(await machine.texts()).toEqual(expect.arrayContaining(['first', 'from another life']))
    expect(server.live()).toHaveLength(7)
  })

  test('keeps the edits that wait', async () => {
    await machine.rewrite(id, 'unsent')
    await spoil((kept) => {
      kept.server = { ...kept.annotation, rev: 0, note: 'unsent' }
    })
    await machine.sync()
    await machine.sync()
    expect(await machine.texts()).toContain('unsent')
    expect(server.live()).toContainEqual(expect.objectContaining({ id, note: 'unsent' }))
  })

  test('of which too much is wrong pulls everything again, once', async () => {
    for (let n = 0; n < 150; n++) await machine.write(`many ${n}`)
    await machine.sync()
    await machine.sync()
    await machine.database.clear('annotations')
    await forget()
    asked = []
    await machine.sync()
    expect(asked.filter((what) => what === 'manifest')).toHaveLength(1)
    expect(asked).not.toContain('note')
    expect(await machine.texts()).toHaveLength(156)
    expect(await counted()).toBe(await served())
  })
})

describe('a server whose digest is wrong for good', () => {
  beforeEach(async () => {
    await machine.write('first')
    await machine.sync()
    const client = server.client.bind(server)
    server.client = (device, cut) => {
      const honest = client(device, cut)
      const pull: typeof honest.pull = async (...asked) => ({
        ...(await honest.pull(...asked)),
        digest: 'f'.repeat(64),
      })
      return { ...honest, pull }
    }
    asked = []
  })

  test('is asked for its manifest now and then, not at every sync', async () => {
    for (let n = 0; n < 100; n++) await machine.sync()
    expect(asked.filter((what) => what === 'manifest').length).toBeLessThan(5)
    expect(asked).not.toContain('note')
    expect(await machine.texts()).toEqual(['first'])
  })

  test('is not spared for ever by a clock that was set back', async () => {
    await machine.sync()
    const mending = (await setting(machine.database, 'mending'))!
    const years = 10 * 365 * 86_400_000
    await machine.database.put('settings', { ...mending, at: mending.at + years }, 'mending')
    await machine.sync()
    expect(asked.filter((what) => what === 'manifest')).toHaveLength(2)
  })
})
