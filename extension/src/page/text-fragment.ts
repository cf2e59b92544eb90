/**
 * A link to a passage: WICG Scroll To Text Fragment, `#:~:text=[prefix-,]start[,end][,-suffix]`.
 *
 * A short passage is named whole. A long one, or one that crosses blocks, by its first and last
 * words, since browsers match neither across blocks. Context is added to what is short enough to
 * stand elsewhere too.
 */

import type { Quote } from '../model'

const WHOLE = 200
const END_WORDS = 6
const SHORT = 40
const CONTEXT_WORDS = 3

export function linkToText(url: string, quote: Quote): string {
  const [base = '', fragment] = url.split('#', 2)
  const kept = fragment?.replace(/:~:.*$/s, '') ?? ''
  return `${base}#${kept}:~:${directive(quote)}`
}

function directive(quote: Quote): string {
  const { prefix, exact: text, suffix } = inWholeWords(quote)
  if (text.length > WHOLE || text.includes('\n')) {
    const first = firstWords(text.split('\n')[0] ?? '', END_WORDS)
    const last = lastWords(text.split('\n').at(-1) ?? '', END_WORDS)
    return `text=${encode(first)},${encode(last)}`
  }
  if (text.length > SHORT) return `text=${encode(text)}`
  const before = lastWords(prefix.split('\n').at(-1) ?? '', CONTEXT_WORDS)
  const after = firstWords(suffix.split('\n')[0] ?? '', CONTEXT_WORDS)
  return [
    'text=',
    before && `${encode(before)}-,`,
    encode(text),
    after && `,-${encode(after)}`,
  ].join('')
}

/** Browsers match whole words only; a selection may begin or end within one. */
function inWholeWords({ prefix, exact, suffix }: Quote): Quote {
  const cut = /^[\p{L}\p{N}]/u.test(exact) ? (/[\p{L}\p{N}]+$/u.exec(prefix)?.[0] ?? '') : ''
  const rest = /[\p{L}\p{N}]$/u.test(exact) ? (/^[\p{L}\p{N}]+/u.exec(suffix)?.[0] ?? '') : ''
  return {
    prefix: prefix.slice(0, prefix.length - cut.length),
    exact: (cut + exact + rest).trim(),
    suffix: suffix.slice(rest.length),
  }
}

function firstWords(text: string, count: number): string {
  const last = wordsIn(text)[count - 1]
  return (last ? text.slice(0, last.index + last.segment.length) : text).trim()
}

function lastWords(text: string, count: number): string {
  const first = wordsIn(text).at(-count)
  return (first ? text.slice(first.index) : text).trim()
}

/** By the language's own rules: not every one puts spaces between words. */
function wordsIn(text: string): Intl.SegmentData[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })
  return [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike)
}

/** A dash, a comma and an ampersand would be taken for syntax. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('-', '%2D')
}
