/** The library, as a reader meets it in a browser: live, editable, and for everybody. */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { ONE_KIND } from './profile'
import { story } from './story'

const PAGE = 'https://example.org/essays/margins'
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

const highlight = (exact: string, more: Record<string, unknown> = {}) => ({
  url: PAGE,
  title: 'On margins',
  quote: { exact },
  position: { start: 0, end: exact.length },
  ...more,
})

async function complaints(page: Page): Promise<string[]> {
  // Evaluated by the debugger, so the page's own policy against scripts stays as it is.
  await page.evaluate(await readFile(AXE, 'utf8'))
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
  })
}

const texts = (page: Page) =>
  page.$$eval('.said', (found) => found.map((each) => each.textContent!.trim()))

describe.each(ONE_KIND)('the library in %s', (kind) => {
  const told = story.extend('kind', kind)

  told('shows what another machine does, and undoes a deletion', async ({ server, reader }) => {
    const token = await server.token()
    await server.write(token, highlight('a room with a view', { note: 'Mine.' }))
    const page = await reader.profile.visit(server.signIn)
    await page.waitForSelector('.note')
    await server.write(token, highlight('begins to answer', { note: 'From elsewhere.' }))
    await page.waitForFunction(() => document.body.textContent.includes('From elsewhere.'))
    expect(await texts(page)).toEqual(['Mine.', 'From elsewhere.'])

    await page.locator('.note:nth-child(1) a[href*="/notes/"]').click()
    await page.waitForSelector('form.edit')
    await page.locator('form.edit button:not(.chief)').click()
    await page.waitForSelector('form.undo')
    expect(await texts(page)).toEqual(['From elsewhere.'])
    await page.locator('form.undo button').click()
    await page.waitForFunction(() => document.querySelectorAll('.note').length === 2)
  })

  told('settles a conflict', async ({ server, reader }) => {
    const token = await server.token()
    await server.write(token, highlight('a room with a view', { note: 'The first text.' }))
    const page = await reader.profile.visit(server.signIn)
    await page.waitForSelector('.note')
    await page.locator('a[href*="/notes/"]').click()
    await page.waitForSelector('form.edit')
    await server.edit(token, PAGE, 'The second text.')
    await page.$eval('textarea', (area) => (area.value = ''))
    await page.locator('textarea').fill('The third text.')
    await page.locator('form.edit .chief').click()
    await page.waitForSelector('.masthead .conflict')
    await page.locator('.masthead .conflict').click()
    await page.waitForSelector('.sides')
    expect(await page.$$eval('ins', (found) => found.map((each) => each.textContent))).toEqual([
      'second',
      'third',
    ])
    await page.locator('button[value="copy"]').click()
    await page.waitForSelector('.blank')
    expect(await server.kept(token, PAGE)).toEqual([
      ['a room with a view', 'yellow', 'The third text.'],
    ])
  })
})

describe('the library', () => {
  story('is for everybody', async ({ server, reader }) => {
    const token = await server.token()
    await server.write(token, highlight('a room', { note: 'One.', tags: ['reading'] }))
    await server.write(token, highlight('a view', { note: 'Two.', color: 'pink' }))
    const page = await reader.profile.visit(server.signIn)
    await page.waitForSelector('.note')
    const edit = await page.$eval('a[href*="/notes/"]', (link) => link.href)
    for (const scheme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
      for (const path of ['/', '/search?q=room', '/search?q=color:x', '/trash', '/conflicts', edit]) {
        await page.goto(new URL(path, server.url).href, { waitUntil: 'domcontentloaded' })
        expect(await complaints(page), `${path} in ${scheme}`).toEqual([])
      }
    }
  })
})
