/**
 * A page whose every character has a number, kept through all changes made to it: so it is known
 * at any time where the characters of a quote have gone. Runs in the browser.
 */

/** Not of the original page. */
export const NEW = -1

export interface Character {
  node: Text
  offset: number
  id: number
}

export class TrackedPage {
  private readonly ids = new WeakMap<Text, number[]>()

  constructor(readonly body: HTMLElement) {
    let next = 0
    for (const node of this.texts()) {
      this.ids.set(
        node,
        Array.from({ length: node.length }, () => next++),
      )
    }
  }

  /** Every text node a reader may see, in order. */
  texts(within: Node = this.body): Text[] {
    const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement?.closest('script, style, noscript, template, textarea, select') == null
        ? NodeFilter.FILTER_ACCEPT
        : NodeFilter.FILTER_REJECT,
    )
    const found: Text[] = []
    while (walker.nextNode()) found.push(walker.currentNode as Text)
    return found
  }

  idsOf(node: Text): readonly number[] {
    return this.ids.get(node) ?? new Array<number>(node.length).fill(NEW)
  }

  /** Puts other text in place of some of a node's; what is put in is new. */
  replace(node: Text, from: number, to: number, text: string): void {
    const ids = [...this.idsOf(node)]
    ids.splice(from, to - from, ...new Array<number>(text.length).fill(NEW))
    node.data = node.data.slice(0, from) + text + node.data.slice(to)
    this.ids.set(node, ids)
  }

  /** Rewrites a node character by character: each keeps its number in whatever it becomes. */
  rewrite(node: Text, change: (character: string, at: number) => string): void {
    const ids: number[] = []
    let text = ''
    const before = this.idsOf(node)
    for (let at = 0; at < node.length; at++) {
      const becomes = change(node.data[at] as string, at)
      text += becomes
      for (let i = 0; i < becomes.length; i++) ids.push(before[at] as number)
    }
    node.data = text
    this.ids.set(node, ids)
  }

  split(node: Text, at: number): Text {
    const ids = this.idsOf(node)
    const rest = node.splitText(at)
    this.ids.set(node, ids.slice(0, at))
    this.ids.set(rest, ids.slice(at))
    return rest
  }

  /** The characters with numbers from `from` to below `to` that are still there, in page order. */
  characters(from: number, to: number): Character[] {
    const found: Character[] = []
    for (const node of this.texts()) {
      this.idsOf(node).forEach((id, offset) => {
        if (id >= from && id < to) found.push({ node, offset, id })
      })
    }
    return found
  }
}

const SPACE = /[\s\u00ad\u200b]/

/** The whole page as one string with the number of every character, and where its nodes begin. */
export class Ledger {
  readonly text: string
  readonly ids: number[] = []
  private readonly starts = new Map<Node, number>()
  private readonly nodes: Text[]

  constructor(private readonly page: TrackedPage) {
    this.nodes = page.texts()
    const parts: string[] = []
    for (const node of this.nodes) {
      this.starts.set(node, this.ids.length)
      for (const id of page.idsOf(node)) this.ids.push(id)
      parts.push(node.data)
    }
    this.text = parts.join('')
  }

  isSpace(at: number): boolean {
    return SPACE.test(this.text[at] ?? ' ')
  }

  /** A range over these characters of the page. */
  range(from: number, to: number): Range {
    const range = document.createRange()
    range.setStart(...this.point(from))
    const [node, offset] = this.point(to - 1)
    range.setEnd(node, offset + 1)
    return range
  }

  private point(at: number): [Text, number] {
    let low = 0
    let high = this.nodes.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts.get(this.nodes[middle] as Text) as number) <= at) low = middle
      else high = middle - 1
    }
    const node = this.nodes[low] as Text
    return [node, at - (this.starts.get(node) as number)]
  }

  /** Where a range begins and ends in this text. */
  span(range: AbstractRange): [number, number] {
    return [
      this.offset(range.startContainer, range.startOffset),
      this.offset(range.endContainer, range.endOffset),
    ]
  }

  private offset(container: Node, offset: number): number {
    const start = this.starts.get(container)
    if (start !== undefined) return start + offset
    const point = document.createRange()
    point.setStart(container, offset)
    for (const node of this.nodes) {
      if (point.comparePoint(node, 0) >= 0) return this.starts.get(node) as number
    }
    return this.text.length
  }

  get root(): HTMLElement {
    return this.page.body
  }
}
