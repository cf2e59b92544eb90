/**
 * SEEDS=10000 plays as many, SEEDS=201-400 those; SEED=123 plays that one alone; STORE=postgresql
 * plays them on that store alone. What goes wrong is told by the shortest story that does.
 */
import { describe, expect, test } from 'vitest'
import { Simulation, type Store } from './simulation'

/** How many seeds each store plays unless it is said. */
const SEEDS: Record<Store, string> = { tinydb: '200', postgresql: '4' }

const asked = process.env['STORE'] as Store | undefined
const stores = asked ? [asked] : (Object.keys(SEEDS) as Store[])

describe.each(stores)('On %s', (store) => {
  const [first = 1, last = first] = seedsAsked(SEEDS[asked ? 'tinydb' : store])

  test(
    'Whatever happens, all devices and the server hold the same in the end, and no text is lost',
    { timeout: (last - first + 1) * 60_000 },
    async () => {
      const simulation = new Simulation(store)
      const wrong: string[] = []
      try {
        for (let seed = first; seed <= last && wrong.length < 3; seed++) {
          const story = await simulation.run(seed)
          if (story !== null) wrong.push(story)
        }
      } finally {
        await simulation.close()
      }
      expect(wrong.join('\n\n')).toBe('')
    },
  )
})

function seedsAsked(unlessSaid: string): number[] {
  const { SEED, SEEDS = unlessSaid } = process.env
  if (SEED !== undefined) return [Number(SEED)]
  return SEEDS.includes('-') ? SEEDS.split('-').map(Number) : [1, Number(SEEDS)]
}
