import { beforeEach, expect, test } from 'vitest'
import { notesOn, Refused } from '../../../extension/src/background/notes'
import { uuidv7 } from '../../../extension/src/uuid'
import { Machine, PAGE } from './machine'
import { MemoryServer } from './memory_server'

let machine: Machine

beforeEach(async () => {
  machine = await Machine.start(new MemoryServer())
})

test('Notes come in reading order, those on the whole page first', async () => {
  await machine.write('end', { position: { start: 900, end: 950 } })
  await machine.write('nowhere', { position: null })
  await machine.write('start', { position: { start: 9, end: 20 } })
  await machine.write('page', { quote: null, position: null })
  const notes = await machine.notes()
  expect(notes.map(({ note }) => note)).toEqual(['page', 'start', 'end', 'nowhere'])
})

test('A note is found under every address of its page', async () => {
  const mobile = 'https://m.example.org/article?id=7'
  await machine.write('made on the phone', { url: mobile, canonical: PAGE })
  const under = (url: string, canonical?: string) =>
    notesOn(machine.database, { url, ...(canonical === undefined ? {} : { canonical }) })
  expect(await under(mobile)).toHaveLength(1)
  expect(await under(`${PAGE}?utm_source=letter#top`)).toHaveLength(1)
  expect(await under('https://amp.example.org/article', PAGE)).toHaveLength(1)
  expect(await under('https://example.org/another')).toHaveLength(0)
})

test('A canonical address on another site is not believed', async () => {
  await machine.write('first', { canonical: 'https://elsewhere.net/' })
  expect(await notesOn(machine.database, { url: 'https://elsewhere.net/' })).toHaveLength(0)
})

test.each([
  ['no-page', { url: 'chrome://settings/' }],
  ['no-page', { url: 'not an address' }],
  ['url-too-long', { url: `https://example.org/${'x'.repeat(4096)}` }],
  ['quote-too-long', { quote: { exact: 'x'.repeat(20_001), prefix: '', suffix: '' } }],
])('What a page hands over is held to the limits: %s', async (type, draft) => {
  await expect(machine.write('first', draft)).rejects.toMatchObject({ type })
  expect(await machine.outbox()).toEqual([])
})

test('What was typed is kept, however long', async () => {
  const long = 'x'.repeat(300_000)
  const { id } = await machine.write(long)
  expect((await machine.notes())[0]).toMatchObject({ id, note: long })
})

test('What is not text is taken out of texts: NUL and half surrogate pairs', async () => {
  await machine.write('a\0b\ud800c', {
    title: 'a\0b',
    quote: { exact: 'x\udc00y', prefix: '', suffix: '' },
  })
  expect(await machine.notes()).toMatchObject([
    { note: 'ab\ufffdc', title: 'ab', quote: { exact: 'x\ufffdy' } },
  ])
})

test('Editing and deleting what is not there is refused', async () => {
  await expect(machine.rewrite(uuidv7(), 'text')).rejects.toThrow(new Refused('no-note'))
  await expect(machine.delete(uuidv7())).rejects.toThrow(new Refused('no-note'))
  const { id } = await machine.write('gone')
  await machine.delete(id)
  await expect(machine.rewrite(id, 'text')).rejects.toThrow(new Refused('no-note'))
  await expect(machine.restore(uuidv7())).rejects.toThrow(new Refused('nothing-to-restore'))
})

test('Asking twice, since the first answer was lost, does nothing twice', async () => {
  const id = uuidv7()
  await machine.write('once', { id })
  await machine.rewrite(id, 'edited since')
  expect(await machine.write('once', { id })).toMatchObject({ id, note: 'edited since' })
  await machine.delete(id)
  await machine.restore(id)
  expect(await machine.restore(id)).toMatchObject({ note: 'edited since' })
  expect(await machine.texts()).toEqual(['edited since'])
  expect(await machine.outbox()).toHaveLength(1)
})

test('What is asked for again after it was deleted elsewhere is not taken for kept', async () => {
  const id = uuidv7()
  await machine.write('once', { id })
  await machine.sync()
  await machine.delete(id)
  await machine.sync()
  await expect(machine.write('once', { id })).rejects.toThrow(new Refused('no-note'))
})

test('An edit that is told right after its note finds it kept', async () => {
  const id = uuidv7()
  await Promise.all([machine.write('', { id }), machine.rewrite(id, 'written at once')])
  expect(await machine.texts()).toEqual(['written at once'])
})

test('An id that is none is not taken from a page', async () => {
  const { id } = await machine.write('first', { id: '../../etc' })
  expect(id).toMatch(/^[0-9a-f-]{36}$/)
})

test('Many edits at the same time all come through', async () => {
  const { id } = await machine.write('first')
  const tags = Array.from({ length: 50 }, (_, n) => `tag ${n}`)
  await Promise.all(tags.map((tag) => machine.edit(id, { tags_add: [tag] })))
  expect(new Set((await machine.notes())[0]?.tags)).toEqual(new Set(tags))
})

test('Ids are UUIDs of version 7, which sort by the time they were made', () => {
  const made = [uuidv7(1_000_000_000_000), uuidv7(1_000_000_000_001), uuidv7(2 ** 47)]
  expect(made.toSorted()).toEqual(made)
  for (const id of made) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
  expect(parseInt(made[0]!.slice(0, 13).replace('-', ''), 16)).toBe(1_000_000_000_000)
  expect(new Set(Array.from({ length: 1000 }, () => uuidv7())).size).toBe(1000)
})
