/** The panel in Firefox's own sidebar: beside the page, following its reader. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import type { Profile } from './profile'
import { story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const ROUND = 'One rounding is harmless.'

interface Context {
  context: string
}

/** WebDriver BiDi as Firefox extends it: with system access, its own windows can be driven too. */
interface Connection {
  send(method: 'browsingContext.getTree', asked: object): Promise<{ result: { contexts: Context[] } }>
  send(method: 'script.evaluate', asked: object): Promise<{ result: { type: string } }>
}

/** As its reader does from the browser's menu of sidebars. */
async function openSidebar({ browser }: Profile): Promise<void> {
  const { connection } = browser as unknown as { connection: Connection }
  const asked = { 'moz:scope': 'chrome' }
  const { result } = await connection.send('browsingContext.getTree', asked)
  const shown = await connection.send('script.evaluate', {
    expression: `SidebarController.show(
      [...SidebarController.sidebars.keys()].find((name) => name.startsWith('postil')))`,
    target: { context: result.contexts[0]!.context },
    awaitPromise: true,
  })
  expect(shown.result.type).toBe('success')
}

/** What stands in it; pages of one extension can see each other. */
function textIn(page: Page): () => Promise<string> {
  return () =>
    page.evaluate(() => {
      const [view] = chrome.extension.getViews({ type: 'sidebar' as 'popup' })
      return view?.document.body.innerText ?? ''
    })
}

describe('in Firefox', () => {
  story.override({ kind: 'firefox' })('the sidebar shows the page, and follows', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('sums'))
    await reader.highlight(ROUND, 'pink')
    const sums = reader.page
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    const other = await reader.profile.extensionPage('options.html')
    const text = textIn(other)
    await openSidebar(reader.profile)
    await reader.page.bringToFront()
    await expect.poll(text).toContain(BELL)
    await sums.bringToFront()
    await expect.poll(text).toContain(ROUND)
    expect(await text()).not.toContain(BELL)
    await other.evaluate((name) => {
      const [view] = chrome.extension.getViews({ type: 'sidebar' as 'popup' })
      view?.document.querySelector<HTMLElement>(`[aria-label="${name}"]`)?.click()
    }, words('noteDelete'))
    await expect.poll(text).toContain(words('pageUndo'))
    await expect.poll(text).toContain(words('panelEmpty'))
  })
})
