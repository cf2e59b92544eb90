/** Prints the accuracy of several engines on the same cases, side by side. */

import type { Case } from './accuracy-page.ts'
import { say } from './report.ts'

export function printComparison(byEngine: ReadonlyMap<string, readonly Case[]>): void {
  const engines = [...byEngine.keys()]
  say('\nFound at the right place % / at a wrong one %')
  say(`${''.padEnd(24)}${engines.map((name) => name.padStart(26)).join('')}`)
  const mutations = new Set([...byEngine.values()].flat().map(({ mutation }) => mutation))
  for (const mutation of [...mutations, 'all']) {
    const columns = engines.map((engine) => {
      const cases = (byEngine.get(engine) ?? []).filter(
        (one) => mutation === 'all' || one.mutation === mutation,
      )
      const share = (...outcomes: Case['outcome'][]): string => {
        const some = cases.filter((one) => outcomes.includes(one.outcome))
        return ((100 * some.length) / cases.length).toFixed(1)
      }
      return `${share('good', 'gone')} / ${share('wrong')}`.padStart(26)
    })
    say(mutation.padEnd(24) + columns.join(''))
  }
}
