import { expect, test } from 'vitest'
import { setting } from '../../../extension/src/background/database'
import { BadPairing, pair, readPairing, unpair } from '../../../extension/src/background/pairing'
import { Machine } from './machine'
import { MemoryServer } from './memory_server'

const CODE = 'K7QM-4XZP'

test.each([
  ['http://127.0.0.1:4477', CODE, 'http://127.0.0.1:4477'],
  ['127.0.0.1:4477', CODE, 'http://127.0.0.1:4477'],
  ['  https://notes.example.org/  ', ' k7qm-4xzp ', 'https://notes.example.org'],
  ['https://example.org/postil/', CODE, 'https://example.org/postil'],
  [`http://192.168.1.5:4477/pair#${CODE}`, '', 'http://192.168.1.5:4477'],
  ['http://127.0.0.1:4477', `https://example.org/p/pair#${CODE}`, 'https://example.org/p'],
  ['http://[::1]:4477', CODE, 'http://[::1]:4477'],
])('%s with %s is understood', (server, code, address) => {
  expect(readPairing(server, code)).toEqual({ server: address, code: CODE })
})

test.each([
  ['', CODE, 'bad-address'],
  ['ftp://example.org', CODE, 'bad-address'],
  ['http://', CODE, 'bad-address'],
  ['javascript://alert', CODE, 'bad-address'],
  ['http://127.0.0.1:4477', '  ', 'code-missing'],
  ['http://127.0.0.1:4477/pair#', '', 'code-missing'],
])('%s with %s is refused as %s', (server, code, type) => {
  expect(() => readPairing(server, code)).toThrow(new BadPairing(type as BadPairing['type']))
})

const answers = (status: number, body: object): typeof fetch =>
  () => Promise.resolve(new Response(JSON.stringify(body), { status }))
const taken = (account: string) => answers(201, { token: 't', device: 'd', account })
const typed = { server: 'http://127.0.0.1:4477', code: CODE, name: '  Desk  ' }

test('A wrong code is told apart from a server that lets nobody in', async () => {
  const { database } = await Machine.start(new MemoryServer())
  const wrong = answers(403, { type: 'urn:postil:problem:wrong-code', detail: 'No.' })
  await expect(pair(database, wrong, typed)).rejects.toThrow(new BadPairing('bad-code'))
  const closed = answers(403, { type: 'urn:postil:problem:origin', detail: 'No.' })
  await expect(pair(database, closed, typed)).rejects.toMatchObject({
    failure: { type: 'forbidden' },
  })
})

test('Pairing again with the same server goes on reading where it stopped', async () => {
  const { database } = await Machine.start(new MemoryServer())
  await pair(database, taken('default'), typed)
  const cursor = { server: 'http://127.0.0.1:4477', account: 'default', cursor: 'e.5.n' }
  await database.put('settings', cursor, 'cursor')
  await unpair(database)
  expect(await setting(database, 'pairing')).toBeUndefined()
  await pair(database, taken('default'), typed)
  expect(await setting(database, 'cursor')).toEqual(cursor)
  expect(await setting(database, 'pairing')).toMatchObject({ name: 'Desk', token: 't' })
})

test('Pairing with another account reads everything, and sends everything', async () => {
  const machine = await Machine.start(new MemoryServer())
  const { database, server } = machine
  await pair(database, taken('default'), typed)
  await machine.write('mine')
  await machine.sync()
  server.rows.clear()
  await pair(database, taken('other'), typed)
  expect(await setting(database, 'cursor')).toBeUndefined()
  await machine.sync()
  expect(server.live()).toMatchObject([{ note: 'mine' }])
})
