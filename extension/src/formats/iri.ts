/** A URL as an IRI (RFC 3987): what is not allowed in one is percent-encoded. */

const ALLOWED =
  "A-Za-z0-9\\-._~:/?@!$&'()*+,;=%" +
  '\\u{a0}-\\u{200d}\\u{2010}-\\u{2027}\\u{202f}-\\u{205f}\\u{2070}-\\u{d7ff}' +
  '\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{ffef}\\u{10000}-\\u{1fffd}' +
  '\\u{20000}-\\u{2fffd}\\u{30000}-\\u{3fffd}'

const STRAY_PERCENT = '%(?![0-9A-Fa-f]{2})'
const PARTS = /^([a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?)([^#]*)(?:#(.*))?$/su

/** Square brackets hold IPv6 addresses, and stand nowhere past the host. */
const BEFORE_PATH = new RegExp(`${STRAY_PERCENT}|[^${ALLOWED}\\[\\]]`, 'gu')
const PAST_HOST = new RegExp(`${STRAY_PERCENT}|[^${ALLOWED}]`, 'gu')

export function iri(url: string): string {
  const [, before = '', path = '', fragment] = PARTS.exec(new URL(url).href) ?? []
  const end = fragment === undefined ? '' : `#${fragment.replace(PAST_HOST, escaped)}`
  return before.replace(BEFORE_PATH, escaped) + path.replace(PAST_HOST, escaped) + end
}

function escaped(character: string): string {
  const bytes = new TextEncoder().encode(character)
  return [...bytes].map((one) => `%${one.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
