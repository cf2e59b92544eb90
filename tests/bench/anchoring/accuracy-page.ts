/**
 * Runs in the browser: picks quotes on a page, has an engine describe them, changes the page, has
 * the engine find them again, and compares with where the characters went.
 */

import { ENGINES, type Engine, type Located } from './engines.ts'
import { GONE, MUTATIONS } from './mutations.ts'
import { type PickedQuote, SIZES, pickQuote, wordsOf } from './quotes.ts'
import { Random, seedOf } from './random.ts'
import { Ledger, TrackedPage } from './tracked-page.ts'
import type { Description } from '../../../extension/src/anchoring/index.ts'
import { TextIndex, atOnce } from '../../../extension/src/anchoring/index.ts'
import { CodePointRuler } from '../../../extension/src/anchoring/code-points.ts'
import { LONGEST_CONTEXT } from '../../../extension/src/anchoring/context.ts'
import { fold, foldedOffset } from '../../../extension/src/anchoring/fold.ts'
import type { Candidate } from '../../../extension/src/anchoring/match/candidate.ts'
import { toPassage } from '../../../extension/src/anchoring/match/passage.ts'
import { search } from '../../../extension/src/anchoring/match/search.ts'

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
  /** All that a record may hold of it stands elsewhere on its page too, to the letter. */
  twin: boolean
  /** What was marked, and what is marked now; only for outcomes that are not right. */
  said?: string
  says?: string
  now?: string
  candidates?: Weighed[]
}

export interface Weighed extends Candidate {
  /** Characters of the quote, and of quote and context. */
  length: number
  pattern: number
  /** How far from where it was. */
  away: number
  right: Outcome | null
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
  /** Whether to tell of all places the matcher considered. */
  weighed?: boolean
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
  const quotes: { quote: PickedQuote; described: unknown; twin: boolean }[] = []
  for (const size of SIZES) {
    for (let i = 0; i < task.quotesPerSize; i++) {
      const random = new Random(task.seed ^ seedOf(`${task.name} ${size} ${i}`))
      const quote = pickQuote(ledger, size, random)
      if (quote === null) continue
      const described = await engine.describe(ledger.range(quote.from, quote.to), ledger.root)
      if (described !== null) quotes.push({ quote, described, twin: hasTwin(ledger.text, quote) })
    }
  }
  for (const { quote, described, twin } of quotes) {
    for (const mutation of task.mutations) {
      const random = new Random(task.seed ^ seedOf(`${task.name} ${quote.from} ${mutation}`))
      const page = show(original)
      if (MUTATIONS[mutation]?.({ page, ...quote, random, vocabulary }) === false) continue
      const gone = GONE.has(mutation)
      const made = await judge(engine, described, quote, page, gone, task.weighed ?? false)
      if (made === null) continue
      const said = ledger.text.slice(quote.from, quote.to)
      const right = made.outcome === 'good' || made.outcome === 'gone'
      cases.push({
        page: task.name,
        mutation,
        size: quote.size,
        twin,
        ...made,
        ...(right ? {} : { said }),
      })
    }
  }
  return cases
}

function hasTwin(text: string, { from, to }: PickedQuote): boolean {
  const around = text.slice(Math.max(0, from - LONGEST_CONTEXT), to + LONGEST_CONTEXT)
  const sought = around.replace(/\s+/g, '')
  const whole = text.replace(/\s+/g, '')
  return whole.indexOf(sought) !== whole.lastIndexOf(sought)
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
  quote: PickedQuote,
  page: TrackedPage,
  gone: boolean,
  weighed: boolean,
): Promise<Omit<Case, 'page' | 'mutation' | 'size' | 'twin'> | null> {
  const truth = new Truth(new Ledger(page), quote, gone)
  // Edits may have left nothing of a short quote: then there is nothing to judge.
  if (!gone && truth.left.length === 0) return null
  const { kind = null, score = null, range } = await locate(engine, described, page.body)
  const judged = range === null ? truth.unfound() : truth.compare(range)
  const candidates = weighed ? weigh(described as Description, page.body, truth) : undefined
  return { kind, score, ...judged, ...(candidates ? { candidates } : {}) }
}

/** Where a quote is on the changed page, by the numbers of its characters. */
class Truth {
  /** Offsets of what is left of it. */
  readonly left: number[] = []

  constructor(
    private readonly ledger: Ledger,
    private readonly quote: PickedQuote,
    private readonly gone: boolean,
  ) {
    ledger.ids.forEach((id, at) => {
      if (id >= quote.from && id < quote.to && !ledger.isSpace(at)) this.left.push(at)
    })
  }

  unfound(): Judged {
    return { outcome: this.gone ? 'gone' : 'lost', edges: null, now: this.now() }
  }

  compare(range: AbstractRange): Judged {
    const { ledger, left, quote } = this
    let [start, end] = ledger.span(range)
    const says = ledger.text.slice(start, end)
    if (this.gone) return { outcome: 'wrong', edges: null, says, now: this.now() }
    while (start < end && ledger.isSpace(start)) start++
    while (end > start && ledger.isSpace(end - 1)) end--
    const low = left[0] as number
    const high = left[left.length - 1] as number
    let hits = 0
    let strays = 0
    for (let at = start; at < end; at++) {
      if (ledger.isSpace(at)) continue
      const id = ledger.ids[at] as number
      if (id >= quote.from && id < quote.to) hits++
      else if (id >= 0 || at < low || at > high) strays++
    }
    const overlap = hits / (left.length + strays)
    // What stood at an edge may have been replaced; then a few characters more or less are right.
    const nearly = strays <= 16 && hits >= 0.9 * left.length
    const outcome: Outcome =
      hits === 0 ? 'wrong' : overlap >= 0.85 || nearly ? 'good' : overlap < 0.3 ? 'wrong' : 'part'
    const survived = ledger.ids[low] === quote.from && ledger.ids[high] === quote.to - 1
    const edges = survived ? start === low && end === high + 1 : null
    if (outcome === 'good' && edges !== false) return { outcome, edges }
    return { outcome, edges, says, now: this.now() }
  }

  private now(): string {
    const { left, ledger } = this
    if (left.length === 0) return ''
    const low = left[0] as number
    return ledger.text.slice(Math.max(0, low - 60), (left[left.length - 1] as number) + 60)
  }
}

type Judged = Pick<Case, 'outcome' | 'edges' | 'says' | 'now'>

/** Every place the matcher considers, and whether it is the right one. */
function weigh(described: Description, root: HTMLElement, truth: Truth): Weighed[] {
  const index = atOnce(TextIndex.build(root))
  const folded = atOnce(fold(index.text))
  const start = atOnce(CodePointRuler.measure(index.text)).toUnits(described.position.start)
  const passage = toPassage(described.quote, foldedOffset(folded, start))
  const weighed: Weighed[] = []
  atOnce(
    search(folded, [passage], (_, candidates) => {
      for (const candidate of candidates) {
        const { start, end } = candidate
        const range =
          end > start
            ? index.range(folded.origin[start] as number, (folded.origin[end - 1] as number) + 1)
            : null
        weighed.push({
          ...candidate,
          length: passage.till - passage.from,
          pattern: passage.pattern.length,
          away: start - (passage.hint ?? start),
          right: range === null ? null : truth.compare(range).outcome,
        })
      }
    }),
  )
  return weighed
}

async function locate(engine: Engine, described: unknown, root: HTMLElement): Promise<Located> {
  try {
    const [located] = await engine.anchor([JSON.parse(JSON.stringify(described))], root)
    return located ?? { range: null }
  } catch {
    return { range: null }
  }
}
