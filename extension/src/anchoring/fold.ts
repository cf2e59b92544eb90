/**
 * Folding: the form of a text in which passages are compared. Everything that differs between two
 * printings of the same words is gone: white space, the shape of quotation marks and dashes,
 * ligatures and full-width forms, joiners and variation selectors. Each folded character knows
 * where it came from.
 */

import type { Steps } from './slices'
import { TEXT, characterClass } from './characters'

export interface Folded {
  text: string
  codes: Uint16Array
  /** For each folded character the offset it came from; one more for the end. */
  origin: Uint32Array
}

const CHARACTERS_PER_STEP = 16_384

export function* fold(text: string): Steps<Folded> {
  let codes = new Uint16Array(text.length + 16)
  let origin = new Uint32Array(text.length + 17)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    if (at % CHARACTERS_PER_STEP === CHARACTERS_PER_STEP - 1) yield
    const code = text.charCodeAt(at)
    const folded = FOLDS[code] || learn(code)
    if (folded === DROP) continue
    // A row of hyphens is a typewriter's dash.
    if (folded === HYPHEN && at > 0 && FOLDS[text.charCodeAt(at - 1)] === HYPHEN) continue
    if (length + 32 > codes.length) {
      codes = grown(codes, new Uint16Array(codes.length * 2))
      origin = grown(origin, new Uint32Array(origin.length * 2))
    }
    if (folded === EXPAND) {
      for (const part of expansions.get(code) as string) {
        codes[length] = part.charCodeAt(0)
        origin[length++] = at
      }
    } else {
      codes[length] = folded
      origin[length++] = at
    }
  }
  origin[length] = text.length
  codes = codes.subarray(0, length)
  return { text: yield* decode(codes), codes, origin: origin.subarray(0, length + 1) }
}

/** The folded offset of the first folded character at or after an offset of the text. */
export function foldedOffset(folded: Pick<Folded, 'origin'>, offset: number): number {
  let low = 0
  let high = folded.origin.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((folded.origin[middle] as number) < offset) low = middle + 1
    else high = middle
  }
  return low
}

function grown<T extends Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from)
  return to
}

function* decode(codes: Uint16Array): Steps<string> {
  const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true })
  if (codes.length <= CODES_PER_STEP) return utf16.decode(codes)
  const parts: string[] = []
  for (let from = 0; from < codes.length; from += CODES_PER_STEP) {
    parts.push(utf16.decode(codes.subarray(from, from + CODES_PER_STEP), { stream: true }))
    yield
  }
  parts.push(utf16.decode())
  return parts.join('')
}

const CODES_PER_STEP = 131_072

/** 0 not learnt yet; DROP and EXPAND; otherwise the folded character. Private use is never met. */
const FOLDS = new Uint16Array(0x10000)
const DROP = 0xf8fe
const EXPAND = 0xf8ff
const HYPHEN = 0x2d
const expansions = new Map<number, string>()

function learn(code: number): number {
  return (FOLDS[code] = foldOnce(code))
}

function foldOnce(code: number): number {
  if (code >= 0xd800 && code <= 0xf8ff) return code === DROP || code === EXPAND ? 0xe000 : code
  if (characterClass(code) !== TEXT) return DROP
  const known = LOOKALIKES.get(code)
  if (known !== undefined) return known
  if (code === 0x200c || code === 0x200d || (code >= 0xfe00 && code <= 0xfe0f)) return DROP
  const normal = String.fromCharCode(code).normalize('NFKC').replace(/\s/g, '')
  if (normal.length === 0) return DROP
  if (normal.length === 1) return LOOKALIKES.get(normal.charCodeAt(0)) ?? normal.charCodeAt(0)
  expansions.set(code, normal)
  return EXPAND
}

const LOOKALIKES = new Map<number, number>(
  (
    [
      ["'", '\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u00b4`'],
      ['"', '\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u2036'],
      ["'", '\u2039\u203a'],
      ['-', '\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u2e3a\u2e3b\ufe58\ufe63\uff0d'],
      ['\u00b7', '\u2022\u2027\u30fb\u22c5'],
    ] as const
  ).flatMap(([plain, shapes]) =>
    [...shapes].map((shape): [number, number] => [shape.charCodeAt(0), plain.charCodeAt(0)]),
  ),
)
