/** The panel where it belongs: beside the page, following its reader, and the server. */

import { describe, expect } from 'vitest'
import { pair } from './options'
import { PanelPage } from './panel'
import { background, press } from './pressing'
import type { PostilServer } from './server'
import { alone, story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'
const ROUND = 'One rounding is harmless.'

describe('the panel beside the page', () => {
  alone('follows the tab that is read, and loses no draft by it', async ({ site, reader }) => {
    await reader.open(site.url('sums'))
    await reader.highlight(ROUND, 'pink')
    const sums = reader.page
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    const panel = await PanelPage.beside(reader)
    await expect.poll(() => panel.passages()).toEqual([BELL])
    await panel.press(BELL, words('noteAdd'))
    await panel.write(BELL, 'Half a thought')

    await sums.bringToFront()
    await expect.poll(() => panel.passages()).toEqual([ROUND])
    await reader.page.bringToFront()
    await expect.poll(() => panel.passages()).toEqual([BELL])
    const draft = () => panel.page.$eval('textarea', (field) => field.value)
    expect(await draft()).toBe('Half a thought')

    await reader.page.goto(site.url('sums'))
    await expect.poll(() => panel.passages()).toEqual([ROUND])
    await reader.page.goto(site.url('tides'))
    await expect.poll(() => panel.passages()).toEqual([BELL])
    expect(await draft()).toBe('Half a thought')
  })

  story('closes by the key that opened it, and saves what was being written', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    const panel = await PanelPage.beside(reader)
    await panel.press(BELL, words('noteAdd'))
    await panel.write(BELL, 'Half a thought')
    const gone = new Promise((resolve) => panel.page.once('close', resolve))
    await press(reader, 'toggle-panel')
    await gone
    const again = await PanelPage.open(reader)
    await expect.poll(() => again.notes()).toEqual([
      { passage: BELL, note: 'Half a thought', tags: [] },
    ])
  })

  story('shows at once what another machine wrote, and asks which text stays', async ({
    site,
    server,
    reader,
  }) => {
    const token = await server.token()
    await pair(reader.profile, server.url, await server.pairingCode())
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, 'Mine.')
    await expect.poll(async () => (await notesAt(server, token, reader.page.url())).length).toBe(1)
    const panel = await PanelPage.open(reader)
    await expect.poll(() => panel.passages()).toEqual([BELL])

    const [note] = await notesAt(server, token, reader.page.url())
    const { id, url, quote, position } = note!
    await server.write(token, { url, quote, position, note: 'Theirs.', conflict_of: id })
    await expect.poll(() => panel.text()).toContain(words('conflict'))
    await panel.choose(words('conflictKeepTheirs'))
    await expect.poll(() => panel.notes()).toEqual([{ passage: BELL, note: 'Theirs.', tags: [] }])
    await panel.choose(words('pageUndo'))
    await expect.poll(() => panel.text()).toContain(words('conflict'))
  })
})

describe('the button of the browser', () => {
  story('counts, and says what asks to be looked at', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    await reader.highlight(PEN, 'green')
    const worker = await background(reader)
    const button = () =>
      worker.evaluate(async (url) => {
        const tab = (await chrome.tabs.query({})).find((one) => one.url === url)
        const tabId = tab!.id!
        const [text, title, color] = await Promise.all([
          chrome.action.getBadgeText({ tabId }),
          chrome.action.getTitle({ tabId }),
          chrome.action.getBadgeBackgroundColor({ tabId }),
        ])
        return { text, lines: title.split('\n').length, color: color.join() }
      }, reader.page.url())
    await expect.poll(button).toMatchObject({ text: '2', lines: 1 })
    const calm = (await button()).color

    site.edit('tides', (html) => html.replace(/A bell rings at noon of\s+every day\./, ''))
    await reader.reload()
    await expect.poll(button).toMatchObject({ text: '2', lines: 2 })
    expect((await button()).color).not.toBe(calm)
  })
})

interface Known {
  id: string
  url: string
  quote: unknown
  position: unknown
}

async function notesAt(server: PostilServer, token: string, url: string): Promise<Known[]> {
  const asked = `${server.url}/api/annotations?url=${encodeURIComponent(url)}`
  const answer = await fetch(asked, { headers: { Authorization: `Bearer ${token}` } })
  return ((await answer.json()) as { annotations: Known[] }).annotations
}
