/**
 * What the W3C Web Annotation Data Model (Recommendation of 23 February 2017) asks of an exported
 * collection, as far as Postil's own annotations use it. `problemsOf` answers a sentence for each
 * MUST that is broken, beginning with the path of what breaks it; none means that the export holds.
 */

const CONTEXT = 'http://www.w3.org/ns/anno.jsonld'

/** Section 3.3.5. */
const MOTIVATIONS = new Set([
  'assessing', 'bookmarking', 'classifying', 'commenting', 'describing', 'editing', 'highlighting',
  'identifying', 'linking', 'moderating', 'questioning', 'replying', 'tagging',
])

type Json = Record<string, unknown>
type Complain = (path: string, sentence: string) => void

/** Checks an AnnotationCollection with its pages embedded: sections 5.1 and 5.2, and all inside. */
export function problemsOf(collection: unknown): string[] {
  const problems: string[] = []
  const complain: Complain = (path, sentence) => problems.push(`${path}: ${sentence}`)
  if (!isObject(collection)) return ['$: an AnnotationCollection is an object.']
  if (!list(collection['@context']).includes(CONTEXT)) {
    complain('$.@context', `must include ${CONTEXT}.`)
  }
  iri(collection['id'], '$.id', complain)
  type(collection, 'AnnotationCollection', '$', complain)
  const total = collection['total']
  if (!isCount(total)) complain('$.total', 'must be a whole number, not negative.')

  const items: unknown[] = []
  let page: unknown = collection['first']
  let path = '$.first'
  if (total !== 0 && page === undefined) complain(path, 'must be there when there are annotations.')
  while (isObject(page)) {
    checkPage(page, collection['id'], items.length, path, complain)
    const held = page['items']
    if (Array.isArray(held)) {
      held.forEach((item, i) => checkAnnotation(item, `${path}.items[${i}]`, complain))
      items.push(...held)
    }
    page = page['next']
    path += '.next'
  }
  if (isCount(total) && items.length !== total) {
    complain('$.total', `says ${total}, the pages hold ${items.length}.`)
  }
  const ids = items.map((item) => isObject(item) && item['id'])
  if (new Set(ids).size !== ids.length) complain('$', 'two annotations have the same id.')
  return problems
}

/** All annotations of a collection that has its pages embedded. */
export function annotationsIn(collection: unknown): Json[] {
  const found: Json[] = []
  let page = isObject(collection) ? collection['first'] : undefined
  while (isObject(page)) {
    found.push(...list(page['items']).filter(isObject))
    page = page['next']
  }
  return found
}

function checkPage(
  page: Json,
  owner: unknown,
  before: number,
  path: string,
  complain: Complain,
): void {
  iri(page['id'], `${path}.id`, complain)
  type(page, 'AnnotationPage', path, complain)
  const items = page['items']
  if (!Array.isArray(items)) complain(`${path}.items`, 'must be a list.')
  const { partOf, startIndex } = page
  const whole = isObject(partOf) ? partOf['id'] : partOf
  if (whole !== undefined && whole !== owner) complain(`${path}.partOf`, 'names another one.')
  if (startIndex !== undefined && startIndex !== before) {
    complain(`${path}.startIndex`, `must be ${before}, the number of annotations before the page.`)
  }
}

/** Sections 3.1 to 3.3. */
function checkAnnotation(value: unknown, path: string, complain: Complain): void {
  if (!isObject(value)) return complain(path, 'an embedded annotation is an object.')
  iri(value['id'], `${path}.id`, complain)
  type(value, 'Annotation', path, complain)
  for (const name of ['created', 'modified']) {
    const time = value[name]
    if (time === undefined) continue
    if (typeof time !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(time)) {
      complain(`${path}.${name}`, 'must be an xsd:dateTime in UTC, with Z.')
    }
  }
  for (const motivation of list(value['motivation'])) {
    if (!MOTIVATIONS.has(String(motivation))) complain(`${path}.motivation`, 'is not a named one.')
  }
  if ('body' in value && list(value['body']).length === 0) {
    complain(`${path}.body`, 'is left out where there is none.')
  }
  list(value['body']).forEach((body, i) => checkBody(body, `${path}.body[${i}]`, complain))
  const targets = list(value['target'])
  if (targets.length === 0) complain(`${path}.target`, 'there must be at least one.')
  targets.forEach((target, i) => checkTarget(target, `${path}.target[${i}]`, complain))
  const styled = targets.some((target) => isObject(target) && target['styleClass'] !== undefined)
  if (styled && value['stylesheet'] === undefined) {
    complain(`${path}.stylesheet`, 'a styleClass refers to a stylesheet of the annotation.')
  }
}

/** Section 3.2.4: a body with its text inside. */
function checkBody(body: unknown, path: string, complain: Complain): void {
  if (typeof body === 'string') return iri(body, path, complain)
  if (!isObject(body)) return complain(path, 'is an IRI or an object.')
  if (list(body['type']).includes('TextualBody') && typeof body['value'] !== 'string') {
    complain(`${path}.value`, 'must be one string.')
  }
  if (body['purpose'] !== undefined && !MOTIVATIONS.has(String(body['purpose']))) {
    complain(`${path}.purpose`, 'is none of the named motivations.')
  }
}

/** Section 4: a page, or a passage of one. */
function checkTarget(target: unknown, path: string, complain: Complain): void {
  if (typeof target === 'string') return iri(target, path, complain)
  if (!isObject(target)) return complain(path, 'is an IRI or an object.')
  if (target['source'] === undefined) return iri(target['id'], `${path}.id`, complain)
  const { source } = target
  iri(isObject(source) ? source['id'] : source, `${path}.source`, complain)
  list(target['selector']).forEach((selector, i) =>
    checkSelector(selector, `${path}.selector[${i}]`, complain),
  )
}

/** Sections 4.2.4 and 4.2.5. */
function checkSelector(selector: unknown, path: string, complain: Complain): void {
  if (!isObject(selector)) return complain(path, 'is an object.')
  const kind = selector['type']
  if (kind === 'TextQuoteSelector') {
    if (typeof selector['exact'] !== 'string') complain(`${path}.exact`, 'must be one string.')
    for (const name of ['prefix', 'suffix']) {
      const around = selector[name]
      if (around === undefined || typeof around === 'string') continue
      complain(`${path}.${name}`, 'is a string.')
    }
  } else if (kind === 'TextPositionSelector') {
    const { start, end } = selector
    if (!isCount(start)) complain(`${path}.start`, 'must be a whole number, not negative.')
    if (!isCount(end)) complain(`${path}.end`, 'must be a whole number, not negative.')
    if (isCount(start) && isCount(end) && end < start) complain(path, 'ends before it starts.')
  } else {
    complain(`${path}.type`, 'is no selector that Postil writes.')
  }
}

/** RFC 3987, the part that is broken in practice: a scheme, and nothing that must be escaped. */
function iri(value: unknown, path: string, complain: Complain): void {
  if (typeof value !== 'string' || !/^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(value)) {
    complain(path, `must be an IRI, and is ${JSON.stringify(value)}.`)
  }
}

function type(value: Json, wanted: string, path: string, complain: Complain): void {
  if (!list(value['type']).includes(wanted)) complain(`${path}.type`, `must include ${wanted}.`)
}

/** JSON-LD writes a list of one as the one. */
function list(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value]
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0
}
