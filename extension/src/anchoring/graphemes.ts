/** Grapheme borders: what a reader sees as one character is never cut in two. */

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
/** Longer than any grapheme but those made to break software. */
const WINDOW = 64

/** The borders at or before, and at or after, an offset. */
export function graphemesAround(text: string, at: number): [number, number] {
  if (at <= 0 || at >= text.length) {
    const clamped = Math.max(0, Math.min(at, text.length))
    return [clamped, clamped]
  }
  if (isPlain(text.charCodeAt(at - 1)) && isPlain(text.charCodeAt(at))) return [at, at]
  const from = Math.max(0, at - WINDOW)
  let before = from
  for (const { index, segment } of segmenter.segment(text.slice(from, at + WINDOW))) {
    const begin = from + index
    if (begin === at) return [at, at]
    if (begin > at) break
    before = begin
    if (begin + segment.length > at) return [begin, begin + segment.length]
  }
  return [before, at]
}

function isPlain(code: number): boolean {
  return code < 0x300 && code !== 0x0d
}
