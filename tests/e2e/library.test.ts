/** The library, as a reader meets it in a browser: live, editable, and for everybody. */

import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ElementHandle, KeyInput, Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { ONE_KIND } from './profile'
import { story } from './story'

const PAGE = 'https://example.org/essays/margins'
const OTHER = '0190f3c5-0000-7000-8000-000000000001'
const GONE = '0190f3c5-0000-7000-8000-000000000002'
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

const highlight = (exact: string, more: Record<string, unknown> = {}) => ({
  url: PAGE,
  title: 'On margins',
  quote: { exact },
  position: { start: 0, end: exact.length },
  ...more,
})

/** What axe finds fault with; in the dark nothing but colours is another. */
async function complaints(page: Page, scheme: string): Promise<string[]> {
  await page.waitForFunction(() => document.readyState === 'complete') // with all its styles
  // Evaluated by the debugger, so the page's own policy against scripts stays as it is.
  await page.evaluate(await readFile(AXE, 'utf8'))
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
      }
    }
    const { violations } = await axe.run(only)
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
  }, scheme === 'dark' ? { runOnly: ['color-contrast'] } : {})
}

const texts = (page: Page) =>
  page.$$eval('.said', (found) => found.map((each) => each.textContent!.trim()))

const focused = (page: Page, text: string) =>
  page.waitForFunction(
    (said) => {
      const note = document.activeElement
      return note?.matches('.note') && note.textContent.includes(said)
    },
    {},
    text,
  )

const picked = (page: Page, text: string) =>
  page.waitForFunction((said) => document.querySelector('.picked')?.textContent === said, {}, text)

const says = (page: Page, text: string) =>
  page.waitForFunction((said) => document.querySelector('.undo p')?.textContent === said, {}, text)

/** Until the script has come that hears the keys, and shows so. */
const listening = (page: Page) => page.waitForSelector('#show-keys', { visible: true })

/** Presses what leads to another page, and waits until that stands. */
async function press(page: Page, key: KeyInput, selector: string): Promise<void> {
  await page.keyboard.press(key)
  await page.waitForSelector(selector)
}

