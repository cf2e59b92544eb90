/** Pages that are edited between two visits, that draw themselves anew, and that forbid much. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { PanelPage } from './panel'
import { KINDS } from './profile'
import { STRICT_POLICY, WEB_HOST } from './site'
import { story } from './story'

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'

/** The application draws everything anew when the second half of an article has come. */
const whole = (article: string): string =>
  `header:has([href="/field/${article}"][aria-current]) + main .rest p:not(.wait)`

describe.each(KINDS)('a reader in %s', (kind) => {
  const told = story.override({ kind })

  told('finds what an edit left, and no wrong place for what it took', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(SEA, 'yellow')
    await reader.highlight(BELL, 'green')
    await reader.highlight(PEN, 'pink')
    await expect.poll(() => reader.texts()).toEqual({ yellow: [SEA], green: [BELL], pink: [PEN] })

    site.edit('tides', (html) =>
      html
        .replace('equations of a rotating ocean', 'equations of a spinning ocean')
        .replace(/A bell rings at noon of\s+every day\./, '')
        .replace('<article', '<aside><p>Read also: how bridges are painted.</p></aside><article'),
    )
    await reader.reload()
    await expect
      .poll(() => reader.texts())
      .toEqual({ yellow: [SEA.replace('rotating', 'spinning')], pink: [PEN] })
    const panel = await PanelPage.open(reader)
    await expect.poll(() => panel.lost()).toEqual([BELL])
    await panel.page.close()

    site.edit('tides', null)
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [SEA], green: [BELL], pink: [PEN] })
  })

  told('keeps notes on a page that writes itself anew', async ({ site, reader }) => {
    const anew = (page: Page) =>
      page.evaluate((html) => {
        document.open() // takes every listener away, from every script
        document.write(html)
        document.close()
      }, `<!doctype html><title>Anew</title><p>Here it says again: ${BELL} And: ${PEN}</p>`)
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'green')
    await reader.openNote(BELL)
    await reader.write('Loud.')
    await anew(reader.page)
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    await reader.openNote(BELL)
    expect(await reader.note()).toBe('Loud.')

    await anew(reader.page)
    await reader.highlight(PEN, 'pink')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL], pink: [PEN] })
  })

  told('keeps notes on a page that writes itself anew at once', async ({ site, reader }) => {
    const anew = (html: string) => `<script>addEventListener('DOMContentLoaded', () => {
      document.open()
      document.write(${JSON.stringify(html).replaceAll('<', '\\u003c')})
      document.close()
    })</script>`
    const [first, second] = ['Nothing of this was there.', 'Nor was this.']
    const told = `<!doctype html><title>Anew</title><p>${first}</p><p>${second}</p>`
    site.edit('tides', (html) => html.replace('<head>', `$&${anew(told)}`))
    await reader.open(site.url('tides'))
    await reader.highlight(first, 'green')
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ green: [first] })
    await reader.highlight(second, 'pink')
    await expect.poll(() => reader.texts()).toEqual({ green: [first], pink: [second] })
  })

  told('keeps each view of an application its own notes', async ({ site, reader }) => {
    const lichen = 'A lichen is a fungus that has taken to farming'
    const swift = 'A swift that does not breed has no reason to land.'
    await reader.open(site.url('field/lichen'))
    await reader.page.waitForSelector(whole('lichen'))
    await reader.highlight(lichen, 'blue')
    await expect.poll(() => reader.texts()).toEqual({ blue: [lichen] })

    await reader.page.click('nav a[href="/field/swift"]')
    await expect.poll(() => reader.texts()).toEqual({})
    await reader.page.waitForSelector(whole('swift'))
    await reader.highlight(swift, 'purple')
    await expect.poll(() => reader.texts()).toEqual({ purple: [swift] })

    await reader.page.evaluate(() => history.back())
    await expect.poll(() => reader.texts()).toEqual({ blue: [lichen] })
    await reader.page.waitForSelector(whole('lichen')) // until then it may yet draw itself anew
    await reader.page.click('button.redraw')
    await expect.poll(() => reader.texts()).toEqual({ blue: [lichen] })
    await reader.page.evaluate(() => history.forward())
    await expect.poll(() => reader.texts()).toEqual({ purple: [swift] })
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ purple: [swift] })
  })

  told.for([
    ['secure', '127.0.0.1'],
    ['insecure', WEB_HOST],
  ] as const)('annotates in a context that is %s', async ([context, host], { site, reader }) => {
    await reader.open(site.url('tides', host))
    expect(await reader.page.evaluate(() => isSecureContext)).toBe(context === 'secure')
    await reader.highlight(BELL, 'green')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    await reader.openNote(BELL)
    await reader.write('Rung on time.', ['clocks'])
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    await reader.openNote(BELL)
    expect(await reader.note()).toBe('Rung on time.')
  })

  told('annotates under the strictest policy a site can have', async ({ site, reader }) => {
    site.policy(STRICT_POLICY)
    await reader.open(site.url('sums'))
    const passage = 'on a tie, to the neighbour whose last bit is zero'
    await reader.highlight(passage)
    await reader.openNote('whose last bit is zero')
    await reader.write('It works here too.')
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [passage] })
    await reader.openNote('whose last bit is zero')
    expect(await reader.note()).toBe('It works here too.')
  })

  // As text files and notebooks are served where they are stored beside code.
  told('annotates what its server put in a sandbox', async ({ site, reader }) => {
    site.policy(`${STRICT_POLICY}; sandbox`)
    // Chromium does not tell whether scripts run there.
    const open = () => (kind === 'firefox' ? reader.openNote(BELL) : reader.openNoteAnyway(BELL))
    await reader.open(site.url('tides'))
    await reader.highlight(BELL)
    await open()
    await reader.write('It works here too.', ['bells'])
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL] })
    await open()
    expect(await reader.note()).toBe('It works here too.')
    expect(await reader.tags()).toEqual(['bells'])
  })
})
