/**
 * A page that looks for a way into shadow trees that are not its own: in everything an event, an
 * entry of its timeline, an animation, a selection or a place on the screen has to tell.
 */

import type { Edit } from './site'

export const prying: Edit = (html) => html.replace('<head>', `<head><script>(${pry})()</script>`)

/** Runs in the page: what led it into a tree, as `how: what stands in it`. */
export function pried(): string[] {
  return (globalThis as unknown as { pried: () => string[] }).pried()
}

/** Runs in the page: where something stands in a tree that it was led into; null if nowhere. */
export function priedBox(selector: string): { x: number; y: number } | null {
  const { priedTrees } = globalThis as unknown as { priedTrees: Set<ShadowRoot> }
  for (const tree of priedTrees) {
    const box = tree.querySelector(selector)?.getBoundingClientRect()
    if (box?.width) return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }
  return null
}

/** Runs in the page, so it stands on its own. */
function pry(): void {
  const found = new Set<string>()
  const trees = new Set<ShadowRoot>()
  const look = (how: string, thing: unknown): void => {
    if (!(thing instanceof Node)) return
    const root = thing.getRootNode()
    if (!(root instanceof ShadowRoot)) return
    trees.add(root)
    found.add(`${how}: ${root.innerHTML}`)
  }
  /** Frames on the way, and the fields: what they would tell. */
  const lookInside = (): void => {
    for (const tree of trees) {
      found.add(`tree: ${tree.innerHTML}`)
      for (const { value } of tree.querySelectorAll('textarea, input') as NodeListOf<HTMLInputElement>) {
        found.add(`field: ${value}`)
      }
      for (const frame of tree.querySelectorAll('iframe')) {
        found.add('frame')
        found.add(`frame src: ${frame.src}`)
        const ways: (() => unknown)[] = [
          () => frame.contentDocument?.documentElement.outerHTML,
          () => frame.contentWindow?.document.documentElement.outerHTML,
          () => frame.contentWindow?.location.href,
          () => frame.getSVGDocument(),
        ]
        for (const way of ways) {
          try {
            const told = way()
            if (told) found.add(`frame tells: ${told as string}`)
          } catch {
            // Denied.
          }
        }
      }
    }
  }
  const lookInto = (how: string, thing: object | null): void => {
    for (let at = thing; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const key of Object.getOwnPropertyNames(at)) {
        const value = (thing as Record<string, unknown>)[key]
        look(`${how}.${key}`, value)
        if (!value || typeof value !== 'object' || !('length' in value)) continue
        for (const one of Array.from(value as ArrayLike<unknown>).slice(0, 20)) {
          look(`${how}.${key}`, one)
          look(`${how}.${key}.target`, (one as Touch | null)?.target)
        }
      }
    }
  }

  const types = ['focusin', 'focusout']
  for (const of of [window, Document.prototype, HTMLElement.prototype]) {
    for (const key of Object.getOwnPropertyNames(of)) if (/^on/.test(key)) types.push(key.slice(2))
  }
  const heard = (event: Event): void => {
    lookInto(event.type, event)
    for (const node of event.composedPath()) look(`${event.type}.composedPath`, node)
  }
  for (const type of types) addEventListener(type, heard, true)
  for (const type of PerformanceObserver.supportedEntryTypes) {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) lookInto(type, entry)
    }).observe({ type, buffered: true })
  }

  const lookAround = (): void => {
    const all = [...document.getAnimations(), ...document.documentElement.getAnimations({ subtree: true })]
    for (const { effect } of all) look('animation', (effect as KeyframeEffect).target)
    const selection = getSelection()!
    lookInto('selection', selection)
    if (selection.rangeCount) lookInto('range', selection.getRangeAt(0))
    look('focus', document.activeElement)
    for (let y = 5; y < innerHeight; y += 40) {
      for (let x = 5; x < innerWidth; x += 80) {
        for (const node of document.elementsFromPoint(x, y)) look('elements', node)
        look('caret', document.caretPositionFromPoint(x, y)?.offsetNode)
      }
    }
    lookInside()
    requestAnimationFrame(lookAround)
  }
  addEventListener('DOMContentLoaded', () => {
    const own = document.body.appendChild(document.createElement('own-tree'))
    own.attachShadow({ mode: 'open' }).innerHTML = '<button autofocus>Its own.</button>'
    lookAround()
  })
  Object.assign(globalThis, { pried: () => [...found], priedTrees: trees })
}
