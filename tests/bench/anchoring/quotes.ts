/** Picks quotes of every size a reader marks, at word borders, from a page's running text. */

import type { Random } from './random.ts'
import type { Ledger } from './tracked-page.ts'

export const SIZES = ['word', 'words', 'phrase', 'sentence', 'passage', 'long'] as const
export type Size = (typeof SIZES)[number]

export interface PickedQuote {
  size: Size
  /** Character numbers on the untouched page. */
  from: number
  to: number
}

const WORDS: Record<Size, [number, number]> = {
  word: [1, 1],
  words: [2, 3],
  phrase: [4, 9],
  sentence: [12, 32],
  passage: [45, 120],
  long: [200, 600],
}

export function pickQuote(ledger: Ledger, size: Size, random: Random): PickedQuote | null {
  const words = wordsOf(ledger)
  const [low, high] = WORDS[size]
  for (let attempt = 0; attempt < 40; attempt++) {
    const count = random.between(low, high)
    if (words.length < count + 4) return null
    const first = random.between(1, words.length - count - 2)
    const from = (words[first] as [number, number])[0]
    const to = (words[first + count - 1] as [number, number])[1]
    const text = ledger.text.slice(from, to)
    if (size === 'word' && text.length < 3 && text.charCodeAt(0) < 0x2e80) continue
    if (/\s{400}/.test(text)) continue
    return { size, from, to }
  }
  return null
}

const WORD = /[\u2e80-\u9fff\uac00-\ud7af]{1,2}|[^\s\u2e80-\u9fff\uac00-\ud7af]+/g
const cache = new WeakMap<Ledger, [number, number][]>()

/** Words with their marks; pairs of characters where a script has no spaces. */
export function wordsOf(ledger: Ledger): [number, number][] {
  let words = cache.get(ledger)
  if (words === undefined) {
    words = [...ledger.text.matchAll(WORD)].map((match) => [
      match.index,
      match.index + match[0].length,
    ])
    cache.set(ledger, words)
  }
  return words
}
