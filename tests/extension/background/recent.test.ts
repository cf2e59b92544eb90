import { beforeEach, expect, test } from 'vitest'
import { notesOn } from '../../../extension/src/background/notes'
import { Machine, PAGE } from './machine'
import { MemoryServer } from './memory_server'

let machine: Machine

beforeEach(async () => {
  machine = await Machine.start(new MemoryServer())
})

const read = async () => (await notesOn(machine.database, { url: PAGE })).map(({ note }) => note)

test('What is written is read, however often the page was read before', async () => {
  expect(await read()).toEqual([])
  await machine.write('first', { position: { start: 1, end: 2 } })
  expect(await read()).toEqual(['first'])
  expect(await read()).toEqual(['first'])
  await machine.write('second', { position: { start: 3, end: 4 } })
  expect(await read()).toEqual(['first', 'second'])
})

test('A page read in the midst of writing is read again once that is done', async () => {
  const written: Promise<unknown>[] = []
  const reads: Promise<string[]>[] = []
  for (let at = 0; at < 20; at++) {
    written.push(machine.write(`note ${at}`, { position: { start: at, end: at + 1 } }))
    reads.push(read())
  }
  await Promise.all([...written, ...reads])
  expect(await read()).toHaveLength(20)
})

test('More pages than are kept in memory are all read right', async () => {
  const pages = Array.from({ length: 30 }, (_, at) => `https://example.org/page/${at}`)
  for (const url of pages) await machine.write(url, { url })
  for (const url of [...pages, ...pages.toReversed()]) {
    const notes = await notesOn(machine.database, { url })
    expect(notes.map(({ note }) => note)).toEqual([url])
  }
})
