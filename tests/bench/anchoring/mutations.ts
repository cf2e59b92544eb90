/**
 * What happens to pages between two visits. Each mutation changes a tracked page around or inside
 * one quote; where the quote has gone is known from the characters' numbers.
 */

import type { Random } from './random.ts'
import type { Character, TrackedPage } from './tracked-page.ts'

export interface Target {
  page: TrackedPage
  /** Character numbers of the quote. */
  from: number
  to: number
  random: Random
  /** Words to write new text with: half from this page, half from others. */
  vocabulary: readonly string[]
}

/** Answers false where it cannot be done to this quote. */
export type Mutation = (target: Target) => boolean | void

export const MUTATIONS: Record<string, Mutation> = {
  none: () => undefined,
  'blocks injected': (target) => injectBlocks(target, target.random.between(2, 8)),
  restructured: restructure,
  'edited 5 %': (target) => editWords(target, target.from, target.to, 0.05),
  'edited 15 %': (target) => editWords(target, target.from, target.to, 0.15),
  'edited 30 %': (target) => editWords(target, target.from, target.to, 0.3),
  'context rewritten': rewriteContext,
  typography: changeTypography,
  'reader mode': readerMode,
  'same quote earlier': sameQuoteEarlier,
  'same paragraph earlier': sameParagraphEarlier,
  'paragraph moved': moveParagraph,
  'something inside': putInside,
  'half cut': cutHalf,
  deleted: deleteQuote,
  'paragraph deleted': deleteParagraph,
  replaced: replaceQuote,
  'page edited 8 %': (target) => editWords(target, 0, Infinity, 0.08),
  'all at once': (target) => {
    injectBlocks(target, target.random.between(1, 4))
    editWords(target, 0, Infinity, 0.05)
    changeTypography(target)
    restructure(target)
  },
}

/** After these the quote is gone, and finding it anywhere is an error. */
export const GONE: ReadonlySet<string> = new Set(['deleted', 'paragraph deleted', 'replaced'])

const BLOCKS = 'p, li, h1, h2, h3, h4, h5, pre, blockquote, table, ul, ol, figure, aside, dl'

function sentence({ random, vocabulary }: Target, words: number): string {
  const text = Array.from({ length: words }, () => random.pick(vocabulary)).join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1) + '.'
}

function injectBlocks(target: Target, count: number): void {
  const { page, random } = target
  for (let i = 0; i < count; i++) {
    const blocks = [...page.body.querySelectorAll(BLOCKS)]
    const block = document.createElement(random.pick(['div', 'aside', 'section', 'p']))
    for (let s = random.between(1, 6); s > 0; s--) {
      const part = document.createElement(random.pick(['p', 'span', 'h4', 'a']))
      part.textContent = sentence(target, random.between(3, 25)) + ' '
      block.append(part)
    }
    if (blocks.length === 0) page.body.prepend(block)
    else random.pick(blocks).before(block)
  }
}

function restructure({ page, random }: Target): void {
  for (const inline of [...page.body.querySelectorAll('a, em, strong, b, i, code, span')]) {
    if (random.chance(0.4)) inline.replaceWith(...inline.childNodes)
  }
  for (const node of page.texts()) {
    if (node.length < 12 || !random.chance(0.35)) continue
    const rest = page.split(node, random.between(1, node.length - 1))
    const wrapper = document.createElement(random.pick(['span', 'em', 'a', 'x-glossary', 'font']))
    rest.before(wrapper)
    wrapper.append(rest)
  }
  for (const block of [...page.body.querySelectorAll('p, section, article, div')]) {
    if (!random.chance(0.5) || block.closest('ul, ol, table, dl') !== null) continue
    const other = document.createElement(block.localName === 'p' ? 'div' : 'section')
    other.append(...block.childNodes)
    block.replaceWith(other)
    if (random.chance(0.3)) {
      const outer = document.createElement('div')
      other.before(outer)
      outer.append(other)
    }
  }
}

