/** Notes as they are kept: 0.9 KB each, eight to a page. */

import { createHash } from 'node:crypto'

export const NOTES = 100_000
export const EDITS = 1000

const WORDS =
  'margin reader note scribe letter ink page column answer question quarrel gloss hand ' +
  'book shelf light window century pencil thought doubt proof error line verse chapter'
const PIECES = WORDS.split(' ')

/** A number's UUID: the same in each run, in no order. */
export function idOf(number: number): string {
  const digits = createHash('sha256').update(String(number)).digest('hex')
  const at = (from: number, to: number): string => digits.slice(from, to)
  return `${at(0, 8)}-${at(8, 12)}-7${at(13, 16)}-8${at(17, 20)}-${at(20, 32)}`
}

export function fieldsOf(number: number): Record<string, unknown> {
  const exact = text(number, 26)
  return {
    url: `https://example.org/articles/${Math.floor(number / 8)}`,
    title: text(number + 1, 6),
    quote: { exact, prefix: text(number + 2, 6), suffix: text(number + 3, 6) },
    position: { start: (number % 8) * 400, end: (number % 8) * 400 + exact.length },
    note: text(number + 4, 26),
    color: 'yellow',
  }
}

function text(seed: number, words: number): string {
  let state = seed * 2654435761
  return Array.from({ length: words }, () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 1) | 0
    return PIECES[Math.abs(state) % PIECES.length]
  }).join(' ')
}
