import { describe, expect, test } from 'vitest'
import { renameColors } from '../../../extension/src/background/colors.ts'
import { keepSetting } from '../../../extension/src/background/database.ts'
import {
  addNotes,
  countEverything,
  forgetEverything,
  readEverything,
} from '../../../extension/src/background/everything.ts'
import { allTags } from '../../../extension/src/background/tags.ts'
import type { Imported } from '../../../extension/src/model.ts'
import { Machine, PAGE } from './machine.ts'
import { MemoryServer } from './memory_server.ts'

function imported(number: number, fields: Partial<Imported> = {}): Imported {
  return {
    id: `0192f0c1-2345-7abc-8def-${String(number).padStart(12, '0')}`,
    url: PAGE,
    title: 'An article',
    quote: { exact: 'a passage', prefix: '', suffix: '' },
    position: null,
    note: `note ${number}`,
    tags: [],
    color: 'green',
    created: '2020-01-01T00:00:00Z',
    ...fields,
  }
}

async function machine(): Promise<Machine> {
  return Machine.start(new MemoryServer())
}

async function all(one: Machine): Promise<string[]> {
  const notes: string[] = []
  for (let after: string | null = null; ; ) {
    const batch = await readEverything(one.database, after)
    notes.push(...batch.annotations.map(({ note }) => note))
    after = batch.after
    if (after === null) return notes
  }
}

describe('notes from a file', () => {
  test('are there after, with their dates, and on their way to the server', async () => {
    const one = await machine()
    const { added, keys } = await addNotes(one.database, [imported(1), imported(2)], one.now)
    expect(added).toBe(2)
    expect([...keys]).toEqual([PAGE])
    expect(await one.texts()).toEqual(['note 1', 'note 2'])
    expect((await one.notes())[0]?.created).toBe('2020-01-01T00:00:00Z')
    await one.sync()
    expect(await one.outbox()).toEqual([])
    expect((await one.notes()).every(({ rev }) => rev > 0)).toBe(true)
  })

  test('add nothing the second time, and overwrite nothing', async () => {
    const one = await machine()
    await addNotes(one.database, [imported(1)], one.now)
    await one.rewrite(imported(1).id, 'better')
    const again = await addNotes(one.database, [imported(1)], one.now)
    expect(again.added).toBe(0)
    expect(await one.texts()).toEqual(['better'])
  })

  test('bring back what was deleted, here and at the server', async () => {
    const server = new MemoryServer()
    const one = await Machine.start(server)
    const other = await Machine.start(server)
    await addNotes(one.database, [imported(1)], one.now)
    await one.sync()
    await one.delete(imported(1).id)
    await one.sync()
    const { added } = await addNotes(one.database, [imported(1)], one.now)
    expect(added).toBe(1)
    await one.sync()
    await other.sync()
    expect(await other.texts()).toEqual(['note 1'])
  })

  test('are added all or none', async () => {
    const one = await machine()
    const bad = imported(2, { url: 'javascript:alert(1)' })
    await expect(addNotes(one.database, [imported(1), bad], one.now)).rejects.toThrow('no-page')
    expect(await one.texts()).toEqual([])
    expect(await one.outbox()).toEqual([])
  })
})

describe('everything', () => {
  test('is read to the last note, in pages, without what was deleted', async () => {
    const one = await machine()
    const many = Array.from({ length: 620 }, (_, number) => imported(number))
    await addNotes(one.database, many, one.now)
    await one.delete(imported(300).id)
    const read = await all(one)
    expect(read).toHaveLength(619)
    expect(new Set(read).size).toBe(619)
    expect(read).not.toContain('note 300')
    expect(await countEverything(one.database)).toEqual({ notes: 619, trash: 1 })
  })

  test('is read to its end where it fills its pages exactly', async () => {
    const one = await machine()
    const many = Array.from({ length: 500 }, (_, number) => imported(number))
    await addNotes(one.database, many, one.now)
    expect(await all(one)).toHaveLength(500)
  })

  test('is forgotten to the last setting, and can begin anew', async () => {
    const one = await machine()
    await one.write('mine')
    await renameColors(one.database, { green: 'To quote' })
    await keepSetting(one.database, 'seen', '2026-01-01T00:00:00Z')
    expect([...(await forgetEverything(one.database))]).toEqual([PAGE])
    for (const store of one.database.objectStoreNames) {
      expect(await one.database.count(store)).toBe(0)
    }
    await one.write('again')
    expect(await one.texts()).toEqual(['again'])
  })
})

test('tags come the most used first, each once, and none of deleted notes', async () => {
  const one = await machine()
  await one.write('a', { tags: ['rare', 'often'] })
  await one.write('b', { tags: ['often', 'Äpfel'] })
  const gone = await one.write('c', { tags: ['gone'] })
  await one.delete(gone.id)
  expect(await allTags(one.database)).toEqual(['often', 'Äpfel', 'rare'])
})

test('a highlighter keeps its name until it is given none', async () => {
  const one = await machine()
  await renameColors(one.database, { green: '  To   quote ' })
  expect(await renameColors(one.database, { pink: 'x'.repeat(90) })).toEqual({
    green: 'To quote',
    pink: 'x'.repeat(40),
  })
  expect(await renameColors(one.database, { pink: ' ' })).toEqual({ green: 'To quote' })
})
