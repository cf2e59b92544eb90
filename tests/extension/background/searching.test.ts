/** Searching every note with no server: what is folded once never hides what changed since. */
import { expect, test } from 'vitest'
import { keysOf } from '../../../extension/src/background/record'
import { findNotes, forgetFolded, getNotes } from '../../../extension/src/background/searching'
import { Machine, PAGE } from './machine'
import { MemoryServer } from './memory_server'

const ELSEWHERE = 'https://example.net/other'

test('notes are found by page, the page changed last first, in reading order', async () => {
  const machine = await fresh()
  const at = (start: number) => ({ position: { start, end: start + 1 } })
  const late = await machine.write('margin late', at(90))
  const early = await machine.write('margin early', at(10))
  const other = await machine.write('margin', { url: ELSEWHERE, title: 'Other' })
  const whole = await machine.write('margin of the page', { quote: null })
  expect(await found(machine, 'margin')).toEqual([
    [whole.id, early.id, late.id],
    [other.id],
  ])
  expect(await found(machine, '')).toHaveLength(2)
  expect(await found(machine, 'absent')).toEqual([])
})

test('what was edited, deleted and brought back is searched as it is', async () => {
  const machine = await fresh()
  const note = await machine.write('before')
  expect(await found(machine, 'before')).toEqual([[note.id]])
  await machine.rewrite(note.id, 'after')
  told(PAGE)
  expect(await found(machine, 'before')).toEqual([])
  expect(await found(machine, 'after')).toEqual([[note.id]])
  await machine.delete(note.id)
  told(PAGE)
  expect(await found(machine, '')).toEqual([])
  await machine.restore(note.id)
  told(PAGE)
  expect(await found(machine, 'after')).toEqual([[note.id]])
})

test('a note is searched once, though it is found under two addresses', async () => {
  const machine = await fresh()
  const canonical = 'https://example.org/canonical'
  const note = await machine.write('margin', { canonical })
  expect(await found(machine, 'margin')).toEqual([[note.id]])
  told(PAGE, canonical)
  expect(await found(machine, 'margin')).toEqual([[note.id]])
})

test('notes are handed over as asked, without those that are gone', async () => {
  const machine = await fresh()
  const [one, two] = [await machine.write('one'), await machine.write('two')]
  await machine.delete(one.id)
  const given = await getNotes(machine.database, [two.id, one.id, 'never'])
  expect(given.map(({ note }) => note)).toEqual(['two'])
})

/** One memory for all databases of this process: each test begins by letting go of it. */
async function fresh(): Promise<Machine> {
  told(PAGE, ELSEWHERE)
  return Machine.start(new MemoryServer())
}

function told(url: string, canonical?: string): void {
  forgetFolded(new Set([...keysOf(url, canonical), ...keysOf(canonical ?? url)]))
}

async function found({ database }: Machine, query: string): Promise<string[][]> {
  return (await findNotes(database, query)).map(({ ids }) => ids)
}
