/**
 * Runs in the browser: how long engines take on pages of every size and nastiness, and how long
 * they hold the page meanwhile.
 */

import { ENGINES } from './engines.ts'
import { Random } from './random.ts'
import { TextIndex, anchor, atOnce, describe } from '../../../extension/src/anchoring/index.ts'
import type { Sought } from '../../../extension/src/anchoring/index.ts'

export interface Duration {
  /** Until the last note had its place. */
  total: number
  /** The longest the page could not have handled a click. */
  block: number
  found: number
  memory: Memory
}

/** What the engine holds on to, in megabytes, over what the page itself takes. */
export interface Memory {
  /** The most at any time, nearly. */
  peak: number
  /** With the answers kept and everything else let go. */
  after: number
}

/** Marks some passages of a page, and finds them again on the same page, several times over. */
export async function timeTenNotes(
  engine: string,
  html: string,
  rounds: number,
): Promise<{ describe: number; anchor: number[]; found: number }> {
  show(html)
  const described: unknown[] = []
  let spent = 0
  for (const range of ranges(10, 7)) {
    const began = performance.now()
    described.push(await ENGINES[engine]?.describe(range, document.body))
    spent += performance.now() - began
  }
  const times: number[] = []
  let found = 0
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    const located = (await ENGINES[engine]?.anchor(described, document.body)) ?? []
    times.push(performance.now() - began)
    found = located.filter(({ range }) => range !== null).length
  }
  return { describe: spent / 10, anchor: times, found }
}

/** The browser's clock is too coarse to time one reading of a small page. */
const READINGS = 50

/** What no engine can be faster than: the page's text nodes read once, each quote sought in it. */
export function timeCeiling(html: string, rounds: number): number[] {
  show(html)
  const quotes = ranges(10, 7).map(String)
  const read = (): void => {
    const text = textNodes().map(({ data }) => data).join('')
    for (const quote of quotes) if (!text.includes(quote)) throw new Error('not there')
  }
  return Array.from({ length: rounds }, () => {
    const began = performance.now()
    for (let reading = 0; reading < READINGS; reading++) read()
    return (performance.now() - began) / READINGS
  })
}

/** So many notes on a page of which a share of the words was changed since they were made. */
export async function timeManyNotes(
  bytes: number,
  notes: number,
  changed: number,
): Promise<Duration> {
  const random = new Random(11)
  const words = wordsOfLength(bytes, random)
  show(paragraphs(words))
  const sought = takeNotes(notes, random)
  const edited = (word: string): string => `${word}${random.between(2, 99)}`
  const after = words.map((word) => (random.chance(changed) ? edited(word) : word))
  show(paragraphs(after))
  return timed(sought)
}

const WORST: Record<string, () => string> = {
  '1 MB of one letter': () => `<p>${'a'.repeat(1_000_000)}</p>`,
  '50,000 nodes': () => paragraphs(wordsOfLength(400_000, new Random(3)), 8, true),
  '10,000 equal paragraphs': () => '<p>One sentence, over and over again.</p>'.repeat(10_000),
  '5 MB': () => paragraphs(wordsOfLength(5_000_000, new Random(5))),
}

/** A hundred notes on a page made to be hard, none where it was. */
export async function timeWorst(name: string): Promise<Duration> {
  show(WORST[name]?.() ?? '')
  const sought = takeNotes(100, new Random(13))
  document.body.prepend(Object.assign(document.createElement('p'), { textContent: 'Put in.' }))
  return timed(sought)
}

export function worstNames(): string[] {
  return Object.keys(WORST)
}

export function timeDescribe(bytes: number): { first: number; next: number } {
  show(paragraphs(wordsOfLength(bytes, new Random(17))))
  const some = ranges(6, 3)
  const began = performance.now()
  describe(some[0] as Range, document.body)
  const first = performance.now() - began
  const index = atOnce(TextIndex.build(document.body))
  describe(some[1] as Range, index)
  const then = performance.now()
  for (const range of some.slice(2)) describe(range, index)
  return { first, next: (performance.now() - then) / 4 }
}

