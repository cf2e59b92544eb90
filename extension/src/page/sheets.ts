/**
 * Gives a shadow root a style sheet without adding a node to it; no page CSP has a say in it.
 */

const made = new Map<string, CSSStyleSheet>()

export function adopt(root: ShadowRoot, css: string): void {
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheetOf(css)]
}

function sheetOf(css: string): CSSStyleSheet {
  let sheet = made.get(css)
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    made.set(css, sheet)
  }
  return sheet
}
