/** Whether a note is what a query asks for, purely; the folding of a note is done once, ahead. */
import type { Annotation, Color } from '../model'
import { fold, wordsOf } from './folding'
import { foldTag, siteOf, type Query, type Terms, type Text } from './query'

/** A note as it is searched. */
export interface Folded {
  /** Its words, a space around each, a line for each field: no phrase goes over a border. */
  words: string
  tags: readonly string[]
  sites: readonly string[]
  color: Color
  updated: string
}

/** `keys`: the keys of the pages it is found under. */
export function foldNote(annotation: Annotation, keys: readonly string[]): Folded {
  const { quote, note, title, tags, color, updated } = annotation
  const fields = [quote?.exact ?? '', note, title, ...tags]
  const words = fields.map((field) => ` ${wordsOf(fold(field))} `).join('\n')
  const sites = new Set(keys.flatMap((key) => andAbove(siteOf(key))))
  return { words, tags: tags.map(foldTag), sites: [...sites], color, updated: moment(updated) }
}

/** The query, ready to be asked of many notes. */
export function matcher(query: Query): (note: Folded) => boolean {
  const after = query.after
  const before = query.before
  const wanted = tests(query.wanted)
  const unwanted = tests(query.unwanted)
  return (note) =>
    (after === null || note.updated >= after) &&
    (before === null || note.updated < before) &&
    wanted.every((test) => test(note)) &&
    !unwanted.some((test) => test(note))
}

type Test = (note: Folded) => boolean

/** A note has one colour and stands on one site, so of these any will do. */
function tests({ texts, tags, sites, colors }: Terms): Test[] {
  const all: Test[] = [
    ...texts.map(textTest),
    ...tags.map((tag): Test => (note) => note.tags.includes(tag)),
  ]
  if (sites.length) all.push((note) => sites.some((site) => note.sites.includes(site)))
  if (colors.length) all.push((note) => colors.includes(note.color))
  return all
}

function textTest({ words, prefix }: Text): Test {
  const phrase = wordsOf(words)
  const sought = prefix ? ` ${phrase}` : ` ${phrase} `
  return (note) => note.words.includes(sought)
}

/** A site with its port and without, and the domains it is below. */
function andAbove(site: string | null): string[] {
  if (site === null) return []
  const labels = site.replace(/:\d+$/, '').split('.')
  return [site, ...labels.map((_, at) => labels.slice(at).join('.'))]
}

/** Microseconds, as a query has them: what is compared as text must be written alike. */
function moment(updated: string): string {
  return updated.replace(/(?:\.(\d+))?Z$/, (_, part = '') => `.${String(part).padEnd(6, '0')}Z`)
}
