/** Pages that are no articles: pictures, PDFs, pages of the browser. None of them meets silence. */

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { press } from './pressing'
import { ONE_KIND } from './profile'
import { story } from './story'
import { words } from './words'

const PICTURE = join(import.meta.dirname, '..', '..', 'extension', 'icons', '128.png')
const PDF = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]' +
  '/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF'

const told = story.extend('shelf', async ({}, { onCleanup }) => {
  const picture = await readFile(PICTURE)
  const server = createServer((request, response) => {
    const isPicture = request.url === '/picture'
    response.setHeader('Content-Type', isPicture ? 'image/png' : 'application/pdf')
    response.end(isPicture ? picture : PDF)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onCleanup(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

describe.each(ONE_KIND)('in %s', (kind) => {
  const here = told.override({ kind })

  here('the popup and the panel say why there are no notes', async ({ shelf, reader }) => {
    const shown: [url: string, why: Parameters<typeof words>[0]][] = [
      [`${shelf}/picture`, 'noNotesPicture'],
      [`${shelf}/chart.pdf`, 'noNotesPdf'],
      ['about:blank', 'noNotesBrowser'],
    ]
    for (const [url, why] of shown) {
      const page = await reader.profile.visit(url)
      const finder = await reader.profile.extensionPage('popup.html?tab=-1')
      const tab = await finder.evaluate(async (wanted) => {
        // The browser does not tell extensions the addresses of its own pages.
        const own = wanted.startsWith('about:')
        const all = await chrome.tabs.query({})
        return all.find((one) => (own ? !one.url : one.url === wanted))?.id
      }, url)
      await finder.close()
      for (const file of ['popup', 'panel']) {
        const ours = await reader.profile.extensionPage(`${file}.html?tab=${tab}`)
        const text = (): Promise<string> => ours.evaluate(() => document.body.innerText)
        await expect.poll(text).toContain(words(why))
        expect(await text()).not.toContain(words('panelPageNote'))
        await ours.close()
      }
      await page.close()
    }
  })
})

describe('a key pressed where nothing can be marked', () => {
  told('opens the popup, which says why', async ({ shelf, reader }) => {
    await reader.open(`${shelf}/chart.pdf`)
    await reader.page.bringToFront()
    await press(reader, 'highlight')
    const target = await reader.profile.browser.waitForTarget(
      (one) => one.url() === `${reader.profile.extension.origin}/popup.html`,
    )
    const popup = await target.asPage()
    const text = (): Promise<string> => popup.evaluate(() => document.body.innerText)
    await expect.poll(text).toContain(words('noNotesPdf'))
  })
})
