/** Pictures of all a reader sees, light and dark, to be looked at: tests/.output/screenshots. */

import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { pair, tryToPair } from './options'
import { story } from './story'

const FOLDER = join(import.meta.dirname, '..', '.output', 'screenshots')
const BELL = 'A bell rings at noon of every day.'

describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
  async function picture(page: Page, name: string): Promise<void> {
    await mkdir(FOLDER, { recursive: true })
    const path = join(FOLDER, `${name}-${scheme}.png`) as `${string}.png`
    await page.screenshot({ path })
    expect((await stat(path)).size).toBeGreaterThan(2000)
  }
  const dress = (page: Page): Promise<void> =>
    page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' }, // no picture of a thing half faded in
    ])

  story('toolbar, editor, popup, options and library', async ({ site, server, reader }) => {
    await pair(reader.profile, server.url, server.pairing.code)
    await reader.open(site.url('sums'))
    await dress(reader.page)
    await reader.highlight('on a tie, to the neighbour whose last bit is zero', 'green')
    await reader.highlightWithNote('One rounding is harmless.', 'But who counts?', ['error'])
    await reader.select('the grid around it gets coarser')
    await picture(reader.page, 'toolbar-own-scheme')
    await reader.openNote('One rounding is harmless.')
    await picture(reader.page, 'editor-own-scheme')
    await reader.open(site.url('tides'))
    await dress(reader.page)
    await reader.highlight('There is a peculiar pleasure', 'pink')
    await reader.highlightWithNote(BELL, 'A **bell**, of all things.', ['machines', 'sound'])
    await reader.select('The pen adds.')
    await picture(reader.page, 'toolbar')
    await reader.openNote(BELL)
    await picture(reader.page, 'editor')

    const popup = await reader.profile.popup(reader.page)
    await dress(popup)
    await popup.waitForSelector('.numbers')
    await picture(popup, 'popup')
    await popup.close()

    const options = await reader.profile.extensionPage('options.html')
    await dress(options)
    await options.waitForSelector('.paired')
    await picture(options, 'options')

    const library = await reader.profile.visit(server.signIn)
    await library.waitForSelector('blockquote')
    await dress(library)
    await picture(library, 'library')
    await library.setViewport({ width: 380, height: 800 })
    await picture(library, 'library-narrow')
  })

  story('what is not as it should be, and right to left', async ({ site, server, reader }) => {
    const options = await tryToPair(reader.profile, server.url, 'AAAA-AAAA')
    await dress(options)
    await options.waitForSelector('[role="alert"]')
    await picture(options, 'options-wrong-code')
    await options.close()

    await reader.open(site.url('paper'))
    await dress(reader.page)
    const passage = 'في كل صفحة منها عشرون سطرًا'
    await reader.highlightWithNote(passage, 'عشرون سطرًا في الصفحة: كان يكتب لمن يشتري.', ['ورق'])
    await reader.openNote(passage)
    await picture(reader.page, 'editor-right-to-left')

    await reader.open(site.url('tides'))
    await reader.highlight('There is a peculiar pleasure', 'pink')
    await reader.highlight(BELL, 'blue')
    site.edit('tides', (html) => html.replace(/A bell rings at noon of\s+every day\./, ''))
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ pink: ['There is a peculiar pleasure'] })
    const popup = await reader.profile.popup(reader.page)
    await dress(popup)
    await popup.waitForSelector('.numbers .asks')
    await picture(popup, 'popup-orphan')
    await popup.close()
  })
})
