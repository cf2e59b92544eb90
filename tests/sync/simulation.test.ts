/**
 * SEEDS=10000 plays as many, SEEDS=201-400 those; SEED=123 plays that one alone. What goes wrong is
 * told by the shortest story that does.
 */
import { afterAll, expect, test } from 'vitest'
import { Simulation } from './simulation'

const [first = 1, last = first] = seedsAsked()
const simulation = new Simulation()

afterAll(() => simulation.close())

test(
  'Whatever happens, all devices and the server hold the same in the end, and no text is lost',
  { timeout: (last - first + 1) * 60_000 },
  async () => {
    const wrong: string[] = []
    for (let seed = first; seed <= last && wrong.length < 3; seed++) {
      const story = await simulation.run(seed)
      if (story !== null) wrong.push(story)
    }
    expect(wrong.join('\n\n')).toBe('')
  },
)

function seedsAsked(): number[] {
  const { SEED, SEEDS = '200' } = process.env
  if (SEED !== undefined) return [Number(SEED)]
  return SEEDS.includes('-') ? SEEDS.split('-').map(Number) : [1, Number(SEEDS)]
}
