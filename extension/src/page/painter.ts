/**
 * Paints by the CSS Custom Highlight API: ranges in a registry, not one node of the page touched.
 *
 * The registry is shared with the page's own scripts. Only names of ours are ever read or written,
 * and a page that clears the registry, or takes a name, is repainted over.
 */

import { COLORS, type Color } from '../model'
import { adopt } from './sheets'
import highlightCss from './page.css'

export interface Painting {
  range: StaticRange
  color: Color
  noted: boolean
}

type Layer = Color | 'overlap' | 'noted' | 'flash' | 'active'

const LAYERS: readonly Layer[] = [...COLORS, 'overlap', 'noted', 'flash', 'active']

const WATCH_MS = 1000

export class Painter {
  readonly #layers = new Map<Layer, Highlight>()
  /** What is in each: Firefox lets no extension iterate a Highlight. */
  readonly #shown = new Map<Layer, Set<AbstractRange>>()
  readonly #roots = new WeakSet<ShadowRoot>()

  constructor(signal: AbortSignal) {
    LAYERS.forEach((layer, priority) => {
      const highlight = new Highlight()
      highlight.priority = priority < COLORS.length ? 0 : priority
      this.#layers.set(layer, highlight)
    })
    this.#register()
    // Nothing tells of a cleared registry, so it is looked at, cheaply, while it is on show.
    const watch = setInterval(() => document.hidden || this.#register(), WATCH_MS)
    signal.addEventListener('abort', () => {
      clearInterval(watch)
      for (const [layer, highlight] of this.#layers) {
        if (CSS.highlights.get(nameOf(layer)) === highlight) CSS.highlights.delete(nameOf(layer))
      }
    })
  }

  /** Shows exactly these, taking and adding only what differs from what is shown. */
  paint(paintings: readonly Painting[], overlaps: readonly StaticRange[] = []): void {
    for (const color of COLORS) {
      this.#show(color, paintings.filter((one) => one.color === color))
    }
    this.#show('overlap', overlaps.map((range) => ({ range })))
    this.#show('noted', paintings.filter((one) => one.noted))
    this.#register()
  }

  /** The one whose card is open. */
  activate(range: StaticRange | null): void {
    this.#show('active', range ? [{ range }] : [])
  }

  flash(range: StaticRange | null): void {
    this.#show('flash', range ? [{ range }] : [])
  }

  #show(layer: Layer, wanted: readonly { range: StaticRange }[]): void {
    const highlight = this.#layers.get(layer)!
    const before = this.#shown.get(layer) ?? new Set()
    const now = new Set<AbstractRange>(wanted.map((one) => one.range))
    for (const range of before) if (!now.has(range)) highlight.delete(range)
    for (const range of now) {
      if (before.has(range)) continue
      highlight.add(range)
      this.#reach(range)
    }
    this.#shown.set(layer, now)
  }

  #register(): void {
    for (const [layer, highlight] of this.#layers) {
      const name = nameOf(layer)
      if (CSS.highlights.get(name) !== highlight) CSS.highlights.set(name, highlight)
    }
  }

  /** A document's `::highlight` rules do not reach into shadow roots everywhere. */
  #reach(range: AbstractRange): void {
    const root = range.startContainer.getRootNode()
    if (!(root instanceof ShadowRoot) || this.#roots.has(root)) return
    this.#roots.add(root)
    adopt(root, highlightCss)
  }
}

function nameOf(layer: Layer): string {
  return `postil-${layer}`
}
