/**
 * Finds passages in a text. Plain strings and numbers: it knows no DOM.
 *
 * First where it was, to the letter; what does not stand there any more is searched for, all in one
 * pass over the text, and every candidate is weighed.
 */

import type { Folded } from '../fold'
import type { Steps } from '../slices'
import { type Found, decide } from './decide'
import { occurrencesOf } from './occurrences'
import type { Passage } from './passage'
import { search } from './search'

const PASSAGES_PER_STEP = 64

/** Tells each passage's place, null for what is not to be found with confidence. */
export function* matchAll(
  text: Folded,
  passages: readonly Passage[],
  each: (passage: Passage, found: Found | null) => void,
): Steps<void> {
  const left: Passage[] = []
  for (const [i, passage] of passages.entries()) {
    if (i % PASSAGES_PER_STEP === PASSAGES_PER_STEP - 1) yield
    if (passage.exact.length === 0) {
      each(passage, null)
    } else if (standsWhereItWas(text, passage)) {
      const start = passage.hint as number
      each(passage, { kind: 'exact', score: 1, start, end: start + passage.exact.length })
    } else {
      left.push(passage)
    }
  }
  if (left.length === 0) return
  yield* search(text, left, (passage, candidates) => {
    each(passage, decide(passage, candidates, occurrencesOf(text.text, passage.exact)))
  })
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
