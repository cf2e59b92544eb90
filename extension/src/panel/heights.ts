/** Where the rows of a long list stand, though only those in sight were ever measured. */

/** The top of each row, and after the last one the height of all. */
export function topsOf(heights: Iterable<number>): number[] {
  const tops = [0]
  let top = 0
  for (const height of heights) tops.push((top += height))
  return tops
}

/** The row that stands at this height; of what is beyond the ends, the first or the last. */
export function rowAt(tops: readonly number[], y: number): number {
  let low = 0
  let high = Math.max(0, tops.length - 2)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (tops[middle]! <= y) low = middle
    else high = middle - 1
  }
  return low
}

/** The rows between two heights, as `[first, after the last]`. */
export function rowsBetween(
  tops: readonly number[],
  from: number,
  to: number,
): [number, number] {
  if (tops.length < 2) return [0, 0]
  return [rowAt(tops, from), rowAt(tops, to) + 1]
}
