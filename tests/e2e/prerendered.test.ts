/** A page that the browser made ready before its reader went there. */

import { describe, expect } from 'vitest'
import { PanelPage } from './panel'
import { story } from './story'

const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'

describe('a page made ready beforehand', () => {
  story('has its notes, its badge and its panel when it is shown', async ({ site, reader }) => {
    const [here, there] = [site.url('sums', '127.0.0.1'), site.url('tides', '127.0.0.1')]
    await reader.open(there)
    await reader.highlight(BELL, 'green')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })

    await reader.page.close()
    const telling = `addEventListener('load', () => {
      localStorage.setItem('loaded', document.prerendering ? 'beforehand' : 'now')
    })`
    site.edit('tides', (html) => html.replace('</head>', `<script>${telling}</script>$&`))
    site.edit('sums', (html) => html.replace('<article', `<a id="on" href="${there}">On</a>$&`))
    await reader.open(here)
    const { page } = reader
    await page.evaluate((urls) => {
      const rules = document.createElement('script')
      rules.type = 'speculationrules'
      rules.textContent = JSON.stringify({ prerender: [{ urls }] })
      document.head.append(rules)
    }, [there])
    await page.waitForFunction(() => localStorage.getItem('loaded') === 'beforehand')
    await page.click('#on')
    await page.waitForFunction((url) => location.href === url, {}, there)
    const shownAt = await page.evaluate(() => {
      const [navigation] = performance.getEntriesByType('navigation')
      return (navigation as unknown as { activationStart: number }).activationStart
    })
    expect(shownAt).toBeGreaterThan(0)

    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    const panel = await PanelPage.open(reader)
    await expect.poll(() => panel.passages()).toEqual([BELL])
    const told = await panel.page.evaluate(async () => {
      const tabId = Number(new URLSearchParams(location.search).get('tab'))
      const badge = await chrome.action.getBadgeText({ tabId })
      const kept = await chrome.storage.session.get(null)
      return { badge, spots: Object.keys(kept).filter((name) => /^tab:/.test(name)), tabId }
    })
    expect(told).toMatchObject({ badge: '1', spots: [`tab:${told.tabId}`] })
    await reader.page.bringToFront()
    await reader.highlight(PEN, 'pink')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL], pink: [PEN] })
  })
})
