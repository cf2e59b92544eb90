/**
 * W3C Web Annotations, whoever wrote them, as notes: a collection, a page, a list or a single one.
 * JSON-LD leaves writers much freedom, so each is taken as far as it can be understood, and what
 * cannot be kept is counted with its reason.
 */
import { COLORS, type Color, type Imported, type Position, type Quote } from '../model'
import { believedCanonical } from '../page_key'
import { iri } from './iri'
import { uuidOf } from './uuid5'
import { OWN } from './w3c'

export interface Read {
  notes: Imported[]
  /** Why others were left out. */
  refused: Refusal[]
}

export type Refusal = 'no-target' | 'no-address' | 'too-long'

/** What the file holds no annotations at all throws. */
export class NotAnnotations extends Error {}

type Json = Record<string, unknown>

const MOST = { exact: 20_000, context: 256, note: 100_000, tags: 64, tag: 128, url: 4096 }
const MOST_TITLE = 1024
const MOST_EXTRA = 16 * 1024
const OURS = new Set([
  ...'@context id type motivation created modified body bodyValue target stylesheet'.split(' '),
  ...Object.values(OWN),
])
const ADDRESSES = /^(https?|file|urn):/i

export function readW3c(text: string, now: string): Read {
  const items = itemsOf(parse(text))
  if (!items) throw new NotAnnotations()
  const read: Read = { notes: [], refused: [] }
  for (const item of items) {
    const note = noteOf(item, now)
    if (typeof note === 'string') read.refused.push(note)
    else read.notes.push(note)
  }
  return read
}

function itemsOf(value: unknown): Json[] | null {
  if (Array.isArray(value)) return value.filter(isObject)
  if (!isObject(value)) return null
  const { items, first } = value
  if (Array.isArray(items)) return items.filter(isObject)
  if (isObject(first) || Array.isArray(first)) return itemsOf(first)
  return 'target' in value ? [value] : null
}

function noteOf(item: Json, now: string): Imported | Refusal {
  const [target] = list(item['target'])
  if (target === undefined) return 'no-target'
  const resource: Json = isObject(target) ? target : { source: target }
  const url = addressOf(resource, item)
  if (url === null) return 'no-address'
  const canonical = canonicalOf(resource, item, url)
  const conflict = /^urn:uuid:([0-9a-f-]{36})$/.exec(textOf(item[OWN.conflict]))?.[1]
  const { note, tags } = saidIn(item)
  const selectors = list(resource['selector']).filter(isObject)
  const quote = quoteOf(selectors)
  const long = [
    [...(quote?.exact ?? '')].length > MOST.exact,
    [...note].length > MOST.note,
    url.length > MOST.url,
    tags.length > MOST.tags,
    tags.some((tag) => [...tag].length > MOST.tag),
  ]
  if (long.includes(true)) return 'too-long'
  const extra = extraOf(item)
  return {
    id: uuidOf(textOf(item['id']) || JSON.stringify(item)),
    url,
    ...(canonical && { canonical }),
    title: cut(textOf(resource['dcterms:title'] ?? resource['title']), MOST_TITLE),
    quote,
    position: positionOf(selectors),
    note,
    tags,
    color: colorOf(resource),
    created: timeOf(item['created']) ?? timeOf(item['modified']) ?? now,
    ...(conflict && { conflict_of: conflict }),
    ...(extra && { extra }),
  }
}

function addressOf(resource: Json, item: Json): string | null {
  const { source } = resource
  const said = textOf(isObject(source) ? source['id'] : (source ?? resource['id']))
  const url = URL.parse(said) && ADDRESSES.test(said) ? said : null
  return url && clean(exact(url, item[OWN.url]))
}

/** What the page said of itself. */
function canonicalOf(resource: Json, item: Json, url: string): string | null {
  const said = isObject(resource['source']) ? textOf(resource['source']['canonical']) : ''
  return said ? believedCanonical(url, exact(said, item[OWN.canonical])) : null
}

/** The address as it stood before it had to be an IRI. */
function exact(address: string, stood: unknown): string {
  return URL.parse(textOf(stood)) && iri(textOf(stood)) === address ? textOf(stood) : address
}

function saidIn(item: Json): { note: string; tags: string[] } {
  const texts: string[] = []
  const tags = new Set<string>()
  for (const body of [...list(item['body']), textual(item['bodyValue'])]) {
    if (!isObject(body)) continue
    const value = clean(textOf(body['value']))
    if (!value) continue
    if (list(body['purpose']).includes('tagging')) tags.add(value.trim().normalize())
    else texts.push(value)
  }
  tags.delete('')
  return { note: texts.join('\n\n'), tags: [...tags] }
}

function textual(value: unknown): Json | null {
  return typeof value === 'string' ? { value } : null
}

function quoteOf(selectors: readonly Json[]): Quote | null {
  const selector = selectors.find(({ type }) => list(type).includes('TextQuoteSelector'))
  const exact = clean(textOf(selector?.['exact']))
  if (!selector || !exact) return null
  const prefix = [...clean(textOf(selector['prefix']))].slice(-MOST.context).join('')
  return { exact, prefix, suffix: cut(textOf(selector['suffix']), MOST.context) }
}

function positionOf(selectors: readonly Json[]): Position | null {
  const found = selectors.find(({ type }) => list(type).includes('TextPositionSelector'))
  const start = Number(found?.['start'])
  const end = Number(found?.['end'])
  const sound = Number.isSafeInteger(start) && Number.isSafeInteger(end)
  return sound && 0 <= start && start <= end ? { start, end } : null
}

function colorOf(resource: Json): Color {
  const classes = textOf(list(resource['styleClass'])[0])
  const name = classes.replace(/^postil-/, '')
  return COLORS.find((color) => color === name) ?? 'yellow'
}

/** RFC 3339 in UTC; what says no zone is taken for UTC. */
function timeOf(value: unknown): string | null {
  const said = textOf(value)
  if (!/^\d{4}-\d{2}-\d{2}/.test(said)) return null
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/i.test(said) || !said.includes('T') ? said : `${said}Z`
  // Kept as it is where it is ours already: it may know microseconds.
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/.test(zoned)) return zoned
  const time = new Date(zoned)
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}

function extraOf(item: Json): Record<string, unknown> | null {
  const whole = parse(textOf(item[OWN.extra]))
  if (isObject(whole) && textOf(item[OWN.extra]).length <= MOST_EXTRA) return whole
  const others = Object.fromEntries(Object.entries(item).filter(([name]) => !OURS.has(name)))
  const size = new TextEncoder().encode(JSON.stringify({ w3c: others })).length
  return Object.keys(others).length && size <= MOST_EXTRA ? { w3c: others } : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\u{feff}/u, ''))
  } catch {
    return null
  }
}

/** JSON-LD writes a list of one as the one. */
function list(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function cut(text: string, most: number): string {
  return [...clean(text)].slice(0, most).join('')
}

function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
