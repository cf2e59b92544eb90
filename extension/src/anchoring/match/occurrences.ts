/** How often the marked text stands in the text to the letter; counted only when asked. */

const MOST = 1_000

export interface Occurrences {
  count(): number
  /** Length of the text they stand in. */
  size: number
}

export function occurrencesOf(text: string, exact: string): Occurrences {
  let counted: number | null = null
  return {
    size: text.length,
    count() {
      if (counted !== null) return counted
      counted = 0
      let at = text.indexOf(exact)
      for (; at !== -1 && counted < MOST; at = text.indexOf(exact, at + 1)) counted++
      return counted
    },
  }
}

/** How probable it is that one of so many stands this near to a given place by mere chance. */
export function chanceOf(count: number, distance: number, size: number): number {
  return (count * (2 * distance + 1)) / (size + 1)
}
