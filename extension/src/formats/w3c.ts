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
  return {
    ...foreign(annotation),
    id: `urn:uuid:${annotation.id}`,
    type: 'Annotation',
    motivation: motivationOf(annotation),
    created: annotation.created,
    modified: annotation.updated,
    ...(bodies.length > 0 && { body: bodies }),
    target: targetOf(annotation),
    ...(annotation.quote && { stylesheet: stylesheetOf(annotation.color) }),
  }
}

/** What another program said of it, and Postil has no use for, goes back as it came. */
function foreign({ extra }: Annotation): object {
  const w3c = extra?.['w3c']
  return typeof w3c === 'object' && w3c !== null ? w3c : {}
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

function targetOf({ url, title, quote, position, color }: Annotation): string | object {
  const source = iri(url)
  if (!quote) return source
  const text = {
    type: 'TextQuoteSelector',
    exact: quote.exact,
    ...(quote.prefix && { prefix: quote.prefix }),
    ...(quote.suffix && { suffix: quote.suffix }),
  }
  return {
    type: 'SpecificResource',
    source,
    styleClass: `postil-${color}`,
    selector: position ? [text, { type: 'TextPositionSelector', ...position }] : [text],
    ...(title && { 'dcterms:title': title }),
  }
}

function stylesheetOf(color: Color): object {
  const value = `.postil-${color} { background-color: ${HUES[color]}; }`
  return { type: 'CssStylesheet', format: 'text/css', value }
}
