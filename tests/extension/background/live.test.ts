import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { setting } from '../../../extension/src/background/database'
import { Audience, pause, type Surroundings } from '../../../extension/src/background/live'
import { Machine } from './machine'
import { cutOff, MemoryServer, refused } from './memory_server'

let server: MemoryServer
let machine: Machine
let asked: number
let pauses: number[]
let leave: (() => void)[]
let news: (signal: AbortSignal) => Promise<boolean>

beforeEach(async () => {
  server = new MemoryServer()
  machine = await Machine.start(server)
  asked = 0
  pauses = []
  leave = []
  news = (signal) => atServer(signal)
})

afterEach(() => {
  for (const one of leave) one()
})

/** Answers as soon as something is new, as the server does. */
async function atServer(signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const cursor = (await setting(machine.database, 'cursor'))?.cursor
    if (await server.client('bell').news(cursor, 25, signal)) return true
    await new Promise((next) => setImmediate(next))
  }
  throw cutOff()
}

const around: Surroundings = {
  async server() {
    const client = server.client(machine.name)
    return {
      client: { ...client, news: (_cursor, _seconds, signal) => (asked++, news(signal)) },
      cursor: (await setting(machine.database, 'cursor'))?.cursor,
    }
  },
  async sync() {
    await machine.sync()
  },
  /** As long as it should be, but no test waits for it. */
  pause: (milliseconds, signal) => {
    pauses.push(milliseconds)
    return pause(Math.min(milliseconds, 1), signal)
  },
}

function open(): () => void {
  const left = new Audience(around).join()
  leave.push(left)
  return left
}

async function write(note: string): Promise<void> {
  const other = await Machine.start(server)
  await other.write(note)
  await other.sync()
}

test('What another machine wrote is here without anybody asking for it', async () => {
  open()
  await write('first')
  await vi.waitFor(async () => expect(await machine.texts()).toEqual(['first']))
  await write('second')
  await vi.waitFor(async () => expect(await machine.texts()).toEqual(['first', 'second']))
})

test('One request waits at a time, however many pages are open', async () => {
  let waiting = 0
  let most = 0
  news = async (signal) => {
    most = Math.max(most, ++waiting)
    return atServer(signal).finally(() => (waiting -= 1))
  }
  const audience = new Audience(around)
  leave.push(audience.join(), audience.join(), audience.join())
  await write('first')
  await vi.waitFor(async () => expect(await machine.texts()).toEqual(['first']))
  expect(most).toBe(1)
})

test('It ends with the last page, in the middle of waiting', async () => {
  const audience = new Audience(around)
  const [one, other] = [audience.join(), audience.join()]
  let aborted = 0
  news = (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        aborted += 1
        reject(cutOff())
      })
    })
  await vi.waitFor(() => expect(asked).toBe(1))
  one()
  one()
  expect(aborted).toBe(0)
  other()
  expect(aborted).toBe(1)
})

describe('never asks in a tight circle', () => {
  test.each([
    ['a server that is away', () => Promise.reject(cutOff())],
    ['a server in trouble', () => Promise.reject(refused(500))],
    ['a server where too many wait', () => Promise.resolve(false)],
    ['a server that rings for nothing', () => Promise.resolve(true)],
  ])('at %s', async (_where, answer) => {
    await machine.sync()
    news = answer
    open()
    await vi.waitFor(() => expect(asked).toBeGreaterThan(8))
    expect(pauses.length).toBeGreaterThanOrEqual(asked - 1)
    expect(pauses.slice(0, 6)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000])
  })

  test('and starts anew when the server is back', async () => {
    news = () => Promise.reject(cutOff())
    open()
    await vi.waitFor(() => expect(asked).toBeGreaterThan(3))
    news = atServer
    await write('first')
    await vi.waitFor(async () => expect(await machine.texts()).toEqual(['first']))
    const before = pauses.length
    await write('second')
    await vi.waitFor(async () => expect(await machine.texts()).toHaveLength(2))
    expect(pauses.length).toBe(before)
  })
})

test('A server put back from a backup is noticed', async () => {
  await write('first')
  await machine.sync()
  server.restore(server.backup())
  open()
  await vi.waitFor(async () => {
    expect((await setting(machine.database, 'cursor'))?.cursor).toMatch(/^2\./)
  })
})
