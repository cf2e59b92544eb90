/**
 * Notes as W3C Web Annotations (Web Annotation Data Model, Recommendation of 2017-02-23): the twin
 * of the server's `server/formats/w3c.py`, so that a file taken out of either goes into the other.
 */
import type { Annotation, Color } from '../model'
import { iri } from './iri'

export const MEDIA_TYPE = 'application/ld+json'
const CONTEXT = 'http://www.w3.org/ns/anno.jsonld'

const HUES: Record<Color, string> = {
  yellow: '#fff0a3',
  green: '#c9f0c1',
  blue: '#c4e3fb',
  pink: '#fcd0df',
  purple: '#e2d3f8',
}

/** An AnnotationCollection as JSON-LD, in pieces. `collection` is its name, an IRI. */
export function collectionOf(annotations: readonly Annotation[], collection: string): string[] {
  const page = `${collection}#first`
  const head = {
    '@context': CONTEXT,
    id: collection,
    type: 'AnnotationCollection',
    label: 'Postil',
    total: annotations.length,
    last: page,
    first: { id: page, type: 'AnnotationPage', partOf: collection, startIndex: 0 },
  }
  const open = `${JSON.stringify(head).slice(0, -2)},"items":[`
  const items = annotations.map((one, at) => `${at ? ',' : ''}\n${JSON.stringify(document(one))}`)
  return [open, ...items, '\n]}}\n']
}

/** One note as an Annotation, without its `@context`. */
export function document(annotation: Annotation): Record<string, unknown> {
  const bodies = bodiesOf(annotation)
  const target = targetOf(annotation)
  return {
    ...foreign(annotation),
    id: `urn:uuid:${annotation.id}`,
    type: 'Annotation',
    motivation: motivationOf(annotation),
    created: annotation.created,
    modified: annotation.updated,
    ...(bodies.length > 0 && { body: bodies }),
    target,
    ...(typeof target === 'object' && { stylesheet: stylesheetOf(annotation.color) }),
    ...beside(annotation),
  }
}

/** Properties of our own, whose values are strings: `server/formats/w3c_own.py` has the same. */
export const OWN = {
  url: 'urn:postil:url',
  canonical: 'urn:postil:canonical',
  conflict: 'urn:postil:conflict_of',
  extra: 'urn:postil:extra',
}

/** What the server puts together again; here it only travels. */
const WOVEN = new Set(
  'id type motivation created modified body bodyValue target stylesheet'.split(' '),
)

/** What another program said of it, and Postil has no use for, goes back as it came. */
function foreign({ extra }: Annotation): object {
  const w3c = extra?.['w3c']
  if (typeof w3c !== 'object' || w3c === null || Array.isArray(w3c)) return {}
  return Object.fromEntries(Object.entries(w3c).filter(([name]) => isOthers(name)))
}

function isOthers(name: string): boolean {
  return !WOVEN.has(name) && !name.startsWith('@') && !name.startsWith('urn:postil:')
}

/** What the model has no word for. All of `extra` is in it where `foreign` does not tell it all. */
function beside(annotation: Annotation): object {
  const { url, canonical, conflict_of, extra } = annotation
  const others = foreign(annotation)
  const told = Object.keys(others).length ? JSON.stringify({ w3c: others }) : ''
  return {
    ...(iri(url) !== url && { [OWN.url]: url }),
    ...(canonical && iri(canonical) !== canonical && { [OWN.canonical]: canonical }),
    ...(conflict_of && { [OWN.conflict]: `urn:uuid:${conflict_of}` }),
    ...(extra && JSON.stringify(extra) !== told && { [OWN.extra]: JSON.stringify(extra) }),
  }
}

function motivationOf({ note, tags, quote }: Annotation): string {
  if (note) return 'commenting'
  if (tags.length) return 'tagging'
  return quote ? 'highlighting' : 'bookmarking'
}

function bodiesOf({ note, tags }: Annotation): object[] {
  const text = { type: 'TextualBody', value: note, format: 'text/markdown', purpose: 'commenting' }
  const named = tags.map((value) => ({ type: 'TextualBody', value, purpose: 'tagging' }))
  return note ? [text, ...named] : named
}

function targetOf(annotation: Annotation): string | object {
  const { url, canonical, title, color } = annotation
  const source = canonical ? { id: iri(url), canonical: iri(canonical) } : iri(url)
  const selector = selectorsOf(annotation)
  const plain = color === 'yellow' && !title && selector.length === 0
  if (plain && typeof source === 'string') return source
  return {
    type: 'SpecificResource',
    source,
    styleClass: `postil-${color}`,
    ...(selector.length > 0 && { selector }),
    ...(title && { 'dcterms:title': title }),
  }
}

function selectorsOf({ quote, position }: Annotation): object[] {
  const text = quote && {
    type: 'TextQuoteSelector',
    exact: quote.exact,
    ...(quote.prefix && { prefix: quote.prefix }),
    ...(quote.suffix && { suffix: quote.suffix }),
  }
  const hint = position && { type: 'TextPositionSelector', ...position }
  return [text, hint].filter((one) => one !== null)
}

function stylesheetOf(color: Color): object {
  const value = `.postil-${color} { background-color: ${HUES[color]}; }`
  return { type: 'CssStylesheet', format: 'text/css', value }
}
