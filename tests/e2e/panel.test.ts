/** The panel: what is noted on the page beside it, and everything that can be done with a note. */

import { describe, expect } from 'vitest'
import { flashed, inSight, PanelPage } from './panel'
import { KINDS } from './profile'
import { story } from './story'
import { words } from './words'

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'

describe.each(KINDS)('the panel in %s', (kind) => {
  const told = story.override({ kind })

  told('lists the page in its own order, and follows what is done there', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    const panel = await PanelPage.open(reader)
    await expect.poll(() => panel.text()).toContain(words('panelEmpty'))
    await reader.page.bringToFront()
    await reader.highlight(BELL, 'blue')
    await reader.highlightWithNote(PEN, 'A **pen** that adds, <b>says</b> he.', ['machines'])
    await panel.front()
    await expect.poll(() => panel.notes()).toEqual([
      { passage: PEN, note: 'A pen that adds, <b>says</b> he.', tags: ['machines'] },
      { passage: BELL, note: '', tags: [] },
    ])
    expect(await panel.page.$eval('.written strong', (strong) => strong.textContent)).toBe('pen')
  })

  told('rewrites, recolours and tags in place, and looks at it first', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    const panel = await PanelPage.open(reader)
    await panel.press(BELL, words('noteAdd'))
    await panel.write(BELL, 'Every *day*?')
    await panel.press(BELL, words('panelPreview'))
    const card = await panel.card(BELL)
    await card.waitForSelector('.preview em')
    const tag = await card.waitForSelector(`input[aria-label="${words('pageAddTag')}"]`)
    await tag!.type('time,')
    await panel.press(BELL, words('noteSave'))
    await expect.poll(() => panel.notes()).toEqual([
      { passage: BELL, note: 'Every day?', tags: ['time'] },
    ])
    await panel.press(BELL, words('panelColor', words('colorBlue')))
    await panel.press(BELL, words('colorPink'))
    await panel.page.waitForSelector('.note.pink')
    await expect.poll(() => reader.texts()).toEqual({ pink: [BELL] })
  })

  told('deletes, and takes it back', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    await reader.highlight(PEN, 'pink')
    const panel = await PanelPage.open(reader)
    await panel.press(BELL, words('noteDelete'))
    await expect.poll(() => panel.passages()).toEqual([PEN])
    await expect.poll(() => reader.texts()).toEqual({ pink: [PEN] })
    await panel.choose(words('pageUndo'))
    await expect.poll(() => panel.passages()).toEqual([PEN, BELL])
    await expect.poll(() => reader.texts()).toEqual({ blue: [BELL], pink: [PEN] })
  })

  told('goes to a note in the page', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(SEA, 'green')
    await reader.page.evaluate(() => scrollTo({ top: document.body.scrollHeight }))
    const panel = await PanelPage.open(reader)
    const go = await (await panel.card(SEA)).waitForSelector('.go')
    await go!.press('Enter')
    await expect.poll(() => flashed(reader.page)).toBe(SEA)
    await expect.poll(() => inSight(reader.page, 'postil-green')).toBe(true)
  })
})
