/** All places if they are few, otherwise some before and some after the expected one. */
export function nearest(
  places: Int32Array,
  expected: number,
  few: number,
  some: number,
): Int32Array {
  if (places.length <= few) return places
  const low = firstFrom(places, expected)
  return places.subarray(Math.max(0, low - some), low + some)
}

/** The index of the first place at or after an offset. */
export function firstFrom(places: Int32Array, offset: number): number {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] as number) < offset) low = middle + 1
    else high = middle
  }
  return low
}
