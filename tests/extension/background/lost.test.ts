import { beforeEach, expect, test } from 'vitest'
import { setting } from '../../../extension/src/background/database'
import {
  forgetLoss,
  observe,
  refresh,
  tell,
  tellAgain,
} from '../../../extension/src/background/lost'
import { change } from '../../../extension/src/background/transaction'
import type { Place } from '../../../extension/src/model'
import { Machine } from './machine'
import { cutOff, MemoryServer, refused } from './memory_server'

const LOST: Place = { kind: 'orphan' }
const FOUND: Place = { kind: 'exact', score: 1 }
const HOUR = 60 * 60_000

let server: MemoryServer
let desk: Machine
let asked: string[]
let ids: string[]

beforeEach(async () => {
  server = new MemoryServer()
  desk = await Machine.start(server)
  ids = []
  for (const note of ['one', 'two', 'three']) ids.push((await desk.write(note)).id)
  await desk.sync()
  asked = []
})

const client = (of = desk) =>
  server.client(of.name, (when, what) => {
    of.cut(when, what)
    if (when === 'before') asked.push(what)
  })

const seen = (...places: Place[]) =>
  observe(desk.database, Object.fromEntries(places.map((place, at) => [ids[at]!, place])))

test('Only what changed is told: a page that is as it was costs no request', async () => {
  expect(await seen(LOST, FOUND, { kind: 'page' })).toBe(true)
  await tell(desk.database, client())
  expect([...server.lost]).toEqual([ids[0]])
  expect(await seen(LOST, FOUND, { kind: 'page' })).toBe(false)
  await tell(desk.database, client())
  expect(asked).toEqual(['lost'])
  expect(await seen(FOUND, FOUND)).toBe(true)
  await tell(desk.database, client())
  expect([...server.lost]).toEqual([])
})

test('What comes late was never lost', async () => {
  expect(await seen(LOST)).toBe(true)
  expect(await seen(FOUND)).toBe(false)
  await tell(desk.database, client())
  expect(asked).toEqual([])
})

test('What could not be told is kept until it was', async () => {
  await seen(LOST, LOST)
  desk.cut = () => {
    throw cutOff()
  }
  await expect(tell(desk.database, client())).rejects.toThrow()
  desk.cut = (when) => {
    if (when === 'after') throw cutOff()
  }
  await expect(tell(desk.database, client())).rejects.toThrow()
  desk.cut = () => {}
  await tell(desk.database, client())
  expect([...server.lost].sort()).toEqual(ids.slice(0, 2).sort())
})

test('A server that knows of no such list is not told the same for ever', async () => {
  await seen(LOST)
  desk.cut = () => {
    throw refused(404)
  }
  await tell(desk.database, client())
  expect((await setting(desk.database, 'losses'))?.seen).toEqual({})
})

test('What another browser lost is found by this one, once it has heard of it', async () => {
  server.lost.add(ids[0]!)
  expect(await seen(FOUND)).toBe(false)
  await refresh(desk.database, client(), HOUR)
  expect(await seen(FOUND)).toBe(true)
  await tell(desk.database, client())
  expect([...server.lost]).toEqual([])
})

test('The list is asked for once an hour, also where the clock was set back', async () => {
  for (const now of [5 * HOUR, 5.9 * HOUR, 6 * HOUR, 2 * HOUR]) {
    await refresh(desk.database, client(), now)
  }
  expect(asked).toHaveLength(3)
  desk.cut = () => {
    throw cutOff()
  }
  for (const now of [9 * HOUR, 9.1 * HOUR]) await refresh(desk.database, client(), now)
  expect((await setting(desk.database, 'losses'))?.read).toBe(9 * HOUR)
})

test('A note with another passage can be lost anew', async () => {
  await seen(LOST)
  await tell(desk.database, client())
  await forgetLoss(desk.database, ids[0]!)
  server.lost.clear()
  expect(await seen(LOST)).toBe(true)
})

test('Another server is told of all that is lost', async () => {
  await seen(LOST, LOST)
  await tell(desk.database, client())
  await seen(FOUND, LOST, LOST)
  await change(desk.database, tellAgain)
  server.lost.clear()
  await tell(desk.database, client())
  expect([...server.lost].sort()).toEqual(ids.slice(1).sort())
})
