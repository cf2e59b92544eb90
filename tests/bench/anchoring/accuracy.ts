/** Runs the accuracy cases of several engines over the corpus and prints the tables. */

import type * as PageHalf from './accuracy-page.ts'
import type { Case, Outcome } from './accuracy-page.ts'
import { openChromium } from './chromium.ts'
import type { CorpusPage } from './corpus.ts'
import { seedOf } from './random.ts'
import { say } from './report.ts'

declare const bench: typeof PageHalf

export interface AccuracyOptions {
  engine: string
  pages: readonly CorpusPage[]
  seed: number
  quotesPerSize: number
  mutations: readonly string[]
  weighed?: boolean
}

export async function measureAccuracy(options: AccuracyOptions): Promise<Case[]> {
  const { browser, page } = await openChromium('bench/anchoring/accuracy-page.ts')
  try {
    const cases: Case[] = []
    for (const { name, html } of options.pages) {
      const vocabulary = words(options.pages, name)
      const task = { ...options, pages: undefined, name, html, vocabulary }
      cases.push(...(await page.evaluate((task) => bench.runAccuracy(task), task)))
    }
    return cases
  } finally {
    await browser.close()
  }
}

/** Words of the other pages, to write new text with. */
function words(pages: readonly CorpusPage[], except: string): string[] {
  const found: string[] = []
  for (const { name, html } of pages) {
    if (name === except) continue
    const text = html.replace(/<(script|style)[^]*?<\/\1>|<[^>]*>|&\w+;/g, ' ')
    const all = text.match(/\p{L}{2,}/gu) ?? []
    for (let i = seedOf(name) & 31; i < all.length; i += 37) found.push(all[i] as string)
  }
  return found.length > 50 ? found.slice(0, 2000) : ['alpha', 'beta', 'gamma', 'delta', 'kappa']
}

const OUTCOMES: readonly Outcome[] = ['good', 'part', 'wrong', 'lost', 'gone']

/**
 * `edges`: of the good ones, those that are exact to the character where both ends survived.
 * `twins`: lost or wrong where all that a record may hold of the passage stands elsewhere too.
 */
export function printTable(title: string, cases: readonly Case[], by: 'mutation' | 'size'): void {
  say(`\n${title}`)
  const names = OUTCOMES.map((name) => name.padStart(8)).join('')
  say(`${by.padEnd(24)}${'n'.padStart(6)}${names}   edges   twins`)
  const groups = new Map<string, Case[]>()
  for (const one of cases) groups.set(one[by], [...(groups.get(one[by]) ?? []), one])
  for (const [name, group] of [...groups, ['all', cases] as const]) {
    const share = (count: number): string => ((100 * count) / group.length).toFixed(1).padStart(8)
    const columns = OUTCOMES.map((outcome) =>
      share(group.filter((one) => one.outcome === outcome).length),
    )
    const edged = group.filter((one) => one.edges !== null && one.outcome === 'good')
    const exact = edged.filter((one) => one.edges === true).length
    const edges = edged.length === 0 ? '' : ((100 * exact) / edged.length).toFixed(1)
    const missed = group.filter(({ outcome }) => outcome === 'lost' || outcome === 'wrong')
    const last = edges.padStart(8) + share(missed.filter(({ twin }) => twin).length)
    say(`${name.padEnd(24)}${String(group.length).padStart(6)}${columns.join('')}${last}`)
  }
}

/**
 * What a verdict asking for this score would give: the share of what it finds that is right, and
 * the share of what is there that it finds.
 */
export function printCurve(cases: readonly Case[]): void {
  say('\nscore at least   precision %   recall %   gone taken for found %')
  const gone = cases.filter(({ mutation }) => /deleted|replaced/.test(mutation))
  const there = cases.length - gone.length
  const percent = (part: number, whole: number): string => ((100 * part) / whole).toFixed(2)
  for (const least of [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
    const found = cases.filter(({ score }) => score !== null && score >= least)
    const good = found.filter(({ outcome }) => outcome === 'good').length
    const mistaken = gone.filter((one) => found.includes(one)).length
    say(
      least.toFixed(2).padStart(14) +
        percent(good, found.length).padStart(14) +
        percent(good, there).padStart(11) +
        percent(mistaken, gone.length).padStart(25),
    )
  }
}
