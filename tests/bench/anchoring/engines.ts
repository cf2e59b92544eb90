/**
 * The engines that are compared, each through the same two steps: describe a range, and find
 * several descriptions again. Every engine is used as its own documentation shows.
 */

import { createTextQuoteSelectorMatcher, describeTextQuote } from '@apache-annotator/dom'
import { rangeToSelector, reviveSelector } from '@recogito/text-annotator'
import * as textQuote from 'dom-anchor-text-quote'
import { anchor, describe } from '../../../extension/src/anchoring/index.ts'

export interface Engine {
  /** Something that survives being kept as JSON; null where it cannot describe the range. */
  describe(range: Range, root: HTMLElement): Promise<unknown>
  /** In the same order; null for what is not found. `scores` only where the engine gives them. */
  anchor(described: readonly unknown[], root: HTMLElement): Promise<Located[]>
}

export interface Located {
  range: AbstractRange | null
  kind?: string
  score?: number
}

type Described = NonNullable<ReturnType<typeof describe>>

const postil: Engine = {
  async describe(range, root) {
    return describe(range, root)
  },
  async anchor(described, root) {
    const sought = (described as Described[]).map((one, at) => ({ id: String(at), ...one }))
    const all = await anchor(sought, root, { viewportFirst: false })
    return all.map(({ range, place }) => ({
      range,
      kind: place.kind,
      ...(place.kind === 'orphan' ? {} : { score: place.score }),
    }))
  },
}

const apache: Engine = {
  describe: (range, root) => describeTextQuote(range, root),
  async anchor(described, root) {
    const found: Located[] = []
    for (const selector of described as Awaited<ReturnType<typeof describeTextQuote>>[]) {
      const matches = createTextQuoteSelectorMatcher(selector)(root)
      const first = await matches.next()
      found.push({ range: first.done === true ? null : first.value })
    }
    return found
  },
}

const recogito: Engine = {
  async describe(range, root) {
    const { quote, start, end } = rangeToSelector(range, root)
    return { quote, start, end }
  },
  async anchor(described, root) {
    return (described as { quote: string; start: number; end: number }[]).map((selector) => {
      const revived = reviveSelector(selector as Parameters<typeof reviveSelector>[0], root)
      return { range: revived.range ?? null }
    })
  },
}

const domAnchor: Engine = {
  async describe(range, root) {
    const before = document.createRange()
    before.setStart(root, 0)
    before.setEnd(range.startContainer, range.startOffset)
    return { ...textQuote.fromRange(root, range), hint: before.toString().length }
  },
  async anchor(described, root) {
    return (described as (ReturnType<typeof textQuote.fromRange> & { hint: number })[]).map(
      ({ hint, ...selector }) => ({ range: textQuote.toRange(root, selector, { hint }) }),
    )
  },
}

export const ENGINES: Record<string, Engine> = {
  Postil: postil,
  '@apache-annotator/dom': apache,
  '@recogito/text-annotator': recogito,
  'dom-anchor-text-quote': domAnchor,
}
