/** Pictures of the panel and the popup where space, colours or fingers ask for more: see looks.test. */

import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page, Viewport } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { PanelPage } from './panel'
import { story } from './story'
import { words } from './words'

const FOLDER = join(import.meta.dirname, '..', '.output', 'screenshots')
const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'

interface Variant {
  viewport: Viewport
  features?: { name: string; value: string }[]
}

const VARIANTS: Record<string, Variant> = {
  forced: {
    viewport: { width: 400, height: 860 },
    features: [{ name: 'forced-colors', value: 'active' }],
  },
  // A panel of 400 pixels.
  zoomed: { viewport: { width: 200, height: 430, deviceScaleFactor: 2 } },
  touched: { viewport: { width: 400, height: 860, hasTouch: true, isMobile: true } },
}

describe.each(Object.entries(VARIANTS))('%s', (variant, { viewport, features = [] }) => {
  const dress = async (page: Page): Promise<void> => {
    const session = await page.createCDPSession()
    const all = [{ name: 'prefers-reduced-motion', value: 'reduce' }, ...features]
    await session.send('Emulation.setEmulatedMedia', { features: all })
  }
  const picture = async (page: Page, name: string): Promise<void> => {
    await mkdir(FOLDER, { recursive: true })
    const path = join(FOLDER, `${name}-${variant}.png`) as `${string}.png`
    await page.screenshot({ path })
    expect((await stat(path)).size).toBeGreaterThan(2000)
    const wide = () => document.documentElement.scrollWidth > innerWidth
    expect(await page.evaluate(wide), name).toBe(false)
  }

  story('the panel and the popup', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(SEA, 'Kelvin, and **why**.', ['machines', 'sea'])
    await reader.highlightWithNote(BELL, 'Every day?', ['machines', 'sound'])
    await reader.highlight(PEN, 'green')
    site.edit('tides', (html) =>
      html
        .replace('a rotating ocean', 'a spinning sea')
        .replace(/A bell rings at noon of\s+every day\./, ''),
    )
    await reader.reload()
    const panel = await PanelPage.open(reader)
    await dress(panel.page)
    await panel.page.setViewport(viewport)
    await panel.page.waitForSelector('.difference')
    await picture(panel.page, 'panel')
    await panel.choose('sea')
    await panel.choose(words('colorYellow'))
    await picture(panel.page, 'panel-filtered')
    await panel.choose('sea')
    await panel.choose(words('colorYellow'))
    await panel.press('spinning sea', words('noteEdit'))
    await picture(panel.page, 'panel-editing')
    await panel.press('spinning sea', words('noteCancel'))
    await panel.page.$eval('.window', (list) => (list.scrollTop = list.scrollHeight))
    await panel.page.waitForSelector('.lost')
    await picture(panel.page, 'panel-lost')
    await panel.search('machin*')
    await panel.page.click('summary')
    await panel.page.waitForSelector('.page-row')
    await picture(panel.page, 'panel-search')
    await panel.page.close()

    const popup = await reader.profile.extensionPage('popup.html?tab=-1')
    const tab = await popup.evaluate(async (url) => {
      return (await chrome.tabs.query({})).find((one) => one.url === url)?.id
    }, reader.page.url())
    await popup.close()
    const shown = await reader.profile.extensionPage(`popup.html?tab=${tab}`)
    await dress(shown)
    await shown.setViewport({ ...viewport, width: Math.min(336, viewport.width) })
    await shown.waitForSelector('.numbers')
    await picture(shown, 'popup')
  })
})