describe.each(ONE_KIND)('the library in %s', (kind) => {
  const told = story.override({ kind })

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

  told('settles a conflict, and shows a file that comes in', async ({ server, reader }) => {
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

    const file = join(server.data, 'some.ndjson')
    const lines = Array.from({ length: 600 }, (_, at) => JSON.stringify(highlight(`line ${at}`)))
    await writeFile(file, lines.join('\n'))
    await page.goto(new URL('/import', server.url).href)
    await listening(page)
    await page.select('#format', 'ndjson')
    const chosen = await page.$('#file')
    await (chosen as ElementHandle<HTMLInputElement>).uploadFile(file)
    const seen = await page.evaluateHandle(() => {
      const seen: string[] = []
      const shown = document.querySelector('.so-far')!
      const look = () => seen.push(shown.textContent)
      new MutationObserver(look).observe(shown, { childList: true })
      return seen
    })
    await page.locator('.bring .chief').click()
    await page.waitForFunction(() => document.activeElement?.id === 'became')
    expect(await seen.jsonValue()).toContain('Brought in: 600 items')
    expect(await page.$eval('.figures dd', (said) => said.textContent)).toBe('600')
  })

  told('is used by keyboard, and changes many notes at once', async ({ server, reader }) => {
    const token = await server.token()
    for (const [start, note] of ['First.', 'Second.', 'Third.'].entries()) {
      const position = { start, end: start + 1 }
      await server.write(token, highlight(`passage ${start}`, { note, position }))
    }
    const page = await reader.profile.visit(server.signIn)
    await listening(page)

    await page.keyboard.press('/')
    await page.waitForFunction(() => document.activeElement?.id === 'q')
    await page.keyboard.type('passage j#e') // in a field they are letters
    expect(await page.$eval('#q', (field) => (field as HTMLInputElement).value)).toBe('passage j#e')
    await page.goto(new URL('/search?q=passage&sort=newest', server.url).href)
    await listening(page)

    await page.keyboard.press('j')
    await focused(page, 'Third.')
    await page.keyboard.press('j')
    await focused(page, 'Second.')
    await page.keyboard.press('k')
    await focused(page, 'Third.')
    await page.keyboard.down('Control') // with a modifier it is the browser's key
    await page.keyboard.press('j')
    await page.keyboard.up('Control')
    await focused(page, 'Third.')
    await page.keyboard.press('?')
    await page.waitForSelector('dialog[open]')
    await press(page, 'Escape', 'dialog:not([open])')

    await focused(page, 'Third.')
    await page.keyboard.press('x')
    await picked(page, '1 selected')
    await page.locator('a.all').click()
    await picked(page, '3 selected')
    await page.locator('#many-tag').fill('chosen')
    await page.keyboard.press('Enter')
    await says(page, '3 notes now carry “chosen”.')
    await page.locator('.undo button').click()
    await says(page, '3 notes are as before.')
    await listening(page)
    expect(await page.$$('.tags')).toEqual([])
    await page.keyboard.press('j')
    await focused(page, '.')
    await press(page, '#', 'form.undo')
    expect(await texts(page)).toHaveLength(2)
    await page.locator('form.undo button').click()
    await page.waitForFunction(() => document.querySelectorAll('.note').length === 3)
    await listening(page)
    await page.keyboard.press('j')
    await focused(page, '.')
    await press(page, 'e', 'form.edit')
  })

  // What follows no other browser lets a test see: the question whether to leave, and the dark.
  if (kind !== 'chromium') return

  told('asks before it leaves what is being written', async ({ server, reader }) => {
    const token = await server.token()
    await server.write(token, highlight('a room with a view', { note: 'Mine.' }))
    const page = await reader.profile.visit(server.signIn)
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void dialog.dismiss()
    })
    await page.locator('a.edits').click()
    await page.waitForSelector('form.edit')
    await listening(page)
    await page.type('textarea', ' And theirs.')
    await page.locator('.masthead a').click()
    await expect.poll(() => asked).toEqual(['beforeunload'])
    await page.locator('form.edit .chief').click()
    await page.waitForFunction(() => document.querySelector('.said')?.textContent.includes('theirs'))
    expect(asked).toHaveLength(1)
  })

  told('is for everybody', async ({ server, reader }) => {
    const token = await server.token()
    await server.write(token, highlight('a room', { note: 'One.', tags: ['reading'] }))
    await server.write(token, highlight('a view', { note: 'Two.', color: 'pink' }))
    const page = await reader.profile.visit(server.signIn)
    await page.waitForSelector('.note')
    const edit = await page.$eval('a.edits', (link) => (link as HTMLAnchorElement).href)
    const own = `/page?of=${encodeURIComponent(PAGE)}`
    await server.lose(token, edit.split('/notes/')[1]!.split('?')[0]!)
    const found = ['/search?q=room&select=all', '/search?q=color:x']
    const lists = ['/reading', '/tags', '/tag?name=reading', '/devices', '/export', '/import']
    const colourful = [own, edit, found[0]!, '/reading', '/devices']
    const all = ['/', own, edit, ...found, ...lists, '/trash', '/conflicts', '/lost']
    for (const scheme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
      for (const path of scheme === 'dark' ? colourful : all) {
        await page.goto(new URL(path, server.url).href, { waitUntil: 'domcontentloaded' })
        // What is folded away is to be read, too.
        await page.$$eval('details', (folded) => folded.forEach((each) => (each.open = true)))
        await page.$$eval('#coming', ([coming]) => coming?.removeAttribute('hidden'))
        expect(await complaints(page, scheme), `${path} in ${scheme}`).toEqual([])
      }
      for (const [path, button, answer] of [
        ['/devices', '.chief', '.pairing'],
        ['/tag?name=reading', '.danger button', '.undo'],
      ] as const) {
        await page.goto(new URL(path, server.url).href, { waitUntil: 'domcontentloaded' })
        await page.locator(button).click()
        await page.waitForSelector(answer)
        expect(await complaints(page, scheme), `after ${path} in ${scheme}`).toEqual([])
      }
      await page.locator('.undo button').click()
      await says(page, '1 note is as before.')
    }
  })

  told('is no wider than its window, whatever was written', async ({ server, reader }) => {
    const token = await server.token()
    const url = `https://${'long'.repeat(15)}.example/${'path'.repeat(200)}`
    const [word, tags] = ['w'.repeat(400), ['t'.repeat(128), 'one', 'u'.repeat(90)]]
    const note = `# ${word}\n\n${word}\n\n- ${word}\n\n    ${word}\n\n> ${word}\n\n<${url}>`
    const all = { url, title: word, quote: { exact: word }, note, tags }
    await server.write(token, all)
    await server.write(token, { ...all, title: '', quote: null })
    await server.write(token, { ...all, id: OTHER, note: 'Mine.' })
    await server.write(token, { ...all, id: GONE })
    const page = await reader.profile.visit(server.signIn)
    await server.lose(token, OTHER)
    await server.change(token, { op: 1, id: OTHER, base: 0, set: { note } })
    await server.change(token, { op: 2, id: GONE, delete: true })
    await page.setViewport({ width: 320, height: 700 })
    const own = `/page?of=${encodeURIComponent(url)}`
    const lists = ['/reading', '/tags', `/tag?name=${tags[0]}`, '/devices', '/export', '/import']
    const others = ['/trash', '/conflicts', '/lost', `/notes/${OTHER}`]
    for (const path of ['/', own, '/search?q=one', ...lists, ...others]) {
      await page.goto(new URL(path, server.url).href, { waitUntil: 'load' })
      await page.$$eval('details', (folded) => folded.forEach((each) => (each.open = true)))
      const wide = () => document.documentElement.scrollWidth - innerWidth
      expect(await page.evaluate(wide), path).toBeLessThanOrEqual(0)
    }
  })
})
