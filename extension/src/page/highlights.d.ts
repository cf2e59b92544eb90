/** Not in TypeScript's DOM library yet: CSS Custom Highlight API, `highlightsFromPoint`. */

interface HighlightHitResult {
  highlight: Highlight
  ranges: AbstractRange[]
}

interface HighlightRegistry {
  highlightsFromPoint?(
    x: number,
    y: number,
    options?: { shadowRoots?: ShadowRoot[] },
  ): HighlightHitResult[]
}
