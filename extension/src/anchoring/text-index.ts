/**
 * The text index: the visible text of a page as one string, and the way back from every character
 * to the text node it stands in. White space is collapsed, the border of a block or a `<br>` is a
 * line break, invisible characters are dropped, and the rest is in Unicode NFC. Describing and
 * anchoring both read this text, so that what was described is what is looked for.
 *
 * Kept as *runs*: stretches that stand in one text node character for character.
 */

import { INVISIBLE, SPACE, TEXT, characterClass } from './characters'
import { type Folded, fold } from './fold'
import type { Steps } from './slices'
import {
  LINE_BREAK,
  NO_BREAK,
  WORD_BREAK,
  type Break,
  type TextSink,
  walkVisibleText,
} from './visible-text'

/** A boundary in the DOM, as ranges have them. */
export interface Point {
  node: Node
  offset: number
}

export class TextIndex {
  private firstRun: Map<Node, number> | null = null
  private fold: Folded | null = null

  private constructor(
    readonly root: Element,
    readonly text: string,
    private readonly runs: Runs,
  ) {}

  static *build(root: Element): Steps<TextIndex> {
    const writer = new Writer()
    yield* walkVisibleText(root, writer)
    return new TextIndex(root, yield* writer.written(), writer.runs)
  }

  /** The text as passages are compared in it; made once. */
  *folded(): Steps<Folded> {
    this.fold ??= yield* fold(this.text)
    return this.fold
  }

  /** The text nodes that have visible text, in reading order. */
  get nodes(): Iterable<Text> {
    return new Set(this.runs.nodes)
  }

  /** Whether the page still says in these nodes what it said when the index was built. */
  stands(start: number, end: number): boolean {
    const last = this.runAt(Math.max(start, end - 1))
    for (let run = this.runAt(start); run <= last; run++) {
      const node = this.runs.nodes[run] as Text
      if (!node.isConnected || node.data !== this.runs.data[run]) return false
    }
    return true
  }

  /** The range of the text from `start` to `end`, whose first and last characters are visible. */
  range(start: number, end: number): StaticRange {
    const from = this.pointBefore(start)
    const to = this.pointAfter(end)
    return new StaticRange({
      startContainer: from.node,
      startOffset: from.offset,
      endContainer: to.node,
      endOffset: to.offset,
    })
  }

  /** Where the character at `offset` begins; the next one's beginning if it is a mere break. */
  pointBefore(offset: number): Point {
    const { starts, lengths, nodes, from, to } = this.runs
    let run = this.runAt(offset)
    let inside = offset - (starts[run] as number)
    if (inside >= (lengths[run] as number) && run + 1 < starts.length) {
      run++
      inside = 0
    }
    const rawFrom = from[run] as number
    const linear = (to[run] as number) - rawFrom === lengths[run]
    return { node: nodes[run] as Text, offset: linear ? rawFrom + Math.max(0, inside) : rawFrom }
  }

  /** Where the character before `offset` ends. */
  pointAfter(offset: number): Point {
    const { starts, lengths, nodes, from, to } = this.runs
    const run = this.runAt(Math.max(0, offset - 1))
    const length = lengths[run] as number
    const inside = Math.min(offset - (starts[run] as number), length)
    const linear = (to[run] as number) - (from[run] as number) === length
    const raw = linear ? (from[run] as number) + inside : (to[run] as number)
    return { node: nodes[run] as Text, offset: raw }
  }

  /** The index offset of a boundary in the DOM: of the first visible text at or after it. */
  offsetOf(node: Node, offset: number): number {
    const { starts, lengths, nodes, from, to } = this.runs
    let run = this.runsByNode().get(node)
    if (run === undefined) {
      const after = this.firstRunAfter(node, offset)
      return after < starts.length ? (starts[after] as number) : this.text.length
    }
    for (; run < nodes.length && nodes[run] === node; run++) {
      const start = starts[run] as number
      if (offset <= (from[run] as number)) return start
      if (offset < (to[run] as number)) {
        const linear = (to[run] as number) - (from[run] as number) === lengths[run]
        return linear ? start + offset - (from[run] as number) : start + (lengths[run] as number)
      }
      if (offset === to[run]) return start + (lengths[run] as number)
    }
    return (starts[run - 1] as number) + (lengths[run - 1] as number)
  }

  private runsByNode(): Map<Node, number> {
    if (this.firstRun === null) {
      this.firstRun = new Map()
      const { nodes } = this.runs
      for (let run = nodes.length - 1; run >= 0; run--) this.firstRun.set(nodes[run] as Text, run)
    }
    return this.firstRun
  }

  /** The run that holds the offset, or the last one before it. */
  private runAt(offset: number): number {
    const { starts } = this.runs
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  /** For boundaries that are not in an indexed text node: by the order of the document. */
  private firstRunAfter(node: Node, offset: number): number {
    let low = 0
    let high = this.runs.nodes.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (precedes(this.runs.nodes[middle] as Text, node, offset)) low = middle + 1
      else high = middle
    }
    return low
  }
}

/**
 * Whether a text begins before a boundary of the DOM. Where one of them is in a shadow tree that
 * the other is not in, its host stands for it.
 */