async function timed(sought: Sought[]): Promise<Duration> {
  collect() // What it took to make the page is not the engine's.
  const watch = watchBlocks()
  const began = performance.now()
  const anchored = await anchor(sought, document.body, { viewportFirst: false })
  const total = performance.now() - began
  const found = anchored.filter(({ range }) => range !== null).length
  return { total, block: watch.stop(), found, memory: await weighed(sought) }
}

interface Scheduler {
  yield(): Promise<void>
}

/** Weighed in a pass of its own, at some of the moments at which the engine pauses. */
const PAUSES_PER_WEIGHING = 16

/** Given by `speed.ts`, for a page cannot see all of it. */
declare function bytesHeld(): Promise<number>

async function weighed(sought: Sought[]): Promise<Memory> {
  const { scheduler } = globalThis as unknown as { scheduler: Scheduler }
  const original = scheduler.yield
  const before = await bytesHeld()
  let most = before
  let pauses = 0
  scheduler.yield = async () => {
    if (pauses++ % PAUSES_PER_WEIGHING === 0) most = Math.max(most, await bytesHeld())
    await original.call(scheduler)
  }
  const anchored = await anchor(sought, document.body, { viewportFirst: false })
  scheduler.yield = original
  const after = await bytesHeld()
  // Not before: what is not used any more is not held.
  if (anchored.length !== sought.length) throw new Error('an answer is missing')
  return { peak: (most - before) / 1e6, after: (after - before) / 1e6 }
}

/** Chromium is started with this; see `chromium.ts`. */
function collect(): void {
  ;(globalThis as unknown as { gc(): void }).gc()
}

/** The longest time between two moments at which the engine lets the page have its turn. */
function watchBlocks(): { stop(): number } {
  const { scheduler } = globalThis as unknown as { scheduler: Scheduler }
  const original = scheduler.yield
  let last = performance.now()
  let longest = 0
  const look = (): void => {
    longest = Math.max(longest, performance.now() - last)
  }
  scheduler.yield = async () => {
    look()
    await original.call(scheduler)
    last = performance.now()
  }
  return {
    stop() {
      look()
      scheduler.yield = original
      return longest
    },
  }
}

function show(html: string): void {
  document.body.innerHTML = html
  for (const script of document.body.querySelectorAll('script, link, iframe, img')) script.remove()
}

function takeNotes(count: number, random: Random): Sought[] {
  const { text } = atOnce(TextIndex.build(document.body))
  return Array.from({ length: count }, (_, id) => {
    const start = random.between(0, text.length - 200)
    const end = start + random.between(12, 180)
    return {
      id: String(id),
      quote: {
        exact: text.slice(start, end).trim(),
        prefix: text.slice(Math.max(0, start - 64), start),
        suffix: text.slice(end, end + 64),
      },
      position: { start, end },
    }
  })
}

function ranges(count: number, seed: number): Range[] {
  const random = new Random(seed)
  const long = textNodes().filter(({ data }) => data.trim().length > 60)
  return Array.from({ length: count }, () => {
    const node = random.pick(long)
    const start = random.between(1, node.length - 45)
    const range = document.createRange()
    range.setStart(node, start)
    range.setEnd(node, start + random.between(15, 40))
    return range
  })
}

function textNodes(): Text[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found: Text[] = []
  while (walker.nextNode()) found.push(walker.currentNode as Text)
  return found
}

function wordsOfLength(bytes: number, random: Random): string[] {
  const syllables = ['ta', 'ren', 'mo', 'sil', 'ver', 'ka', 'dun', 'li', 'pra', 'gos', 'en', 'um']
  const vocabulary = Array.from({ length: 4_000 }, () =>
    Array.from({ length: random.between(1, 4) }, () => random.pick(syllables)).join(''),
  )
  const words: string[] = []
  for (let length = 0; length < bytes; ) {
    const word = random.pick(vocabulary)
    words.push(word)
    length += word.length + 1
  }
  return words
}

function paragraphs(words: readonly string[], size = 90, split = false): string {
  const made: string[] = []
  for (let at = 0; at < words.length; at += size) {
    const some = words.slice(at, at + size)
    const inside = split ? some.map((word) => `<i>${word}</i> `).join('') : `${some.join(' ')}.`
    made.push(`<p>${inside}</p>`)
  }
  return made.join('')
}
