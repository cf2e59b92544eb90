/**
 * Notes as Markdown, a section a page: passages as block quotes, notes verbatim below them, tags
 * as Obsidian and others like it read them.
 */
import type { Annotation } from '../model'

/** In pieces: all pages, the one annotated first at the top, each in reading order. */
export function markdownOf(annotations: readonly Annotation[]): string[] {
  const pages = new Map<string, Annotation[]>()
  for (const one of annotations) {
    const notes = pages.get(one.page)
    if (notes) notes.push(one)
    else pages.set(one.page, [one])
  }
  return [...pages.values()].map((notes, at) => `${at ? '\n' : ''}${section(notes)}`)
}

/** One passage, with where it is from: for the clipboard. */
export function quoteOf({ quote, note, title, url }: Annotation): string {
  const passage = quote ? `${quoted(quote.exact)}\n>\n` : ''
  const own = note ? `\n${note}\n` : ''
  return `${passage}> — [${escaped(title || url)}](${address(url)})\n${own}`
}

function section(notes: Annotation[]): string {
  const [first] = notes
  if (!first) return ''
  const { url, title } = first
  const heading = `## [${escaped(oneLine(title || url))}](${address(url)})\n`
  return heading + notes.toSorted(inReadingOrder).map(item).join('')
}

function item({ quote, note, tags, created }: Annotation): string {
  const named = tags.map((tag) => `#${hashtag(tag)}`).join(' ')
  const day = created.slice(0, 'YYYY-MM-DD'.length)
  const parts = [quote && quoted(quote.exact), note, `${named}${named && ' · '}${day}`]
  return parts.flatMap((part) => (part ? [`\n${part}\n`] : [])).join('')
}

function quoted(text: string): string {
  return text.split('\n').map((line) => `> ${escaped(line)}`.trimEnd()).join('\n')
}

/** What was text on the page stays text. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
    .replace(/^(\s*)([-+=]|\d+[.)])(?=\s|$)/, (_all, space: string, mark: string) => {
      return `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`
    })
}

function address(url: string): string {
  return url.replace(/[\s<>()]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

/** No blank, and not a number alone. */
function hashtag(tag: string): string {
  const joined = tag.trim().replace(/[\s#,]+/g, '-')
  return /^\d+$/.test(joined) ? `_${joined}` : joined
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function inReadingOrder(a: Annotation, b: Annotation): number {
  const start = ({ quote, position }: Annotation) => {
    return quote ? (position?.start ?? Number.MAX_SAFE_INTEGER) : -1
  }
  return start(a) - start(b) || (a.id < b.id ? -1 : 1)
}
