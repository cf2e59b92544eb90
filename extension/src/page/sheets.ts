/**
 * Gives a shadow root a style sheet without adding a node to it; no page CSP has a say in it.
 */

/** A sheet belongs to the document it was made in. */
const made = new WeakMap<Document, Map<string, CSSStyleSheet>>()

export function adopt(root: ShadowRoot, css: string): void {
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheetOf(root.ownerDocument, css)]
}

function sheetOf(document: Document, css: string): CSSStyleSheet {
  const sheets = made.get(document) ?? new Map<string, CSSStyleSheet>()
  made.set(document, sheets)
  let sheet = sheets.get(css)
  if (!sheet) {
    sheet = new document.defaultView!.CSSStyleSheet()
    sheet.replaceSync(css)
    sheets.set(css, sheet)
  }
  return sheet
}
