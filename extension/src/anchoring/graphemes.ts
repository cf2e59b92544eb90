/** Grapheme borders: what a reader sees as one character is never cut in two. */

/** The first one in a process takes a browser tens of milliseconds, and few texts have need of it. */
let segmenter: Intl.Segmenter | undefined

/** Longer than any grapheme but those made to break software. */
const WINDOW = 64

/** The borders at or before, and at or after, an offset. */
export function graphemesAround(text: string, at: number): [number, number] {
  if (at <= 0 || at >= text.length) {
    const clamped = Math.max(0, Math.min(at, text.length))
    return [clamped, clamped]
  }
  if (isPlain(text.charCodeAt(at - 1)) && isPlain(text.charCodeAt(at))) return [at, at]
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
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

/**
 * Whether there is a border between any two of these: letters of Latin, Greek, Cyrillic, Chinese and
 * Japanese, and punctuation (Unicode Standard Annex 29, `Grapheme_Cluster_Break=Other`).
 */
function isPlain(code: number): boolean {
  if (code < 0x300) return code !== 0x0d
  if (code < 0x2010) return (code >= 0x370 && code < 0x483) || (code >= 0x1e00 && code < 0x2000)
  if (code < 0x3041) return code < 0x2028 || (code >= 0x3001 && code < 0x302a)
  return code < 0x3097 || (code >= 0x30a1 && code < 0x3100) || (code >= 0x3400 && code < 0xa000)
}
