/**
 * Finds passages in a text. Plain strings and numbers: it knows no DOM.
 *
 * First where it was, to the letter; what does not stand there any more is searched for, all in one
 * pass over the text, and every candidate is weighed. What is in doubt for its position alone is
 * weighed once more, when the others have told how far the text around it has moved.
 */

import type { Folded } from '../fold'
import type { Steps } from '../slices'
import type { Candidate } from './candidate'
import { type Found, decide } from './decide'
import { type Occurrences, occurrencesOf } from './occurrences'
import type { Passage } from './passage'
import { search } from './search'
import { Shifts } from './shifts'

const PASSAGES_PER_STEP = 64

/** Tells each passage's place, null for what is not to be found with confidence. */
export function* matchAll(
  text: Folded,
  passages: readonly Passage[],
  each: (passage: Passage, found: Found | null) => void,
): Steps<void> {
  const shifts = new Shifts()
  const left: Passage[] = []
  for (const [i, passage] of passages.entries()) {
    if (i % PASSAGES_PER_STEP === PASSAGES_PER_STEP - 1) yield
    if (passage.exact.length === 0) {
      each(passage, null)
    } else if (standsWhereItWas(text, passage)) {
      const start = passage.hint as number
      const end = start + passage.exact.length
      const { alone, wholeTells } = passage.lookalikes
      const sure = alone !== null && wholeTells
      const found: Found = { kind: 'exact', score: 1, start, end, sure }
      shifts.learn(passage, found)
      each(passage, found)
    } else {
      left.push(passage)
    }
  }
  if (left.length === 0) return
  left.sort((a, b) => (a.hint ?? 0) - (b.hint ?? 0))
  const doubtful: Doubtful[] = []
  yield* search(text, left, (passage, candidates) => {
    const occurrences = occurrencesOf(text, passage)
    const found = decide(passage, candidates, occurrences)
    if (found !== null) shifts.learn(passage, found)
    const doubt = found === null || (passage.lookalikes.alone === false && !found.sure)
    if (doubt) doubtful.push({ passage, candidates, occurrences, found })
    else each(passage, found)
  })
  for (const { passage, candidates, occurrences, found } of doubtful) {
    yield
    const hint = passage.hint === null ? null : shifts.expected(passage.hint)
    const moved = hint !== null && hint !== passage.hint
    each(passage, moved ? decide({ ...passage, hint }, candidates, occurrences) : found)
  }
}

interface Doubtful {
  passage: Passage
  candidates: Candidate[]
  occurrences: Occurrences
  found: Found | null
}

/** Passage and context, to the letter, at the very place: nothing to look for. */
function standsWhereItWas(text: Folded, { hint, pattern, from }: Passage): boolean {
  if (hint === null) return false
  const start = hint - from
  if (start < 0 || start + pattern.length > text.codes.length) return false
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] !== text.codes[start + i]) return false
  }
  return true
}
