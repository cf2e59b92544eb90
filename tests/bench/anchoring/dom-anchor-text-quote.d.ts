/** The package ships no types; this is what the benchmark uses of it. */
declare module 'dom-anchor-text-quote' {
  interface Selector {
    exact: string
    prefix: string
    suffix: string
  }
  export function fromRange(root: Node, range: Range): Selector
  export function toRange(root: Node, selector: Selector, options?: { hint?: number }): Range | null
}
