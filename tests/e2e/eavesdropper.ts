/**
 * A page that wants to know what its reader writes in the margin. Its script runs before all
 * others, listens to every event, and keeps what it could make out.
 */

import type { Edit } from './site'

/** What the page has overheard, as text; to be called in the page. */
export function overheard(): string {
  return (globalThis as unknown as { overheard: () => string }).overheard()
}

/** Puts the script at the very beginning of a page. */
export const bug: Edit = (html) => html.replace('<head>', `<head><script>(${listen})()</script>`)

/** Runs in the page: it begins anew, and listens before anybody else can. */
export function bugAnew(html: string, script: string): void {
  document.open()
  ;(0, eval)(`(${script})()`)
  document.write(html)
  document.close()
}

/**
 * Runs in the page: which of these words it finds, shown wherever. What is on show is searched with
 * closed shadow trees and all, and where `frames` is true, in frames as well (Firefox).
 */
export function findable(sought: string[]): string[] {
  const find = (globalThis as unknown as { find: (...how: unknown[]) => boolean }).find
  return sought.filter((word) => {
    return [true, false].some((frames) => {
      getSelection()?.removeAllRanges()
      try {
        return find(word, false, false, true, false, frames, false)
      } catch {
        return false // Firefox: whatever the word, where there is a frame of another origin
      }
    })
  })
}

/** A page that makes our element one of its own kind, which is shown what is inside. */
export const claiming: Edit = (html) => html.replace('<head>', `<head><script>(${claim})()</script>`)

/** Runs in the page: what it sees inside of elements that it claimed. */
export function seenInside(): string[] {
  return (globalThis as unknown as { seenInside: () => string[] }).seenInside()
}

/** Runs in the page, so it stands on its own. */
function claim(): void {
  const claimed: ElementInternals[] = []
  class Claimed extends HTMLElement {
    constructor() {
      super()
      claimed.push(this.attachInternals())
    }
  }
  customElements.define('postil-ui', Claimed)
  document.createElement('postil-ui').attachShadow({ mode: 'closed' }).innerHTML = '<p>Its own.</p>'
  const seenInside = () => claimed.map(({ shadowRoot }) => shadowRoot?.innerHTML ?? '')
  Object.assign(globalThis, { seenInside })
}

/** Every name that a font of ours might go by, or be given. */
const FONTS = ['Spy', 'system-ui', '-apple-system', 'Segoe UI', 'Roboto', 'Noto Sans', 'sans-serif']

/** A page whose own fonts tell it which of two letters was drawn, and that forces them on us. */
export const spyingFonts: Edit = (html) => {
  const faces = FONTS.flatMap((name) => {
    return ['U+51', 'U+6F22'].map((letter) => {
      return `@font-face { font-family: '${name}'; src: url(spy.woff2); unicode-range: ${letter} }`
    })
  })
  const forced = 'postil-ui { --postil-font: Spy !important; font-family: Spy !important }'
  return html.replace('</head>', `<style>${faces.join('\n')}\n${forced}</style>$&`)
}

/** Runs in the page: how many of its fonts were needed. */
export function fontsAskedFor(): number {
  return [...document.fonts].filter(({ status }) => status !== 'unloaded').length
}

/** Runs in the page, so it stands on its own. */
export function listen(): void {
  const heard: string[] = []
  const types = [
    'keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'change', 'paste', 'copy', 'cut',
    'compositionstart', 'compositionupdate', 'compositionend', 'message', 'focusin', 'focusout',
  ]
  for (const type of types) {
    for (const capture of [true, false]) {
      for (const target of [window, document]) {
        target.addEventListener(type, (event) => hear(event), { capture })
      }
    }
  }
  function hear(event: Event): void {
    const { key, data } = event as KeyboardEvent & InputEvent & MessageEvent
    const text = typeof data === 'string' ? data : JSON.stringify(data ?? null)
    const pasted = (event as ClipboardEvent).clipboardData?.getData('text/plain') ?? ''
    const target = event.composedPath()[0] as HTMLTextAreaElement | undefined
    heard.push(`[${event.type}] ${key ?? ''} ${text} ${pasted} ${target?.value ?? ''}`)
  }

  const roots: ShadowRoot[] = []
  const { attachShadow } = Element.prototype
  Element.prototype.attachShadow = function (init) {
    const root = attachShadow.call(this, init)
    roots.push(root)
    return root
  }
  new MutationObserver((records) => {
    for (const { addedNodes, target } of records) {
      for (const node of addedNodes) if (node.parentNode !== document.body) read(node)
      if (target.nodeType === Node.TEXT_NODE) heard.push(String(target.nodeValue))
    }
  }).observe(document, { subtree: true, childList: true, characterData: true })

  function read(node: Node): void {
    if (!(node instanceof Element) || node.closest('head, body')) return
    heard.push(`[element] ${node.outerHTML}`)
    roots.push(...(node.shadowRoot ? [node.shadowRoot] : []))
  }
  Object.assign(globalThis, {
    overheard(): string {
      const everywhere = [document.documentElement, ...document.querySelectorAll('*')]
      const shadows = everywhere.flatMap((element) => element.shadowRoot ?? [])
      const seen = [...roots, ...shadows].map((root) => {
        const fields = [...root.querySelectorAll<HTMLInputElement>('input, textarea')]
        return `[shadow] ${root.innerHTML} ${fields.map(({ value }) => value).join(' ')}`
      })
      const areas = origin === 'null' ? [] : [localStorage, sessionStorage]
      const kept = areas.map((area) => JSON.stringify({ ...area }))
      return [...heard, ...seen, ...kept, document.documentElement.outerHTML].join('\n')
    },
  })
}
