/**
 * Walks the text of a page in the order it is read: through open shadow roots and slots, past what
 * is never shown as text. It looks at names, never at computed style: the same article gives the
 * same text before its style sheets load, in print, and with a section folded away.
 */

import type { Steps } from './slices'

/** What a border between two texts counts as; the larger wins where several meet. */
export const NO_BREAK = 0
export const WORD_BREAK = 1
export const LINE_BREAK = 2
export type Break = typeof NO_BREAK | typeof WORD_BREAK | typeof LINE_BREAK

export interface TextSink {
  /** Null where it was taken at once, as most are: a page has more texts than anything else. */
  text(node: Text): Steps<void> | null
  border(kind: Break): void
}

const NODES_PER_STEP = 256
const CHARACTERS_PER_STEP = 32_768

export function* walkVisibleText(root: Element, sink: TextSink): Steps<void> {
  const levels: Level[] = [{ next: childrenOf(root), leave: NO_BREAK }]
  let visited = 0
  let read = 0
  while (levels.length > 0) {
    const level = levels[levels.length - 1] as Level
    const node = advance(level)
    if (node === null) {
      levels.pop()
      sink.border(level.leave)
      continue
    }
    if (++visited >= NODES_PER_STEP || read >= CHARACTERS_PER_STEP) {
      visited = read = 0
      yield
    }
    if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE) {
      read += (node as Text).length
      const rest = sink.text(node as Text)
      if (rest !== null) yield* rest
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      const element = node as Element
      const name = element.localName
      if (isSkipped(name)) continue
      const kind = BORDERS.get(name) ?? NO_BREAK
      sink.border(kind)
      levels.push({ next: childrenOf(element), leave: kind })
    }
  }
}

/** Elements whose content is never read as text of the page, and Postil's own. */
export function isSkipped(localName: string): boolean {
  return SKIPPED.has(localName) || localName.startsWith('postil-')
}

/** One open element: a chain of siblings, or the list of nodes assigned to a slot. */
interface Level {
  next: Node | readonly Node[] | null
  at?: number
  leave: Break
}

function advance(level: Level): Node | null {
  const next = level.next
  if (next === null) return null
  if (Array.isArray(next)) {
    const at = level.at ?? 0
    level.at = at + 1
    return (next[at] as Node | undefined) ?? null
  }
  level.next = (next as Node).nextSibling
  return next as Node
}

function childrenOf(element: Element): Level['next'] {
  if (element.shadowRoot !== null) return element.shadowRoot.firstChild
  if (element.localName === 'slot') {
    const assigned = (element as HTMLSlotElement).assignedNodes()
    if (assigned.length > 0) return assigned
  }
  return element.firstChild
}

const words = (text: string): string[] => text.trim().split(/\s+/)

const SKIPPED = new Set(
  words(`
    script style noscript template head title textarea select option datalist
    iframe object embed canvas audio video rp annotation annotation-xml metadata desc
  `),
)

const BORDERS = new Map<string, Break>([
  ...words(`
    address article aside blockquote body br caption center dd details dialog dir div dl dt
    fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing
    main menu nav ol optgroup p plaintext pre search section summary table tbody tfoot thead tr
    ul xmp
  `).map((name): [string, Break] => [name, LINE_BREAK]),
  ...words('td th button rt').map((name): [string, Break] => [name, WORD_BREAK]),
])
