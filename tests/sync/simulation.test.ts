/**
 * SEEDS=10000 plays as many; SEED=123 plays that one alone, and prints its shortest story when it
 * goes wrong.
 */
import { afterAll, expect, test } from 'vitest'
import { Simulation } from './simulation'

const count = Number(process.env['SEEDS'] ?? 200)
const only = process.env['SEED']
const seeds = only === undefined ? Array.from({ length: count }, (_, n) => n + 1) : [Number(only)]
const simulation = new Simulation()

afterAll(() => simulation.close())

test(
  'Whatever happens, all devices and the server hold the same in the end, and no text is lost',
  { timeout: seeds.length * 60_000 },
  async () => {
    const wrong: string[] = []
    for (const seed of seeds) {
      const story = await simulation.run(seed)
      if (story !== null) wrong.push(story)
      if (wrong.length > 2) break
    }
    expect(wrong.join('\n\n')).toBe('')
  },
)
