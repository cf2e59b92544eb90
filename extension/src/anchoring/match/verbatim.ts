/**
 * The places nearest the hint that say a passage to the letter, whatever stands around it: a short
 * one with all of its context rewritten would not be among the heaviest, and a long one may be
 * drawn out to a neighbour's look-alike.
 */

import type { Folded } from '../fold'
import type { Steps } from '../slices'
import { fillGaps } from './align'
import { type Candidate, toCandidate } from './candidate'
import { nearest } from './nearest'
import type { Plan } from './search'

/** So many before the hint, and as many after. */
const NEAREST = 8

export function* verbatimCandidates(
  text: Folded,
  plan: Plan,
  known: readonly Candidate[],
): Steps<Candidate[]> {
  const { passage } = plan
  const { exact, pattern, from, till } = passage
  if (exact.length === 0) return []
  const found: Candidate[] = []
  for (const to of placesOf(text.text, plan)) {
    if (known.some(({ start, verbatim }) => verbatim && start === to)) continue
    if (!text.text.startsWith(exact, to)) continue
    const block = { at: from, to, length: till - from }
    const candidate = toCandidate(text, passage, yield* fillGaps(pattern, text.codes, [block]))
    if (candidate !== null) found.push(candidate)
    yield
  }
  return found
}

function placesOf(text: string, { passage, table, seeds }: Plan): Iterable<number> {
  const { exact, from } = passage
  const hint = passage.hint ?? 0
  const seed = exact.length < table.length ? undefined : seeds.find(({ at }) => at === from)
  if (seed !== undefined) return nearest(table.placesOf(seed.id), hint, 0, NEAREST)
  const places: number[] = []
  let before = hint === 0 ? -1 : text.lastIndexOf(exact, hint - 1)
  for (let i = 0; i < NEAREST && before !== -1; i++) {
    places.unshift(before)
    before = before === 0 ? -1 : text.lastIndexOf(exact, before - 1)
  }
  let after = text.indexOf(exact, hint)
  for (let i = 0; i < NEAREST && after !== -1; i++) {
    places.push(after)
    after = text.indexOf(exact, after + 1)
  }
  return places
}
