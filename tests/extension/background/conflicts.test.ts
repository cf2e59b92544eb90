import { beforeEach, describe, expect, test } from 'vitest'
import { settleConflict } from '../../../extension/src/background/conflicts'
import type { Annotation, ConflictAnswer } from '../../../extension/src/model'
import { Machine } from './machine'
import { MemoryServer } from './memory_server'

let server: MemoryServer
let desk: Machine
let sofa: Machine

beforeEach(async () => {
  server = new MemoryServer()
  desk = await Machine.start(server)
  sofa = await Machine.start(server)
  const { id } = await desk.write('first', { tags: ['kept'] })
  await heal()
  await desk.rewrite(id, 'from the desk')
  await sofa.rewrite(id, 'from the sofa')
  await heal()
})

async function heal(): Promise<void> {
  for (const machine of [desk, sofa, desk, sofa]) await machine.sync()
}

/** The copy holds what the sofa wrote, since it came second. */
async function both(machine: Machine): Promise<{ original: Annotation; copy: Annotation }> {
  const notes = await machine.notes()
  const copy = notes.find(({ conflict_of }) => conflict_of !== undefined)
  const original = notes.find(({ id }) => id === copy?.conflict_of)
  if (!copy || !original) throw new Error('There is no conflict.')
  return { original, copy }
}

async function settle(machine: Machine, keep: ConflictAnswer['keep']): Promise<string> {
  const { original, copy } = await both(machine)
  const seen = { copy: copy.rev, original: original.rev }
  await settleConflict(machine.database, { id: copy.id, keep, seen }, machine.now)
  return copy.id
}

const trashed = async (machine: Machine) =>
  (await machine.database.getAll('trash')).map(({ annotation }) => annotation.note)

test('The copy stands right after the note it belongs to', async () => {
  const position = { start: 5, end: 9 }
  for (let n = 0; n < 5; n++) await desk.write(`neighbour ${n}`, { position })
  const { original, copy } = await both(desk)
  const ids = (await desk.notes()).map(({ id }) => id)
  expect(ids.indexOf(copy.id)).toBe(ids.indexOf(original.id) + 1)
})

describe('the reader keeps', () => {
  test('the text of the copy: the note says it, the other text is in the trash', async () => {
    const { original } = await both(desk)
    await settle(desk, 'this')
    expect(await desk.notes()).toMatchObject([{ id: original.id, note: 'from the sofa' }])
    expect(await trashed(desk)).toEqual(['from the desk'])
    await heal()
    expect(await sofa.texts()).toEqual(['from the sofa'])
    expect(server.live()).toMatchObject([{ id: original.id, note: 'from the sofa' }])
  })

  test('the text of the note: the copy is in the trash', async () => {
    const { original } = await both(sofa)
    await settle(sofa, 'other')
    expect(await trashed(sofa)).toEqual(['from the sofa'])
    await heal()
    expect(server.live()).toMatchObject([{ id: original.id, note: 'from the desk' }])
    expect(await desk.notes()).toEqual(await sofa.notes())
  })

  test('both: they are two notes like others', async () => {
    await settle(desk, 'both')
    await heal()
    expect(await sofa.texts()).toEqual(['from the desk', 'from the sofa'])
    expect(server.live().filter(({ conflict_of }) => conflict_of !== undefined)).toEqual([])
  })

  test.each(['this', 'other'] as const)('%s one, and takes it back', async (keep) => {
    const id = await settle(desk, keep)
    await heal()
    await desk.restore(id)
    await heal()
    expect(await sofa.texts()).toEqual(['from the desk', 'from the sofa'])
    const { original, copy } = await both(sofa)
    expect([original.note, copy.note].sort()).toEqual(['from the desk', 'from the sofa'])
    expect(copy.tags).toEqual(['kept'])
  })

  test('one while the server is away, and takes it back before it returns', async () => {
    desk.cut = () => {
      throw new Error('Nothing was to be sent.')
    }
    const id = await settle(desk, 'this')
    await desk.restore(id)
    expect(await desk.texts()).toEqual(['from the desk', 'from the sofa'])
    desk.cut = () => {}
    await heal()
    expect(await sofa.texts()).toEqual(['from the desk', 'from the sofa'])
    expect(server.live()).toHaveLength(2)
  })
})

describe('two machines that answer at the same time', () => {
  const answers = ['this', 'other', 'both'] as const
  const pairs = answers.flatMap((one) => answers.map((other) => [one, other] as const))
  test.each(pairs)('(%s and %s) lose no text, and agree', async (one, other) => {
    await settle(desk, one)
    await settle(sofa, other)
    await heal()
    await heal()
    expect(await desk.notes()).toEqual(await sofa.notes())
    const texts = await desk.texts()
    expect(texts.length).toBeGreaterThan(0)
    const everywhere = [...texts, ...(await trashed(desk)), ...(await trashed(sofa))]
    expect(new Set(everywhere)).toEqual(new Set(['from the desk', 'from the sofa']))
  })
})

describe('a conflict that changed while it was looked at', () => {
  test('keeps the text its reader has not seen', async () => {
    const { original, copy } = await both(sofa)
    await desk.rewrite(original.id, 'written meanwhile')
    await heal()
    const seen = { copy: copy.rev, original: original.rev }
    await settleConflict(sofa.database, { id: copy.id, keep: 'this', seen }, sofa.now)
    await heal()
    await heal()
    expect(await sofa.texts()).toEqual(expect.arrayContaining(['written meanwhile']))
    expect([...(await sofa.texts()), ...(await trashed(sofa))]).toContain('from the sofa')
    expect(await desk.notes()).toEqual(await sofa.notes())
  })

  test('is nothing but a note once its other half is gone', async () => {
    const { original } = await both(sofa)
    await sofa.delete(original.id)
    const copy = (await sofa.notes())[0]!
    const settled = { id: copy.id, keep: 'this', seen: { copy: copy.rev } } as const
    await settleConflict(sofa.database, settled, sofa.now)
    await heal()
    expect(await desk.texts()).toEqual(['from the sofa'])
    expect((await desk.notes())[0]).not.toHaveProperty('conflict_of')
  })
})
