/**
 * One form for all the ways a word can be written, so that a search finds it: the twin of the
 * server's `store/folding.py`, which explains the rules. Both run the vectors in
 * `tests/store/queries.json`.
 */

/** The searchable form of a text. Folding what is folded changes nothing. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  const decomposed = casefold(casefold(text).normalize('NFKD'))
  const plain = decomposed.replace(STROKED, (letter) => PLAIN[letter] ?? letter)
  return plain.replace(DROPPED, '').normalize('NFC').replace(APART, ' $& ')
}

/** Whether a search could find any of it: letters, numbers, emoji. */
export function hasWords(folded: string): boolean {
  return /[\p{L}\p{N}]/u.test(folded) || folded.search(APART) >= 0
}

/** Whether it is of a script without spaces, or an emoji. */
export function standsApart(character: string): boolean {
  return character !== '' && character.replace(APART, '') === ''
}

/**
 * Words are what an index holds: letters, numbers, and the marks and signs that go with them. What
 * stands between them makes no difference to a phrase.
 */
export function wordsOf(folded: string): string {
  return (folded.match(WORD) ?? []).join(' ')
}

/**
 * Unicode case folding by what JavaScript has. Capitals first, for `ß` and `ss` are told apart by
 * small letters only; a final sigma is a sigma.
 */
function casefold(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ')
}

const ASCII = /^[\0-\x7f]*$/

const WORD = /[\p{L}\p{N}\p{Co}\p{So}\p{Mn}\p{Mc}]+/gu

/** Letters with a stroke or of two letters, which no decomposition takes apart. */
const PLAIN: Readonly<Record<string, string>> = {
  ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i', ħ: 'h',
}

const STROKED = /[øłđðþæœıħ]/g

/** Accents of Latin, Greek, Cyrillic; points of Hebrew and Arabic; what cannot be seen. */
const DROPPED = new RegExp(
  '[' +
    '\\u0300-\\u036f' +
    '\\u0483-\\u0487' +
    '\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7' +
    '\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e8\\u06ea-\\u06ed' +
    '\\u00ad\\u200b-\\u200f\\u2060\\ufe00-\\ufe0f\\ufeff' +
    ']+',
  'gu',
)

/** Thai, Lao, Burmese, Khmer; Han, kana, Hangul; signs and emoji. */
const APART = new RegExp(
  '[' +
    '\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff' +
    '\\u2e80-\\u2fdf\\u3005-\\u3007\\u3041-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff' +
    '\\ua960-\\ua97f\\uac00-\\ud7ff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}' +
    '\\u00a9\\u00ae\\u00b0\\u2190-\\u21ff\\u2300-\\u2bff\\u{1f000}-\\u{1faff}' +
    ']',
  'gu',
)
