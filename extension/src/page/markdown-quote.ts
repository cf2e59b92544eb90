/** A passage as a quotation in Markdown, with a link that leads back to it. */

import type { Quote } from '../model'
import { linkToText } from './text-fragment'

export function markdownQuote(quote: Quote, title: string, url: string): string {
  const lines = quote.exact.split('\n').map((line) => `> ${escaped(line)}`)
  const name = escaped(title.replace(/\s+/g, ' ').trim()) || new URL(url).host || url
  // Brackets would end the link.
  const link = linkToText(url, quote).replaceAll('(', '%28').replaceAll(')', '%29')
  return `${lines.join('\n')}\n>\n> — [${name}](${link})\n`
}

/** What Markdown would take for its own, where it stands in running text. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_[\]<>]/g, '\\$&')
    .replace(/^(\s*\d*)([#+.)-]+)(?=\s|$)/, '$1\\$2')
}
