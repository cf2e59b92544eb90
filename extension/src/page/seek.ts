/**
 * Looks for a lost passage by its words: the longest row of them that the page has is selected and
 * brought into sight. Asked again, the next place with it. The reader judges, not we.
 */

import { inSlices, type Steps, TextIndex } from '../anchoring'
import { fold } from '../anchoring/fold'
import type { Sought } from '../model'
import { liveRange } from './selection'
import { bringIntoSight } from './show'

/** A row of fewer characters says nothing: "of the" is everywhere. */
const LEAST = 6

/** The beginning of a long quote is enough to find it by, and takes no longer. */
const MOST_WORDS = 400

const NOTHING: Sought = { found: 'nothing', places: 0, at: 0 }

/** The quote last looked for, and which of its places was shown. */
let before = { quote: '', at: -1 }

export async function seek(quote: string, signal: AbortSignal): Promise<Sought> {
  const index = await inSlices(TextIndex.build(document.body), signal)
  const page = await inSlices(fold(index.text), signal)
  const text = plain(page.text)
  const words = await inSlices(wordsOf(quote), signal)
  const row = await inSlices(longestRow(words, text), signal)
  if (row.length < LEAST && row.length < words.join('').length) return NOTHING
  const places = placesOf(row, text)
  if (!places.length) return NOTHING
  const at = before.quote === quote ? (before.at + 1) % places.length : 0
  before = { quote, at }
  const start = places[at]!
  const range = index.range(page.origin[start]!, page.origin[start + row.length - 1]! + 1)
  const selection = getSelection()
  selection?.removeAllRanges()
  selection?.addRange(liveRange(range))
  await bringIntoSight(range)
  return { found: row === words.join('') ? 'whole' : 'part', places: places.length, at }
}

/** Words as the page's folded text has them: without the space between them. */
function* wordsOf(quote: string): Steps<string[]> {
  const words: string[] = []
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(quote)) {
    const folded = plain((yield* fold(segment)).text)
    if (folded) words.push(folded)
    if (words.length === MOST_WORDS) break
  }
  return words
}

/** Part of a row that is there is there too: so one walk with two ends finds the longest. */
function* longestRow(words: readonly string[], text: string): Steps<string> {
  let best = ''
  let from = 0
  for (let to = 1; to <= words.length; to++) {
    while (from < to && !text.includes(words.slice(from, to).join(''))) {
      from++
      yield
    }
    const row = words.slice(from, to).join('')
    if (row.length > best.length) best = row
    yield
  }
  return best
}

function placesOf(row: string, text: string): number[] {
  const places: number[] = []
  if (!row) return places
  for (let at = text.indexOf(row); at >= 0; at = text.indexOf(row, at + row.length)) places.push(at)
  return places
}

/** Capitals make no difference; a letter whose small form is longer keeps its capital. */
function plain(text: string): string {
  return text.replace(/\p{Lu}/gu, (letter) => {
    const small = letter.toLowerCase()
    return small.length === letter.length ? small : letter
  })
}
