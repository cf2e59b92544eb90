/** All places if they are few, otherwise some before and some after the expected one. */
export function nearest(
  places: Int32Array,
  expected: number,
  few: number,
  some: number,
): Int32Array {
  if (places.length <= few) return places
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] as number) < expected) low = middle + 1
    else high = middle
  }
  return places.subarray(Math.max(0, low - some), low + some)
}
