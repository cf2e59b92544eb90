/** Builds elements in a line. Text is only ever set as text: there is no way to pass HTML. */

export type Child = Node | string | null | undefined | false

type Attributes = Record<string, string | number | boolean | undefined>

/** Makes elements of one document. */
export interface Maker {
  h<K extends keyof HTMLElementTagNameMap>(
    name: K,
    attributes: Attributes,
    ...children: Child[]
  ): HTMLElementTagNameMap[K]
  icon(name: Icon): SVGSVGElement
}

/** In Firefox, what is made in one document and put into another stays the first one's for scripts. */
export function makerIn(document: Document): Maker {
  return {
    h(name, attributes, ...children) {
      const element = document.createElementNS('http://www.w3.org/1999/xhtml', name)
      for (const [key, value] of Object.entries(attributes)) {
        if (value === undefined || value === false) continue
        element.setAttribute(key, value === true ? '' : String(value))
      }
      element.append(...children.filter((child): child is Node | string => !!child))
      return element as HTMLElementTagNameMap[typeof name]
    },
    /** Decoration: the button around it carries the name. */
    icon(name) {
      const namespace = 'http://www.w3.org/2000/svg'
      const svg = document.createElementNS(namespace, 'svg')
      svg.setAttribute('viewBox', '0 0 20 20')
      svg.setAttribute('aria-hidden', 'true')
      const path = document.createElementNS(namespace, 'path')
      path.setAttribute('d', ICONS[name])
      svg.append(path)
      return svg
    },
  }
}

/** Text of a note: a page would find it by `window.find`, but for what a style sheet says. */
export function secret(text: string): Attributes {
  return { 'data-text': text }
}

const ICONS = {
  note: 'M4 4.5h12M4 8.5h12M4 12.5h6M12.5 16.5l.5-2.5 4-4 2 2-4 4z',
  tag: 'M3.5 3.5h6l7 7-6 6-7-7zM6.8 6.8h.01',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v5M11.5 9v5',
  check: 'M5 10.5l3.2 3.2L15 6.5',
  next: 'M8 5l5 5-5 5',
  close: 'M5.5 5.5l9 9M14.5 5.5l-9 9',
  copy: 'M7.5 7.5h8v9h-8zM12.5 7.5v-4h-8v9h3',
  link:
    'M8.5 11.5l3-3M9 6.5l1.7-1.7a3.2 3.2 0 0 1 4.5 4.5L13.5 11' +
    'M11 13.5l-1.7 1.7a3.2 3.2 0 0 1-4.5-4.5L6.5 9',
} as const

export type Icon = keyof typeof ICONS

/** Whether it stood in a page of the extension that went: Firefox lets nobody touch it any more. */
export function isGone(element: Element): boolean {
  try {
    return !element.localName
  } catch {
    return true
  }
}

/** The page's own. */
export const PAGE = makerIn(document)
export const { h, icon } = PAGE
