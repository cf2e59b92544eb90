import { beforeEach, expect, test } from 'vitest'
import { emptyTrash } from '../../../extension/src/background/trash'
import { Machine } from './machine'
import { MemoryServer } from './memory_server'

let machine: Machine
const dayOf = (count: number) => new Date(Date.UTC(2026, 0, 1 + count))

beforeEach(async () => {
  machine = await Machine.start(new MemoryServer())
  await emptyTrash(machine.database, dayOf(0))
  const { id } = await machine.write('gone')
  await machine.delete(id)
})

const trashed = () => machine.database.count('trash')

test('It keeps a month of days on which the browser was in use', async () => {
  for (let day = 1; day <= 30; day++) await emptyTrash(machine.database, dayOf(day))
  expect(await trashed()).toBe(1)
  await emptyTrash(machine.database, dayOf(31))
  expect(await trashed()).toBe(0)
})

test('A day counts once, however often the browser is started', async () => {
  for (let start = 0; start < 100; start++) await emptyTrash(machine.database, dayOf(1))
  expect(await trashed()).toBe(1)
})

test.each([
  ['ahead by years', Date.UTC(2031)],
  ['back by years', Date.UTC(1999)],
  ['to where no calendar reaches', 8.64e15],
  ['to nonsense', NaN],
])('A clock that jumps %s takes nothing away', async (_where, time) => {
  await emptyTrash(machine.database, new Date(time))
  expect(await trashed()).toBe(1)
})
