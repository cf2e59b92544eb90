/**
 * What the page did to its text since it was looked at last: which marks that may have touched, and
 * how much text came. Hears of the document and of the open shadow trees it is shown.
 *
 * The work is bounded. Of a burst so many places are remembered and no more; a page that changes
 * everything at once has every mark looked at, once, when the burst is over.
 */

import type { Ground } from './ground'
import type { Mark } from './mark'

/** Beyond this, to tell what was touched costs more than to look at all of it. */
const MOST_PLACES = 200

/** A walk over what was taken out, or to what stands before what came, is given up after these. */
const MOST_STEPS = 2000

export interface Touched {
  /** null: there were too many changes to tell. */
  marks: Set<Mark> | null
  /** How many characters came, or were written anew. */
  came: number
  /** Elements that came, with whatever is in them. */
  added: Element[]
}

export class Changes {
  readonly #observer: MutationObserver
  readonly #seen = new WeakSet<Node>()
  #edited = new Set<Node>()
  #added = new Set<Node>()
  #removed = new Set<Node>()
  #many = false

  /** `heard` is called for each burst that was not our own doing. */
  constructor(
    readonly ground: Ground,
    readonly isOurs: (node: Node) => boolean,
    heard: () => void,
    signal: AbortSignal,
  ) {
    this.#observer = new MutationObserver((records) => {
      if (this.#note(records)) heard()
    })
    signal.addEventListener('abort', () => this.#observer.disconnect())
  }

  /** The document, or a shadow tree; answers whether it is new. */
  observe(tree: Document | ShadowRoot): boolean {
    if (this.#seen.has(tree)) return false
    this.#seen.add(tree)
    this.#observer.observe(tree, { subtree: true, childList: true, characterData: true })
    return true
  }

  /** What there was, and begins anew. */
  take(): Touched {
    this.#note(this.#observer.takeRecords())
    const [edited, added, removed, many] = [this.#edited, this.#added, this.#removed, this.#many]
    this.#edited = new Set()
    this.#added = new Set()
    this.#removed = new Set()
    this.#many = false

    const marks = many ? null : this.#touched(edited, added, removed)
    let came = 0
    for (const node of [...edited, ...added]) {
      if (node.isConnected) came += node.textContent?.length ?? 0
    }
    const elements = [...added].filter((node) => node instanceof Element && node.isConnected)
    return { marks, came: many ? Infinity : came, added: elements as Element[] }
  }

  /** Answers whether any of it is the page's. */
  #note(records: readonly MutationRecord[]): boolean {
    let theirs = false
    for (const { type, target, addedNodes, removedNodes } of records) {
      if (type === 'characterData') {
        this.#edited.add(target)
        theirs = true
      } else {
        const added = [...addedNodes].filter((node) => !this.isOurs(node))
        const removed = [...removedNodes].filter((node) => !this.isOurs(node))
        for (const node of added) this.#added.add(node)
        for (const node of removed) this.#removed.add(node)
        theirs ||= added.length + removed.length > 0
      }
      if (this.#edited.size + this.#added.size + this.#removed.size > MOST_PLACES) {
        this.#many = true
        // What is not needed any more is not kept from being collected.
        this.#edited.clear()
        this.#added.clear()
        this.#removed.clear()
        return true
      }
    }
    return theirs
  }

  #touched(
    edited: ReadonlySet<Node>,
    added: ReadonlySet<Node>,
    removed: ReadonlySet<Node>,
  ): Set<Mark> | null {
    const touched = new Set<Mark>()
    const touch = (text: Node) => {
      for (const mark of this.ground.in(text)) touched.add(mark)
    }
    let steps = 0
    for (const node of edited) touch(node)
    for (const node of removed) {
      const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT)
      for (let at: Node | null = node; at; at = walker.nextNode()) {
        if (++steps > MOST_STEPS) return null
        touch(at)
      }
    }
    for (const node of added) {
      if (!node.isConnected) continue
      // What came within a passage has text of that passage before it.
      let at = textBefore(node)
      while (at && isWithin(at, added)) {
        if (++steps > MOST_STEPS) return null
        at = textBefore(at)
      }
      if (at) touch(at)
    }
    return touched
  }
}

/** In the order of the page; out of a shadow tree, what stands before its host. */
function textBefore(node: Node): Node | null {
  const root = node.getRootNode()
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  walker.currentNode = node
  const before = walker.previousNode()
  if (before) return before
  return root instanceof ShadowRoot ? textBefore(root.host) : null
}

function isWithin(node: Node, nodes: ReadonlySet<Node>): boolean {
  for (let at: Node | null = node; at; at = at.parentNode) if (nodes.has(at)) return true
  return false
}
