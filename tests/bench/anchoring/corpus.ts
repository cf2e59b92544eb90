/**
 * The pages: Postil's own articles, and documentation that comes with the packages installed for
 * the tests. Half of it is held out: thresholds are set on the other half. HTML files of folders
 * named on the command line are a set of their own.
 */

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import MarkdownIt from 'markdown-it'

export const SETS = ['tuned', 'held-out', 'given'] as const

export interface CorpusPage {
  name: string
  html: string
  set: (typeof SETS)[number]
}

const ARTICLES = ['paper/index.html', 'sums/index.html', 'tides/index.html']

const DOCUMENTS: readonly [path: string, heldOut: boolean][] = [
  ['undici/docs/docs/api/Dispatcher.md', false],
  ['pino/docs/transports.md', false],
  ['picomatch/README.md', false],
  ['common-tags/readme.md', false],
  ['fast-check/README.md', false],
  ['source-map/README.md', false],
  ['vite/LICENSE.md', false],
  ['pino/docs/api.md', true],
  ['yauzl/README.md', true],
  ['ajv/README.md', true],
  ['semver/README.md', true],
  ['lru-cache/README.md', true],
  ['expect-type/README.md', true],
  ['acorn/CHANGELOG.md', true],
]

export function corpus(extraFolders: readonly string[], most: number): CorpusPage[] {
  const pages: CorpusPage[] = []
  for (const path of ARTICLES) {
    const file = join('e2e/pages', path)
    if (!existsSync(file)) continue
    pages.push({ name: path, html: readFileSync(file, 'utf8'), set: 'tuned' })
  }
  const markdown = new MarkdownIt({ html: true, linkify: false, typographer: true })
  for (const [path, heldOut] of DOCUMENTS) {
    const file = join('node_modules', path)
    if (!existsSync(file)) continue
    const text = readFileSync(file, 'utf8').slice(0, 80_000)
    const set = heldOut ? 'held-out' : 'tuned'
    pages.push({ name: path, html: asSite(markdown.render(text)), set })
  }
  for (const folder of extraFolders) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.html'))
      .sort()
    const stride = Math.max(1, Math.floor(files.length / most))
    for (let i = 0, taken = 0; i < files.length && taken < most; i += stride) {
      const html = readFileSync(join(folder, files[i] as string), 'utf8')
      if (html.length < 8_000 || html.length > 400_000) continue
      pages.push({ name: `${basename(folder)}/${files[i]}`, html, set: 'given' })
      taken++
    }
  }
  return pages
}

/** A document as a site shows it, with what surrounds an article. */
function asSite(article: string): string {
  return `
    <header><a href="/">Home</a> <nav><ul><li><a href="/docs">Documentation</a></li>
    <li><a href="/blog">Blog</a></li><li><a href="/about">About</a></li></ul></nav></header>
    <main><article>${article}</article></main>
    <aside><h3>Related</h3><ul><li><a href="/a">Getting started</a></li>
    <li><a href="/b">Frequently asked questions</a></li></ul></aside>
    <footer><p>Edited by its contributors. All rights reserved.</p></footer>`
}
