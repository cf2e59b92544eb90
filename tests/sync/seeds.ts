/**
 * Plays stories: each of a seed, on each store. SEEDS=10000 plays as many, SEEDS=201-400 those;
 * SEED=123 plays that one alone; STORE=postgresql plays them on that store alone. What goes wrong is
 * told by the shortest story that does.
 */
import { describe, expect, test } from 'vitest'
import { Simulation, type Store } from './simulation'

/** How many seeds each store plays unless it is said. */
const SEEDS: Record<Store, string> = { tinydb: '200', postgresql: '4' }

/** Tells the stories of every second seed: two files do, side by side. */
export function playSeeds(which: 'odd' | 'even'): void {
  const asked = process.env['STORE'] as Store | undefined
  const stores = asked ? [asked] : (Object.keys(SEEDS) as Store[])
  describe.each(stores)('On %s', (store) => {
    const seeds = seedsAsked(SEEDS[asked ? 'tinydb' : store])
    const mine = seeds.filter((seed) => seed % 2 === (which === 'odd' ? 1 : 0))

    test.runIf(mine.length)(
      'Whatever happens, all devices and the server hold the same in the end, and no text is lost',
      { timeout: mine.length * 60_000 },
      async () => {
        const simulation = new Simulation(store)
        const wrong: string[] = []
        try {
          for (const seed of mine) {
            const story = await simulation.run(seed)
            if (story !== null) wrong.push(story)
            if (wrong.length === 3) break
          }
        } finally {
          await simulation.close()
        }
        expect(wrong.join('\n\n')).toBe('')
      },
    )
  })
}

function seedsAsked(unlessSaid: string): number[] {
  const { SEED, SEEDS = unlessSaid } = process.env
  if (SEED !== undefined) return [Number(SEED)]
  const range = SEEDS.includes('-') ? SEEDS : `1-${SEEDS}`
  const [first = 1, last = first] = range.split('-').map(Number)
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
