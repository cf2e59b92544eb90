/** What an edited page does to notes, and how a reader sets it right in the panel. */

import { describe, expect } from 'vitest'
import { drag } from './passage'
import { PanelPage } from './panel'
import { ONE_KIND } from './profile'
import { story } from './story'
import { words } from './words'

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const NOW = SEA.replace('a rotating ocean', 'a spinning sea')
const BELL = 'A bell rings at noon of every day.'

describe.each(ONE_KIND)('in %s', (kind) => {
  const told = story.override({ kind })

  told('an edited passage is shown word by word, accepted, and taken back', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(SEA, 'green')
    site.edit('tides', (html) => html.replace('a rotating ocean', 'a spinning sea'))
    await reader.reload()
    const panel = await PanelPage.open(reader)
    await panel.page.waitForSelector('.difference')
    const said = (tag: string) =>
      panel.page.$$eval(`.difference ${tag}`, (all) => all.map((one) => one.textContent!.trim()))
    expect(await said('del')).toEqual(['rotating ocean'])
    expect(await said('ins')).toEqual(['spinning sea'])

    await panel.choose(words('panelAccept'))
    await expect.poll(() => panel.passages()).toEqual([NOW])
    await expect.poll(() => panel.places()).toEqual(['exact'])
    await panel.choose(words('pageUndo'))
    await expect.poll(() => panel.places()).toEqual(['changed'])
    await panel.page.waitForSelector('.difference')
    await panel.choose(words('panelAccept'))
    await expect.poll(() => panel.passages()).toEqual([NOW])
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ green: [NOW] })
  })

  told('a lost passage is looked for, and attached to what is selected', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, 'A bell?')
    const gong = 'They strike a gong, it is said, when it is noon.'
    site.edit('tides', (html) =>
      html
        .replace(/A bell rings at noon of\s+every day\./, '')
        .replace('<h2 id="quiet">', (head) => `<p>${gong} Not at noon of every day.</p>${head}`),
    )
    await reader.reload()
    const panel = await PanelPage.open(reader)
    await expect.poll(() => panel.lost()).toEqual([BELL])
    await panel.press(BELL, words('panelAttach'))
    await expect.poll(() => panel.text()).toContain(words('panelNothingSelected'))

    await panel.press(BELL, words('panelSeek'))
    await expect.poll(() => panel.text()).toContain(words('panelSoughtPart'))
    const selected = () => reader.page.evaluate(() => String(getSelection()))
    await expect.poll(selected).toBe('at noon of every day.')

    await reader.page.bringToFront()
    await drag(reader.page, gong)
    await panel.front()
    await panel.press(BELL, words('panelAttach'))
    await expect.poll(() => panel.notes()).toEqual([{ passage: gong, note: 'A bell?', tags: [] }])
    await expect.poll(() => reader.texts()).toEqual({ yellow: [gong] })

    await panel.choose(words('pageUndo'))
    await expect.poll(() => panel.lost()).toEqual([BELL])
  })
})

describe('a link to archived copies', () => {
  story('names the page, and is followed by nobody but the reader', async ({ site, reader }) => {
    await reader.open(`${site.url('tides')}?a=1#quiet`)
    const panel = await PanelPage.open(reader)
    const link = await panel.page.waitForSelector(`a[aria-label="${words('panelArchive')}"]`)
    const [href, rel] = await link!.evaluate((one) => {
      const { href, rel } = one as HTMLAnchorElement
      return [href, rel]
    })
    expect(href).toBe(`https://web.archive.org/web/*/${site.url('tides')}?a=1`)
    expect(rel).toContain('noreferrer')
  })
})