/** The words of the characters with these numbers; a word cut by a tag counts by its parts. */
function wordsIn(page: TrackedPage, from: number, to: number): Character[][] {
  const words: Character[][] = []
  let word: Character[] = []
  const close = (): void => {
    if (word.length > 0) words.push(word)
    word = []
  }
  for (const character of page.characters(from, to)) {
    const text = character.node.data[character.offset] as string
    const last = word[word.length - 1]
    const follows =
      last !== undefined && last.node === character.node && last.offset + 1 === character.offset
    if (/[\s.,;:!?()[\]{}"“”。、，]/.test(text)) close()
    else {
      const dense = text.charCodeAt(0) >= 0x2e80 && !/[\ud800-\udfff]/.test(text)
      if (!follows || (dense && word.length >= 2)) close()
      word.push(character)
    }
  }
  close()
  return words
}

/** Replaces, removes and adds words; a quote of more than two words loses at least one. */
function editWords(target: Target, from: number, to: number, rate: number): void {
  const { page, random } = target
  const words = wordsIn(page, from, to)
  const chosen = new Set<Character[]>()
  if (to < Infinity) {
    const count = Math.max(words.length > 2 ? 1 : 0, Math.round(words.length * rate))
    while (chosen.size < Math.min(count, words.length)) chosen.add(random.pick(words))
  } else {
    for (const word of words) if (random.chance(rate)) chosen.add(word)
  }
  const edits = words.filter((word) => chosen.has(word))
  for (const word of edits.reverse()) {
    const first = word[0] as Character
    const end = (word[word.length - 1] as Character).offset + 1
    const kind = random.next()
    if (kind < 0.65) page.replace(first.node, first.offset, end, random.pick(target.vocabulary))
    else if (kind < 0.82) page.replace(first.node, first.offset, end, '')
    else page.replace(first.node, end, end, ` ${random.pick(target.vocabulary)}`)
  }
}

function rewriteContext(target: Target): void {
  const reach = target.random.between(150, 500)
  const rate = 0.6 + target.random.next() * 0.4
  const end = target.to
  editAround(target, Math.max(0, target.from - reach), target.from, rate)
  editAround(target, end, end + reach, rate)
}

function editAround(target: Target, from: number, to: number, rate: number): void {
  const { page, random } = target
  for (const word of wordsIn(page, from, to).reverse()) {
    if (!random.chance(rate)) continue
    const first = word[0] as Character
    const end = (word[word.length - 1] as Character).offset + 1
    page.replace(first.node, first.offset, end, random.pick(target.vocabulary))
  }
}

const TWINS: readonly (readonly string[])[] = [
  ["'", '’', '‘'],
  ['"', '“', '”'],
  ['-', '–', '—', '‑'],
  ['…', '...'],
]

function changeTypography({ page, random }: Target): void {
  const soft = random.chance(0.5)
  const decomposed = random.chance(0.5)
  for (const node of page.texts()) {
    const pre = node.parentElement?.closest('pre') != null
    page.rewrite(node, (character, at) => {
      if (/\s/.test(character)) return pre ? character : random.pick([' ', '\n  ', '\u00a0', '  '])
      const twins = TWINS.find((set) => set.includes(character))
      if (twins !== undefined) return random.pick(twins)
      const composed = /[\u00c0-\u024f\uac00-\ud7a3]/.test(character)
      if (decomposed && composed) return character.normalize('NFD')
      const inWord = /[a-z]/.test(character) && /[a-z]/.test(node.data[at + 1] ?? '')
      return soft && inWord && random.chance(0.1) ? character + '\u00ad' : character
    })
  }
}

/** Only the part with the quote, as plain blocks of text. */
function readerMode({ page, from, to }: Target): void {
  for (const aside of [...page.body.querySelectorAll('nav, aside, footer, header, form, button')]) {
    const ids = page.texts(aside).flatMap((node) => [...page.idsOf(node)])
    if (!ids.some((id) => id >= from && id < to)) aside.remove()
  }
  const inlines = 'a, span, em, strong, b, i, sup, sub, font'
  for (const inline of [...page.body.querySelectorAll(inlines)]) {
    inline.replaceWith(...inline.childNodes)
  }
  for (const box of [...page.body.querySelectorAll('div, section, article, main, header')]) {
    const plain = document.createElement('div')
    plain.append(...box.childNodes)
    box.replaceWith(plain)
  }
}

function blockOf(page: TrackedPage, from: number, to: number): Element | null {
  const first = page.characters(from, to)[0]
  return first?.node.parentElement?.closest(BLOCKS) ?? null
}

/** A block before the quote's, far or near. */
function earlierBlock(target: Target, block: Element): Element | null {
  const before = [...target.page.body.querySelectorAll(BLOCKS)].filter(
    (other) =>
      (other.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 &&
      !other.contains(block) &&
      other.closest('ul, ol, table, dl') === (other.matches('ul, ol, table, dl') ? other : null),
  )
  return before.length === 0 ? null : target.random.pick(before)
}

function textOf(target: Target): string {
  return target.page
    .characters(target.from, target.to)
    .map(({ node, offset }) => node.data[offset])
    .join('')
}

function sameQuoteEarlier(target: Target): void {
  const block = blockOf(target.page, target.from, target.to)
  const place = block && earlierBlock(target, block)
  const copy = document.createElement('p')
  copy.textContent = `${sentence(target, 9)} ${textOf(target)} ${sentence(target, 12)}`
  if (place) place.before(copy)
  else target.page.body.prepend(copy)
}

function sameParagraphEarlier(target: Target): void {
  const block = blockOf(target.page, target.from, target.to)
  if (block === null) return sameQuoteEarlier(target)
  const copy = block.cloneNode(true) as Element
  const place = earlierBlock(target, block)
  if (place) place.before(copy)
  else target.page.body.prepend(copy)
}

/** Only a paragraph that holds the whole quote: half of a torn one would be right at two places. */
function moveParagraph(target: Target): boolean {
  const { page, random } = target
  const parents = page.characters(target.from, target.to).map(({ node }) => node.parentElement)
  let block = blockOf(page, target.from, target.to)
  while (block !== null && !parents.every((parent) => block?.contains(parent))) {
    block = block.parentElement?.closest(BLOCKS) ?? null
  }
  if (block === null) return false
  const others = [...page.body.querySelectorAll('p, h2, h3, pre')].filter(
    (other) => !block.contains(other) && !other.contains(block),
  )
  if (others.length === 0) return false
  random.pick(others).before(block)
  return true
}

function putInside(target: Target): void {
  const { page, random } = target
  const all = page.characters(target.from, target.to)
  const gaps = all.filter(
    ({ node, offset }, i) => i > 2 && i < all.length - 2 && /\s/.test(node.data[offset] ?? ''),
  )
  if (gaps.length === 0) return
  const { node, offset } = random.pick(gaps)
  const rest = page.split(node, offset)
  if (random.chance(0.4)) {
    const mark = document.createElement('sup')
    mark.textContent = random.pick(['[1]', '12', '[note 3]', '†'])
    rest.before(mark)
    return
  }
  const advertisement = document.createElement(random.chance(0.5) ? 'div' : 'span')
  advertisement.textContent = Array.from({ length: random.between(1, 5) }, () =>
    sentence(target, random.between(4, 20)),
  ).join(' ')
  rest.before(advertisement)
}

function cutHalf(target: Target): void {
  const { page, random } = target
  const words = wordsIn(page, target.from, target.to)
  if (words.length < 2) return
  const half = Math.floor(words.length / 2)
  const first = random.pick([0, words.length - half, random.between(0, words.length - half)])
  const from = ((words[first] as Character[])[0] as Character).id
  const last = words[first + half - 1] as Character[]
  remove(page, from, (last[last.length - 1] as Character).id + 1)
}

function remove(page: TrackedPage, from: number, to: number): void {
  for (const node of page.texts()) {
    const ids = page.idsOf(node)
    const begin = ids.findIndex((id) => id >= from && id < to)
    if (begin === -1) continue
    const end = ids.findLastIndex((id) => id >= from && id < to) + 1
    page.replace(node, begin, end, '')
  }
}

function deleteQuote(target: Target): void {
  remove(target.page, target.from, target.to)
}

/** The quote with all of the text around it. */
function deleteParagraph(target: Target): void {
  const around = target.random.between(100, 400)
  remove(target.page, Math.max(0, target.from - around), target.to + around)
}

function replaceQuote(target: Target): void {
  const { page } = target
  const original = new Set(textOf(target).toLowerCase().split(/\W+/))
  const other = target.vocabulary.filter((word) =>
    word.toLowerCase().split(/\W+/).every((part) => part === '' || !original.has(part)),
  )
  for (const word of wordsIn(page, target.from, target.to).reverse()) {
    const first = word[0] as Character
    const end = (word[word.length - 1] as Character).offset + 1
    page.replace(first.node, first.offset, end, target.random.pick(other))
  }
}
