/**
 * Modal dialogs, and what fills the screen: all of the page but the one on top is inert, and what
 * stands above it in plain sight can be too.
 */

import { describe, expect } from 'vitest'
import { ONE_KIND } from './profile'
import type { Reader } from './reader'
import { story } from './story'

const KEYS = 'Keys to the crane are kept in the drawer'
const ANCHOR = 'is told the story of the lost anchor'
const WINTER = 'Small boats pay nothing in winter'
const SONG = 'the captain knows the song'
const PLACE = 'documents/dialogs.html'
const MARKS = '>>> postil-ui >>> button.margin'

describe.each(ONE_KIND)('a reader in %s', (kind) => {
  const told = story.override({ kind })

  told('annotates what a modal dialog says, and finds it there', async ({ site, reader }) => {
    await reader.open(site.url(PLACE))
    await reader.page.click('#rules')
    await reader.highlight(ANCHOR, 'blue')
    await expect.poll(() => reader.texts()).toEqual({ blue: [ANCHOR] })
    await reader.openNote(ANCHOR)
    await reader.write('Ask her for it.')

    expect(await noteByItsMark(reader, '#rules')).toBe('Ask her for it.')
  })

  told('keeps writing when the dialog closes', async ({ site, reader }) => {
    await reader.open(site.url(PLACE))
    await reader.page.click('#rules')
    await reader.highlight(ANCHOR)
    await reader.openNote(ANCHOR)
    await reader.page.keyboard.type('Ask her ')
    await reader.page.evaluate(() => document.querySelector('dialog')!.close())
    await reader.write('for it.')
    await reader.page.click('#rules')
    await reader.openNote(ANCHOR)
    expect(await reader.note()).toBe('Ask her for it.')
  })

  told('sees no mark of what a dialog covers', async ({ site, reader }) => {
    await reader.open(site.url(PLACE))
    await reader.highlightWithNote(KEYS, 'Not so loud.')
    await reader.page.waitForSelector(MARKS, { visible: true })
    await reader.page.click('#rules')
    await reader.page.waitForSelector(MARKS, { hidden: true })
    await reader.page.click('#done')
    await reader.page.waitForSelector(MARKS, { visible: true })
    await reader.highlight('nobody says so aloud', 'pink')
    await expect.poll(() => reader.texts()).toMatchObject({ pink: ['nobody says so aloud'] })
  })

  told('writes in a dialog that a component keeps in its shadow tree', async ({ site, reader }) => {
    await reader.open(site.url(PLACE))
    await reader.page.click('#fees')
    await reader.highlightWithNote(WINTER, 'Who sleeps there?')
    await expect.poll(() => reader.texts()).toEqual({ yellow: [WINTER] })
    await reader.openNote(WINTER)
    expect(await reader.note()).toBe('Who sleeps there?')

    expect(await noteByItsMark(reader, '#fees')).toBe('Who sleeps there?')
  })

  told('annotates what fills the screen', async ({ site, reader }) => {
    await reader.open(site.url(PLACE))
    await reader.page.click('#larger')
    await reader.page.waitForFunction(() => document.fullscreenElement)
    await reader.highlight(KEYS, 'green')
    await reader.openNote(KEYS)
    await reader.write('Not so loud.')
    await reader.page.evaluate(() => document.exitFullscreen())
    await reader.openNote(KEYS)
    expect(await reader.note()).toBe('Not so loud.')
  })

  told.for(['leaving', 'capturing', 'window', 'dismissed'])(
    'writes where a dialog keeps the focus by %s',
    async (trap, { site, reader }) => {
      await reader.open(`${site.url('documents/traps.html')}?${trap}`)
      await reader.highlight(SONG, 'pink')
      await reader.openNote(SONG)
      await reader.page.keyboard.type('Which one?')
      await reader.write(' ', ['songs'])
      await reader.openNote(SONG)
      expect(await reader.note()).toBe('Which one? ')
      expect(await reader.tags()).toEqual(['songs'])
    },
  )
})

/** The note of the only mark on the page, in the dialog that a button opens on the next visit. */
async function noteByItsMark(reader: Reader, button: string): Promise<string> {
  await reader.reload()
  await reader.page.click(button)
  const mark = await reader.page.waitForSelector(MARKS, { visible: true })
  await mark!.click()
  return reader.note()
}
