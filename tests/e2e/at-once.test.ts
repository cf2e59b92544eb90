/** What changes shows wherever it is looked at, at once, whatever the browser does meanwhile. */

import type { Dialog } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { openNotes, written } from './notes-page'
import { pair } from './options'
import { endBackground } from './pressing'
import { ONE_KIND } from './profile'
import { Reader } from './reader'
import { story } from './story'

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'

describe.each(ONE_KIND)('two tabs of one page in %s', (kind) => {
  story.override({ kind })('show the same, without a server', async ({ site, reader }) => {
    const url = site.url('tides')
    const second = new Reader(reader.profile)
    await reader.open(url)
    await reader.highlight(SEA, 'blue')
    await second.open(url)
    await expect.poll(() => second.texts()).toEqual({ blue: [SEA] })
    await second.highlightWithNote(BELL, 'Seen in the other tab.')
    await expect.poll(() => reader.texts()).toEqual({ blue: [SEA, BELL] })
    await reader.page.bringToFront()
    await reader.recolour(SEA, 'pink')
    await expect.poll(() => second.texts()).toEqual({ blue: [BELL], pink: [SEA] })
    await reader.openNote(BELL)
    await reader.write(' And changed here.')
    await second.page.bringToFront()
    await second.openNote(BELL)
    await expect.poll(() => second.note()).toBe('Seen in the other tab. And changed here.')
    await second.write('')
    await second.delete(SEA)
    await expect.poll(() => reader.texts()).toEqual({ blue: [BELL] })
  })
})

story('a background script that was ended listens again', async ({ site, server, reader }) => {
  const url = site.url('tides')
  const token = await server.token()
  await pair(reader.profile, server.url, server.pairing.code)
  await reader.open(url)
  const notes = await openNotes(reader.profile, url)
  await notes.waitForSelector('.empty')
  for (const note of ['First.', 'Second.', 'Third.']) {
    await endBackground(reader)
    await server.write(token, { url, note })
    await expect.poll(() => written(notes)).toContain(note)
  }
})

story('a page that stands still holds up nobody', async ({ site, server, reader }) => {
  const url = site.url('tides')
  const token = await server.token()
  await pair(reader.profile, server.url, server.pairing.code)
  await reader.open(url)
  const asked = new Promise<Dialog>((resolve) => reader.page.once('dialog', resolve))
  await reader.page.evaluate(() => void setTimeout(() => alert('Go on?')))
  const dialog = await asked
  const notes = await openNotes(reader.profile, url)
  await notes.waitForSelector('.empty')
  for (const note of ['First.', 'Second.']) {
    await server.write(token, { url, note })
    await expect.poll(() => written(notes)).toContain(note)
  }
  await dialog.accept()
})

story('a server that comes back is heard at once', async ({ site, server, reader }) => {
  const url = site.url('tides')
  const token = await server.token()
  await pair(reader.profile, server.url, server.pairing.code)
  await reader.open(url)
  const notes = await openNotes(reader.profile, url)
  await notes.waitForSelector('.empty')
  await server.kill()
  await server.startAgain()
  await server.write(token, { url, note: 'After the power cut.' })
  await expect.poll(() => written(notes)).toContain('After the power cut.')
})
