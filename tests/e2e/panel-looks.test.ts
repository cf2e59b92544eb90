/**
 * Pictures of the panel and the popup, to be looked at (tests/.output/screenshots), and axe-core's
 * judgement on each: what it finds is a failure.
 */

import { mkdir, readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { PanelPage } from './panel'
import { story } from './story'
import { words } from './words'

/** They are taken to be looked at: `make pictures` takes them, `make test` only asks axe. */
const PICTURES = Boolean(process.env['PICTURES'])
const FOLDER = join(import.meta.dirname, '..', '.output', 'screenshots')
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'
const NOTE = `Kelvin's machine, and **why** it matters:

1. it *adds* cosines
2. nobody has to

> What he left was a principle

\`cos(wt)\` and a [link](https://example.org/).`

/** The rules it breaks, each with the elements that break it. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  async function picture(page: Page, name: string): Promise<void> {
    if (PICTURES) {
      await mkdir(FOLDER, { recursive: true })
      const path = join(FOLDER, `${name}-${scheme}.png`) as `${string}.png`
      await page.screenshot({ path })
      expect((await stat(path)).size).toBeGreaterThan(2000)
    }
    expect(await faults(page)).toEqual([])
  }
  const dress = (page: Page): Promise<void> =>
    page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ])

  story('the panel and the popup in all their states', async ({ site, reader }) => {
    await reader.open(site.url('sums'))
    await reader.highlightWithNote('One rounding is harmless.', 'But who counts?', ['error'])
    await reader.open(site.url('tides'))
    const panel = await PanelPage.open(reader)
    await dress(panel.page)
    await panel.page.setViewport({ width: 400, height: 860 })
    await panel.page.waitForSelector('.empty')
    await picture(panel.page, 'panel-empty')

    await reader.page.bringToFront()
    await reader.highlight('There is a peculiar pleasure', 'pink')
    await reader.highlightWithNote(SEA, NOTE, ['machines', 'sea'])
    await reader.highlightWithNote(BELL, 'Every day?', ['machines', 'sound'])
    await reader.highlight(PEN, 'green')
    site.edit('tides', (html) =>
      html
        .replace('a rotating ocean', 'a spinning sea')
        .replace(/A bell rings at noon of\s+every day\./, ''),
    )
    await reader.reload()
    await panel.front()
    await panel.page.waitForSelector('.difference')
    await panel.page.waitForSelector('.lost')
    await picture(panel.page, 'panel')
    await panel.press('spinning sea', words('noteEdit'))
    await picture(panel.page, 'panel-editing')
    await panel.press('spinning sea', words('panelPreview'))
    await picture(panel.page, 'panel-preview')
    await panel.press('spinning sea', words('noteCancel'))
    await panel.press('There is a peculiar pleasure', words('noteDelete'))
    await panel.page.waitForSelector('.undo')
    await picture(panel.page, 'panel-undo')
    await panel.choose(words('pageClose'))

    await panel.page.setViewport({ width: 320, height: 760 })
    await panel.page.evaluate(() => {
      const list = document.querySelector('.window')!
      list.scrollTop = list.scrollHeight
    })
    await picture(panel.page, 'panel-narrow')
    await panel.page.evaluate(() => (document.documentElement.dir = 'rtl'))
    await picture(panel.page, 'panel-right-to-left')

    await panel.search('')
    await panel.page.waitForSelector('.page-row')
    await panel.page.waitForSelector('.note:not(.blank)')
    await picture(panel.page, 'panel-all-right-to-left')
    await panel.page.evaluate(() => (document.documentElement.dir = 'ltr'))
    await panel.page.setViewport({ width: 400, height: 860 })
    await panel.search('color:mauve')
    await panel.page.waitForSelector('[role="alert"]')
    await picture(panel.page, 'panel-search-problem')
    await panel.search('machin* -bell')
    await panel.page.click('summary')
    await expect.poll(() => panel.passages()).toEqual([SEA])
    await picture(panel.page, 'panel-search')
    await panel.page.close()

    const popup = await reader.profile.popup(reader.page)
    await dress(popup)
    await popup.waitForSelector('.numbers')
    await picture(popup, 'popup-numbers')
    await popup.close()
  })
})
