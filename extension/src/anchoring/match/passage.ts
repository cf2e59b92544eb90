/**
 * A passage to be found, folded: what the reader marked with what stood around it, as one pattern.
 */

import { atOnce } from '../slices'
import { fold } from '../fold'

export interface Passage {
  /** prefix + exact + suffix */
  pattern: Uint16Array
  /** Where in the pattern the marked text begins and ends. */
  from: number
  till: number
  exact: string
  /** Where it is expected in the folded text; null when nothing is known. */
  hint: number | null
}

export function toPassage(
  quote: { exact: string; prefix: string; suffix: string },
  hint: number | null,
): Passage {
  const prefix = atOnce(fold(quote.prefix))
  const exact = atOnce(fold(quote.exact))
  const suffix = atOnce(fold(quote.suffix))
  const pattern = new Uint16Array(prefix.codes.length + exact.codes.length + suffix.codes.length)
  pattern.set(prefix.codes)
  pattern.set(exact.codes, prefix.codes.length)
  pattern.set(suffix.codes, prefix.codes.length + exact.codes.length)
  return {
    pattern,
    from: prefix.codes.length,
    till: prefix.codes.length + exact.codes.length,
    exact: exact.text,
    hint,
  }
}
