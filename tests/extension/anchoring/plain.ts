/** The anchoring engine on plain strings: what it remembers of a text, where it finds it again. */

import { fold, foldedOffset } from '../../../extension/src/anchoring/fold.ts'
import { contextSizes } from '../../../extension/src/anchoring/lookalikes.ts'
import type { Found } from '../../../extension/src/anchoring/match/decide.ts'
import { matchAll } from '../../../extension/src/anchoring/match/match.ts'
import { type Passage, toPassage } from '../../../extension/src/anchoring/match/passage.ts'
import { atOnce } from '../../../extension/src/anchoring/slices.ts'

export interface Remembered {
  exact: string
  prefix: string
  suffix: string
  at: number
}

/** As the engine would describe the words, which stand in the text at `from` or first after it. */
export function remember(text: string, exact: string, from = 0): Remembered {
  const at = text.indexOf(exact, from)
  if (at === -1) throw new Error(`not in the text: ${exact}`)
  const end = at + exact.length
  const [before, after] = contextSizes(atOnce(fold(text)), text, at, end)
  return {
    exact,
    prefix: text.slice(Math.max(0, at - before), at),
    suffix: text.slice(end, end + after),
    at,
  }
}

export interface Seen {
  kind: Found['kind']
  at: number
  says: string
  score: number
}

/** null for an orphan. */
export function seek(sought: Remembered, text: string): Seen | null {
  return seekAll([sought], text)[0] ?? null
}

/** In one go, as the notes of a page are. */
export function seekAll(sought: readonly Remembered[], text: string): (Seen | null)[] {
  const folded = atOnce(fold(text))
  const passages = sought.map((one) => toPassage(one, foldedOffset(folded, one.at)))
  const seen = new Map<Passage, Seen>()
  atOnce(
    matchAll(folded, passages, (passage, found) => {
      if (found === null) return
      const at = folded.origin[found.start] as number
      const end = (folded.origin[found.end - 1] as number) + 1
      seen.set(passage, { kind: found.kind, at, says: text.slice(at, end), score: found.score })
    }),
  )
  return passages.map((passage) => seen.get(passage) ?? null)
}
