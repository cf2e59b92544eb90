/** Markup that means to run, in everything a note can hold: nothing of it runs in the library. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { ONE_KIND } from './profile'
import { story } from './story'

const CORPUS = JSON.parse(
  await readFile(join(import.meta.dirname, '..', 'xss.json'), 'utf8'),
) as string[]

interface Watched {
  ran?: unknown
  violations: string[]
}

/** From its first moment on, the page writes down what its policy had to stop. */
async function watch(page: Page): Promise<void> {
  page.on('dialog', (dialog) => void dialog.dismiss())
  await page.evaluateOnNewDocument(() => {
    const watched = globalThis as unknown as Watched
    watched.violations = []
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      watched.violations.push(`${violatedDirective}: ${blockedURI}`)
    })
  })
}

async function expectQuiet(page: Page, where: string): Promise<void> {
  const found = await page.evaluate(() => {
    const { ran, violations } = globalThis as unknown as Watched
    const links = [...document.querySelectorAll('a[href]')] as HTMLAnchorElement[]
    const odd = links.filter(({ protocol }) => !/^(https?|mailto|):$/.test(protocol))
    const handlers = [...document.querySelectorAll('*')].flatMap(({ attributes }) =>
      [...attributes].map(({ name }) => name).filter((name) => name.startsWith('on')),
    )
    return { ran: ran ?? null, violations, odd: odd.map(({ href }) => href), handlers }
  })
  expect(found, where).toEqual({ ran: null, violations: [], odd: [], handlers: [] })
}

describe.each(ONE_KIND)('in %s', (kind) => {
  story.extend('kind', kind)('nothing in a note runs in the library', async ({ server, reader }) => {
    const token = await server.token()
    for (const [index, evil] of CORPUS.entries()) {
      await server.write(token, {
        url: `https://example.org/${Math.floor(index / 60)}?x=${encodeURIComponent(evil)}`,
        title: evil.slice(0, 1024),
        quote: { exact: evil, prefix: evil.slice(0, 256), suffix: evil.slice(0, 256) },
        note: evil,
        tags: [evil.slice(0, 128)],
      })
    }
    const page = await reader.profile.visit(server.signIn)
    await page.waitForSelector('.note')
    await watch(page)
    const paths = new Set(['/', '/trash', '/conflicts', '/search?q=window', '/search?q=x'])
    for (let turn = 2; turn <= Math.ceil(CORPUS.length / 20); turn++) paths.add(`/?page=${turn}`)
    let shown = 0
    for (const path of paths) {
      await page.goto(new URL(path, server.url).href, { waitUntil: 'domcontentloaded' })
      // What would run does so while pictures fail and focus settles: after two frames.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      await expectQuiet(page, path)
      shown += path.startsWith('/?') || path === '/' ? (await page.$$('.note')).length : 0
    }
    expect(shown).toBe(CORPUS.length)
    const edit = await page.goto(server.url).then(() => page.$eval('.when a[href*="/notes/"]', (a) => a.href))
    await page.goto(edit)
    await expectQuiet(page, 'the editor')
  })
})

describe('what is sought', () => {
  story('does not run where it is shown again', async ({ server, reader }) => {
    const page = await reader.profile.visit(server.signIn)
    await page.waitForSelector('.blank')
    await watch(page)
    // All of them are sought in tests/server; here a real browser has a look at every sixth.
    for (const evil of CORPUS.filter((_, index) => index % 6 === 0)) {
      const path = `/search?q=${encodeURIComponent(evil)}`
      await page.goto(new URL(path, server.url).href, { waitUntil: 'domcontentloaded' })
      await expectQuiet(page, evil)
    }
  })
})
