/**
 * What a reader types to find notes, and what it means: the twin of the server's `store/query.py`,
 * which explains the language. Both run the vectors in `tests/store/queries.json`.
 */
import { COLORS, type Color } from '../model'
import { pageKey } from '../page_key'
import { fold, hasWords, standsApart } from './folding'

export const MAX_LENGTH = 1024
export const MAX_TERMS = 64

/** Words to be found side by side, folded; the last one may go on where `prefix`. */
export interface Text {
  words: string
  prefix: boolean
}

/** What a note may be asked for, or asked not to be. Tags are folded, sites are hosts. */
export interface Terms {
  texts: Text[]
  tags: string[]
  sites: string[]
  colors: Color[]
}

/** `after` is included, `before` is not. Empty, a query asks for everything. */
export interface Query {
  wanted: Terms
  unwanted: Terms
  after: string | null
  before: string | null
}

/** What cannot be meant; worded where it is shown. */
export class BadQuery extends Error {
  readonly values: string[]

  constructor(
    readonly type:
      | 'query-too-long'
      | 'too-many-terms'
      | 'no-color'
      | 'no-site'
      | 'no-date'
      | 'no-such-field',
    ...values: string[]
  ) {
    super(type)
    this.values = values
  }
}

/** @throws BadQuery for what cannot be meant. */
export function parse(text: string): Query {
  if ([...text].length > MAX_LENGTH) throw new BadQuery('query-too-long')
  const query: Query = { wanted: terms(), unwanted: terms(), after: null, before: null }
  let count = 0
  for (const [, not, name = '', phrase, star, word] of plain(text).matchAll(TERM)) {
    if (++count > MAX_TERMS) throw new BadQuery('too-many-terms')
    const into = not ? query.unwanted : query.wanted
    const field = name.toLowerCase()
    const value = phrase ?? word ?? ''
    if (FIELDS.has(field)) addField(query, field, value, into)
    // `tag:` and nothing yet: somebody is still typing.
    else if (!value.endsWith(':') || !FIELDS.has(value.slice(0, -1).toLowerCase())) {
      const prefix = Boolean(star) || (phrase === undefined && value.endsWith('*'))
      addText(into, name ? `${field}:${value}` : value, prefix)
    }
  }
  return query
}

/** The site a page key belongs to: host and port. Null where there is none (`file:`). */
export function siteOf(page: string): string | null {
  return URL.parse(page)?.host || null
}

function terms(): Terms {
  return { texts: [], tags: [], sites: [], colors: [] }
}

function addText({ texts }: Terms, value: string, starred: boolean): void {
  const words = spaced(fold(value.replace(/\*+$/, '')))
  if (!hasWords(words)) return
  const last = [...words.slice(words.lastIndexOf(' ') + 1)]
  // One letter begins a tenth of all words, and a character without spaces begins none.
  const prefix = starred && last.length > 1 && !standsApart(last.at(-1)!)
  if (!texts.some((one) => one.words === words && one.prefix === prefix)) {
    texts.push({ words, prefix })
  }
}

function addField(query: Query, field: string, value: string, into: Terms): void {
  if (field === 'tag') return add(into.tags, foldTag(value))
  if (field === 'site') return add(into.sites, site(value))
  if (field === 'color' || field === 'colour') return add(into.colors, color(value))
  if (into === query.unwanted) throw new BadQuery('no-such-field', field, opposite(field), value)
  const moment = momentOf(field, value)
  if (field === 'after') query.after = later(query.after, moment)
  else query.before = earlier(query.before, moment)
}

function add<T>(list: T[], value: T): void {
  if (!list.includes(value)) list.push(value)
}

export function foldTag(tag: string): string {
  return spaced(fold(tag))
}

function spaced(text: string): string {
  return text.split(SPACE).filter(Boolean).join(' ')
}

function color(value: string): Color {
  const found = COLORS.find((one) => one === value.toLowerCase())
  if (!found) throw new BadQuery('no-color', value.slice(0, 40), COLORS.join(', '))
  return found
}

function site(value: string): string {
  let found: string | null = null
  try {
    found = siteOf(pageKey(value.includes('://') ? value : `https://${value}`))
  } catch {
    // Said below, as for an address that has no site.
  }
  if (found === null) throw new BadQuery('no-site', value.slice(0, 80))
  return found
}

function momentOf(field: string, value: string): string {
  const bad = new BadQuery('no-date', `${field}:${value.slice(0, 40)}`, field)
  const day = /^([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?$/.exec(value)
  if (!day) {
    if (!MOMENT.test(value) || Number.isNaN(Date.parse(value))) throw bad
    return new Date(value).toISOString().replace('Z', '000Z')
  }
  const [year, month, date] = [day[1], day[2] ?? '1', day[3] ?? '1'].map(Number)
  const moment = new Date(0)
  moment.setUTCFullYear(year!, month! - 1, date)
  const meant = moment.getUTCMonth() === month! - 1 && moment.getUTCDate() === date
  if (!meant || year === 0) throw bad
  return moment.toISOString().replace('Z', '000Z')
}

function later(known: string | null, moment: string): string {
  return known !== null && known > moment ? known : moment
}

function earlier(known: string | null, moment: string): string {
  return known !== null && known < moment ? known : moment
}

function opposite(field: string): string {
  return field === 'after' ? 'before' : 'after'
}

/** Quotation marks as telephones write them; and what no text can be. */
function plain(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '?')
    .replaceAll('\ufeff', '')
    .replace(/[\u201c-\u201f\u00ab\u00bb\uff02]/g, '"')
    .replace(/[\0-\x1f\ue000-\uf8ff]/g, ' ')
}

const FIELDS = new Set(['tag', 'site', 'color', 'colour', 'after', 'before'])

const TERM = /(-)?(?:([A-Za-z]+):)?(?:"([^"]*)(?:"|$)(\*)?|([^\s\x85"]+))/g

/** White space as the server's language has it. */
const SPACE = /[\s\x1c-\x1f\x85]+/

const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/
