/**
 * A URL -> the key its notes are kept under: the twin of the server's `store/page_key.py`, which
 * explains the rules. Both run the vectors in `tests/store/page_keys.json`.
 */

/** Parameters that say where a reader came from, never what is read. */
const TRACKING = new Set(
  (
    '_ga _gl _hsenc _hsmi __hsfp __hssc __hstc _openstat dclid fbclid gad_source gbraid gclid ' +
    'gclsrc hsctatracking igsh igshid li_fat_id mc_cid mc_eid mkt_tok msclkid oly_anon_id ' +
    'oly_enc_id ref_src ref_url srsltid ttclid twclid vero_conv vero_id wbraid wickedid yclid'
  ).split(' '),
)

/**
 * The key of a page. Equal for all addresses of one text; itself a URL, and its own key.
 *
 * @throws TypeError for what is not an absolute URL.
 */
export function pageKey(url: string): string {
  const parsed = new URL(url)
  if (!isWeb(parsed)) return parsed.href
  const port = parsed.port && parsed.port !== '443' ? `:${parsed.port}` : ''
  const path = normalEscapes(parsed.pathname).replace(/\/+$/, '') || '/'
  return `https://${parsed.hostname}${port}${path}${query(parsed.search)}${route(parsed.hash)}`
}

/**
 * What a page's rel=canonical adds to its address: an absolute URL, or null where it is absent,
 * not to be believed, or has the page's own key.
 *
 * @throws TypeError where `url` itself is not an absolute URL.
 */
export function believedCanonical(url: string, canonical: string | null | undefined): string | null {
  const page = new URL(url)
  if (!canonical) return null
  let claimed: URL
  try {
    claimed = new URL(canonical, page)
  } catch {
    return null
  }
  if (!isWeb(page) || !isWeb(claimed) || page.port !== claimed.port) return null
  if (!sameSite(page.hostname, claimed.hostname)) return null
  const key = pageKey(claimed.href)
  const own = pageKey(page.href)
  if (key === own || claimed.href.length > 4096) return null
  return isRoot(key) && !isRoot(own) ? null : claimed.href
}

function isWeb(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:'
}

function normalEscapes(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}/g, (escape) => {
    const character = String.fromCharCode(parseInt(escape.slice(1), 16))
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase()
  })
}

function query(search: string): string {
  const kept: { name: string; part: string }[] = []
  for (const part of normalEscapes(search.replace(/^\?/, '')).split('&')) {
    const name = part.split('=', 1)[0] ?? ''
    const lower = name.toLowerCase()
    if (part && !TRACKING.has(lower) && !lower.startsWith('utm_')) kept.push({ name, part })
  }
  kept.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return kept.length ? '?' + kept.map(({ part }) => part).join('&') : ''
}

function route(hash: string): string {
  const fragment = hash.split(':~:', 1)[0] ?? ''
  const routed = /^#[/!]/.test(fragment) && !['#/', '#!', '#!/'].includes(fragment)
  return routed ? fragment : ''
}

/** Equal but for a `www.` or the like, or one within the other; siblings are not. */
function sameSite(one: string, other: string): boolean {
  if (one === other) return true
  const address = /^\[|^\d+(?:\.\d+){3}$/
  if (address.test(one) || address.test(other)) return false
  const doors = /^(?:www\d?|m|mobile|amp|touch)\.(?=[^.]+\.)/
  const [a, b] = [one.replace(doors, ''), other.replace(doors, '')]
  const [inner, outer] = a.length >= b.length ? [a, b] : [b, a]
  return inner === outer || (outer.includes('.') && inner.endsWith('.' + outer))
}

function isRoot(key: string): boolean {
  return /^https:\/\/[^/?#]*\/$/.test(key)
}
