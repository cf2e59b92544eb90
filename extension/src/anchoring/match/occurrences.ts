/** How often the marked text stands in the text to the letter; counted only when asked. */

import type { Folded } from '../fold'
import { type Passage, standsAsWords } from './passage'

const MOST = 1_000
/** So often may the same letters stand, be they the same words or not, until counting ends. */
const MOST_TRIED = 16_384

export interface Occurrences {
  count(): number
  /** Length of the text they stand in. */
  size: number
}

export function occurrencesOf(folded: Folded, passage: Passage): Occurrences {
  const { text } = folded
  const { exact } = passage
  let counted: number | null = null
  return {
    size: text.length,
    count() {
      if (counted !== null) return counted
      counted = 0
      let at = text.indexOf(exact)
      for (let tried = 0; at !== -1 && counted < MOST && tried < MOST_TRIED; tried++) {
        if (standsAsWords(folded, passage, at, at + exact.length)) counted++
        at = text.indexOf(exact, at + 1)
      }
      return counted
    },
  }
}

/** How probable it is that one of so many stands this near to a given place by mere chance. */
export function chanceOf(count: number, distance: number, size: number): number {
  return (count * (2 * distance + 1)) / (size + 1)
}
