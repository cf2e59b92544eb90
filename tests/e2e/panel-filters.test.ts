/** Some of a page's notes, and a note on all of it. */

import { describe, expect } from 'vitest'
import { PanelPage } from './panel'
import { story } from './story'
import { words } from './words'

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'

describe('in the panel', () => {
  story('colours and tags say which notes are shown', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    await reader.highlightWithNote(SEA, '', ['sea', 'sums'])
    await reader.highlight(PEN, 'pink')
    const panel = await PanelPage.open(reader)
    await expect.poll(() => panel.passages()).toHaveLength(3)
    const all = await panel.passages()

    await panel.choose(words('colorPink'))
    await expect.poll(() => panel.passages()).toEqual([PEN])
    expect(await panel.text()).toContain(words('panelShown', '1', '3'))
    await panel.choose(words('colorBlue'))
    await expect.poll(() => panel.passages()).toEqual(all)
    await panel.choose(words('colorBlue'))
    await panel.choose('sea')
    await expect.poll(() => panel.text()).toContain(words('panelNoneMatch'))
    await panel.choose(words('panelShowAll'))
    await expect.poll(() => panel.passages()).toEqual(all)
    await panel.choose('sums')
    await expect.poll(() => panel.passages()).toEqual([SEA])
  })

  story('a note on the whole page is written, and stands first', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    const panel = await PanelPage.open(reader)
    await panel.choose(words('panelPageNote'))
    // In the highlighter used last, as on the page itself.
    const field = await panel.page.waitForSelector('.page-note.blue textarea')
    await field!.type('Worth reading **twice**.')
    await panel.choose(words('noteSave'))
    const note = 'Worth reading twice.'
    await expect.poll(() => panel.notes()).toEqual([
      { passage: '', note, tags: [] },
      { passage: BELL, note: '', tags: [] },
    ])
    await panel.search('twice')
    await expect.poll(() => panel.notes()).toEqual([{ passage: '', note, tags: [] }])
  })

  story('a paused site says so, and goes on at a press', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    const panel = await PanelPage.open(reader)
    await expect.poll(() => panel.passages()).toEqual([BELL])
    const paused = (value: boolean) =>
      panel.page.evaluate(
        async (url, paused) => {
          await chrome.runtime.sendMessage({ type: 'site:pause', url, paused })
        },
        reader.page.url(),
        value,
      )
    await paused(true)
    await expect.poll(() => panel.text()).toContain(words('popupPaused'))
    await panel.choose(words('popupResume'))
    await expect.poll(() => panel.passages()).toEqual([BELL])
  })
})