function precedes(text: Text, node: Node, offset: number): boolean {
  const tree = node.getRootNode()
  const at = seenFrom(tree, text)
  if (at === null) return tree instanceof ShadowRoot && precedes(text, tree.host, 0)
  const probe = text.ownerDocument.createRange()
  probe.setStart(node, offset)
  return probe.comparePoint(at, 0) < 0
}

/** The node itself, or the shadow host that holds it in the given tree. */
function seenFrom(scope: Node, node: Node): Node | null {
  let at: Node | null = node
  while (at !== null) {
    const tree: Node = at.getRootNode()
    if (tree === scope) return at
    at = tree instanceof ShadowRoot ? tree.host : null
  }
  return null
}

/** Parallel arrays: for each run its place in the text, and its stretch of a text node. */
interface Runs {
  starts: number[]
  lengths: number[]
  nodes: Text[]
  from: number[]
  to: number[]
  /** The node's data when it was read. */
  data: string[]
}

const PARTS_PER_PAGE = 4_096

/** Takes the walk's texts and borders, and writes text and runs. */
class Writer implements TextSink {
  readonly runs: Runs = { starts: [], lengths: [], nodes: [], from: [], to: [], data: [] }
  private readonly pages: string[] = []
  private parts: string[] = []
  private length = 0
  private pending: Break = NO_BREAK

  border(kind: Break): void {
    if (kind > this.pending) this.pending = kind
  }

  *written(): Steps<string> {
    this.turn()
    yield
    const text = this.pages.join('')
    yield
    return text
  }

  text(node: Text): Steps<void> | null {
    const { data } = node
    if (data.length > LONG) return this.inPieces(node, data)
    this.take(node, data, data, 0)
    return null
  }

  private *inPieces(node: Text, data: string): Steps<void> {
    for (let from = 0; from < data.length; ) {
      const to = data.length - from <= LONG ? data.length : safeCut(data, from + LONG)
      this.take(node, data, data.slice(from, to), from)
      from = to
      if (from < data.length) yield
    }
  }

  private take(node: Text, data: string, piece: string, from: number): void {
    if (needsNormalizing(piece)) this.normalize(node, data, piece, from)
    else this.copy(node, data, from, from + piece.length)
  }

  /** Joins what was written, lest there be a million parts to join at the end. */
  private turn(): void {
    this.pages.push(this.parts.join(''))
    this.parts = []
  }

  /** Splits a stretch of the data at white space and invisible characters. */
  private copy(node: Text, data: string, from: number, to: number): void {
    let begin = from
    for (let at = from; at < to; at++) {
      const code = data.charCodeAt(at)
      const kind = characterClass(code)
      if (kind === TEXT) continue
      // A single plain space between two letters stays inside the run.
      if (code === 0x20 && at > begin && at + 1 < to) {
        if (characterClass(data.charCodeAt(at + 1)) === TEXT) continue
      }
      if (at > begin) this.run(node, data, data.slice(begin, at), begin, at)
      if (kind === SPACE) this.border(WORD_BREAK)
      begin = at + 1
    }
    if (to > begin) this.run(node, data, data.slice(begin, to), begin, to)
  }

  private run(node: Text, data: string, text: string, from: number, to: number): void {
    if (this.pending !== NO_BREAK && this.length > 0) {
      this.parts.push(this.pending === LINE_BREAK ? '\n' : ' ')
      this.length++
    }
    this.pending = NO_BREAK
    const { runs } = this
    runs.starts.push(this.length)
    runs.lengths.push(text.length)
    runs.nodes.push(node)
    runs.from.push(from)
    runs.to.push(to)
    runs.data.push(data)
    this.parts.push(text)
    this.length += text.length
    if (this.parts.length >= PARTS_PER_PAGE) this.turn()
  }

  /** Character by character, each with its combining marks, where NFC changes something. */
  private normalize(node: Text, data: string, piece: string, from: number): void {
    let plain = from
    for (const match of piece.matchAll(CLUSTER)) {
      const raw = match[0]
      const normal = raw.normalize('NFC').toWellFormed()
      if (normal === raw) continue
      const at = from + match.index
      this.copy(node, data, plain, at)
      plain = at + raw.length
      if (characterClass(raw.charCodeAt(0)) === INVISIBLE) {
        this.copy(node, data, at, plain)
      } else {
        this.run(node, data, normal, at, plain)
      }
    }
    this.copy(node, data, plain, from + piece.length)
  }
}

/** A longer text is read in pieces, each in well under a millisecond. */
const LONG = 16_384

/** The next place where no character can be half of another, or compose with the one before. */
function safeCut(data: string, from: number): number {
  let at = from
  while (at < data.length && (isComposing(data, at - 1) || isComposing(data, at))) at++
  return at
}

function isComposing(data: string, at: number): boolean {
  return data.charCodeAt(at) >= 0x300
}

/** A character with the marks, vowels and finals that may compose with it. */
const CLUSTER = /[^][\p{M}\u1161-\u11c2]*/gu

function needsNormalizing(data: string): boolean {
  return BEYOND_LATIN.test(data) && (data.normalize('NFC') !== data || !data.isWellFormed())
}

const BEYOND_LATIN = /[\u0300-\uffff]/

declare global {
  // In every browser Postil runs in; not yet in the library TypeScript is told of.
  interface String {
    isWellFormed(): boolean
    toWellFormed(): string
  }
}
