/**
 * Runs in the browser: picks quotes on a page, has an engine describe them, changes the page, has
 * the engine find them again, and compares with where the characters went.
 */

import { ENGINES, type Engine, type Located } from './engines.ts'
import { GONE, MUTATIONS } from './mutations.ts'
import { type PickedQuote, SIZES, pickQuote, wordsOf } from './quotes.ts'
import { Random, seedOf } from './random.ts'
import { Ledger, TrackedPage } from './tracked-page.ts'

export type Outcome =
  /** At the right place: nine tenths of what is left of the quote, and next to nothing else. */
  | 'good'
  /** It overlaps the right place, but covers too little or too much. */
  | 'part'
  /** Somewhere else, or found though it is gone. */
  | 'wrong'
  /** Not found though it is there. */
  | 'lost'
  /** Not found, and gone. */
  | 'gone'

export interface Case {
  page: string
  mutation: string
  size: string
  outcome: Outcome
  kind: string | null
  score: number | null
  /** Both edges of the quote survived, and the range has exactly them; null where they did not. */
  edges: boolean | null
  /** What was marked, and what is marked now; only for outcomes that are not right. */
  said?: string
  says?: string
  now?: string
}

export interface Task {
  name: string
  html: string
  engine: string
  seed: number
  quotesPerSize: number
  mutations: readonly string[]
  /** Words of other pages. */
  vocabulary: readonly string[]
}

export async function runAccuracy(task: Task): Promise<Case[]> {
  const engine = ENGINES[task.engine]
  if (engine === undefined) throw new Error(`no engine ${task.engine}`)
  const original = new DOMParser().parseFromString(task.html, 'text/html').body
  for (const script of original.querySelectorAll('script, link, iframe, img')) script.remove()
  const cases: Case[] = []
  const ledger = new Ledger(show(original))
  const own = wordsOf(ledger).map(([from, to]) => ledger.text.slice(from, to))
  const vocabulary = [...sample(own, task.vocabulary.length, task.seed), ...task.vocabulary]
  const quotes: { quote: PickedQuote; described: unknown }[] = []
  for (const size of SIZES) {
    for (let i = 0; i < task.quotesPerSize; i++) {
      const random = new Random(task.seed ^ seedOf(`${task.name} ${size} ${i}`))
      const quote = pickQuote(ledger, size, random)
      if (quote === null) continue
      const described = await engine.describe(ledger.range(quote.from, quote.to), ledger.root)
      if (described !== null) quotes.push({ quote, described })
    }
  }
  for (const { quote, described } of quotes) {
    for (const mutation of task.mutations) {
      const random = new Random(task.seed ^ seedOf(`${task.name} ${quote.from} ${mutation}`))
      const page = show(original)
      MUTATIONS[mutation]?.({ page, ...quote, random, vocabulary })
      const made = await judge(engine, described, quote, page, GONE.has(mutation))
      if (made === null) continue
      const said = ledger.text.slice(quote.from, quote.to)
      const right = made.outcome === 'good' || made.outcome === 'gone'
      cases.push({
        page: task.name,
        mutation,
        size: quote.size,
        ...made,
        ...(right ? {} : { said }),
      })
    }
  }
  return cases
}

function show(original: HTMLElement): TrackedPage {
  document.body.replaceWith(document.importNode(original, true))
  return new TrackedPage(document.body)
}

function sample(words: readonly string[], count: number, seed: number): string[] {
  const random = new Random(seed)
  return Array.from({ length: Math.max(50, count) }, () => random.pick(words))
}

async function judge(
  engine: Engine,
  described: unknown,
  { from, to }: PickedQuote,
  page: TrackedPage,
  gone: boolean,
): Promise<Omit<Case, 'page' | 'mutation' | 'size'> | null> {
  const ledger = new Ledger(page)
  const truth: number[] = []
  ledger.ids.forEach((id, at) => {
    if (id >= from && id < to && !ledger.isSpace(at)) truth.push(at)
  })
  const first = truth[0]
  const last = truth[truth.length - 1]
  // Edits may have left nothing of a short quote: then there is nothing to judge.
  if (!gone && (first === undefined || last === undefined)) return null
  const located = await locate(engine, described, page.body)
  const { kind = null, score = null, range } = located
  const common = { kind, score, edges: null }
  if (range === null) {
    const now = first === undefined ? '' : ledger.text.slice(first - 60, (last as number) + 60)
    return { ...common, outcome: gone ? 'gone' : 'lost', now }
  }
  let [start, end] = ledger.span(range)
  const says = ledger.text.slice(start, end)
  if (gone) return { ...common, outcome: 'wrong', says }
  while (start < end && ledger.isSpace(start)) start++
  while (end > start && ledger.isSpace(end - 1)) end--
  const [low, high] = [first as number, last as number]
  let hits = 0
  let strays = 0
  for (let at = start; at < end; at++) {
    if (ledger.isSpace(at)) continue
    const id = ledger.ids[at] as number
    if (id >= from && id < to) hits++
    else if (id >= 0 || at < low || at > high) strays++
  }
  const overlap = hits / (truth.length + strays)
  // What stood at an edge may have been replaced; then a few characters more or less are right.
  const nearly = strays <= 16 && hits >= 0.9 * truth.length
  const outcome: Outcome =
    hits === 0 ? 'wrong' : overlap >= 0.85 || nearly ? 'good' : overlap < 0.3 ? 'wrong' : 'part'
  const survived = ledger.ids[low] === from && ledger.ids[high] === to - 1
  const edges = survived ? start === low && end === high + 1 : null
  const now = ledger.text.slice(Math.max(0, low - 60), high + 60)
  return { ...common, outcome, edges, ...(outcome === 'good' && edges !== false ? {} : { says, now }) }
}

async function locate(engine: Engine, described: unknown, root: HTMLElement): Promise<Located> {
  try {
    const [located] = await engine.anchor([JSON.parse(JSON.stringify(described))], root)
    return located ?? { range: null }
  } catch {
    return { range: null }
  }
}
