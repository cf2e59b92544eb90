/** Two machines that do not see each other for a while, and a server that is not always there. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { openFront } from './front'
import { openNotes, ringAlarm, syncSentence, versions, written } from './notes-page'
import { pair, press } from './options'
import { EVERYWHERE, type Kind, Profile } from './profile'
import { Reader } from './reader'
import { story } from './story'
import { words } from './words'

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'

const PAIRS: [Kind, Kind][] = [['chromium', 'firefox']]
if (EVERYWHERE) PAIRS.push(['chromium', 'chromium'])

describe.each(PAIRS)('%s and %s', (here, there) => {
  /** Both paired, both on the same page, one note on it that both have. */
  const told = story
    .extend('url', ({ site }) => site.url('tides'))
    .extend('token', ({ server }) => server.token())
    .extend('other', ({ browsers }) => browsers.take(there, here === there ? 2 : 1))
    /** The other's own line to the server: each tries again when it will, and one is to be first. */
    .extend('line', async ({ server }, { onCleanup }) => {
      const line = await openFront(server.url)
      onCleanup(() => line.close())
      return line
    })
    .extend('both', async ({ server, line, reader, other, url }) => {
      await pair(reader.profile, server.url, server.pairing.code)
      await pair(other.profile, line.url, await server.pairingCode())
      await reader.open(url)
      await reader.highlightWithNote(BELL, 'A bell.')
      await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL] })
      await other.open(url)
      await expect.poll(() => other.texts()).toEqual({ yellow: [BELL] })
      return [reader, other] as const
    })
    .override({ kind: here })

  told('both wrote while the server was away', async ({ server, line, both, url, token }) => {
    const [reader, other] = both
    await server.stop()
    await reader.openNote(BELL)
    await reader.write(' It rings at noon.')
    await other.openNote(BELL)
    await other.write(' It rings at night.')
    line.cut(true)
    await server.startAgain()
    await ringAlarm(reader.profile)
    await expect
      .poll(() => server.kept(token, url))
      .toEqual([[BELL, 'yellow', 'A bell. It rings at noon.']])
    line.cut(false)
    await ringAlarm(other.profile)
    await expect.poll(async () => (await server.kept(token, url)).length).toBe(2)

    const notes = await openNotes(other.profile, url)
    expect(await versions(notes)).toEqual({
      [words('conflictTheirs')]: 'A bell. It rings at [noon].',
      [words('conflictMine')]: 'A bell. It rings at [night].',
    })
    await press(notes, words('conflictKeepMine'))
    await notes.waitForSelector('.conflict', { hidden: true })
    const mine = [[BELL, 'yellow', 'A bell. It rings at night.']]
    await expect.poll(() => server.kept(token, url)).toEqual(mine)

    await press(notes, words('pageUndo'))
    await notes.waitForSelector('.conflict')
    await expect.poll(async () => (await server.kept(token, url)).length).toBe(2)
    await press(notes, words('conflictBoth'))
    await notes.waitForSelector('.conflict', { hidden: true })
    await expect
      .poll(async () => (await server.kept(token, url)).map(([, , note]) => note).sort())
      .toEqual(['A bell. It rings at night.', 'A bell. It rings at noon.'])
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL, BELL] })
  })

  told('one deleted what the other wrote on', async ({ server, line, both, url, token }) => {
    const [reader, other] = both
    await server.stop()
    await reader.delete(BELL)
    await other.openNote(BELL)
    await other.write(' Still at work on this.')
    line.cut(true)
    await server.startAgain()
    await ringAlarm(reader.profile)
    await expect.poll(() => server.kept(token, url)).toEqual([])
    line.cut(false)
    await ringAlarm(other.profile)
    await expect
      .poll(() => server.kept(token, url))
      .toEqual([[BELL, 'yellow', 'A bell. Still at work on this.']])
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL] })
  })

  told('the server was put back from a backup', async ({ server, both, url, token }) => {
    const [reader, other] = both
    const folder = await mkdtemp(join(tmpdir(), 'postil-backup-'))
    try {
      const file = join(folder, 'backup.json')
      await server.command('backup', file)
      await reader.highlight(SEA, 'green')
      await reader.openNote(BELL)
      await reader.write(' Written since.')
      const all = [
        [BELL, 'yellow', 'A bell. Written since.'],
        [SEA, 'green', ''],
      ]
      await expect.poll(() => server.kept(token, url)).toEqual(all)
      await server.command('restore', '--yes', file)
      await expect.poll(() => server.kept(token, url)).toEqual([[BELL, 'yellow', 'A bell.']])
      await ringAlarm(reader.profile)
      await expect.poll(() => server.kept(token, url)).toEqual(all)
      await other.reload()
      await expect.poll(() => other.texts()).toEqual({ green: [SEA], yellow: [BELL] })
      await other.openNote(BELL)
      expect(await other.note()).toBe('A bell. Written since.')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  told('a profile was lost', async ({ server, both, url, token }) => {
    const [reader, other] = both
    await other.recolour(BELL, 'pink')
    await expect.poll(() => server.kept(token, url)).toEqual([[BELL, 'pink', 'A bell.']])
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ pink: [BELL] })
    await other.beginAnew()
    const anew = new Reader(await Profile.open(there))
    try {
      await anew.open(url)
      await anew.highlight(PEN, 'blue')
      await pair(anew.profile, server.url, await server.pairingCode())
      await expect.poll(() => anew.texts()).toEqual({ blue: [PEN], pink: [BELL] })
      await anew.openNote(BELL)
      expect(await anew.note()).toBe('A bell.')
      await expect.poll(async () => (await server.kept(token, url)).length).toBe(2)
      await reader.reload()
      await expect.poll(() => reader.texts()).toEqual({ blue: [PEN], pink: [BELL] })
    } finally {
      await anew.close()
    }
  })

  told('the server was down for a day', async ({ server, both, url, token }) => {
    const [reader, other] = both
    await server.kill()
    await reader.highlight(SEA, 'green')
    await reader.highlightWithNote(PEN, 'On a day without a server.')
    await reader.recolour(BELL, 'purple')
    for (let hour = 0; hour < 5; hour++) await ringAlarm(reader.profile)
    const notes = await openNotes(reader.profile, url)
    await expect.poll(() => syncSentence(notes)).toContain(words('syncWaiting_other', '3'))
    expect(await written(notes)).toContain('On a day without a server.')
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ green: [SEA, PEN], purple: [BELL] })

    await server.startAgain()
    await ringAlarm(reader.profile)
    await expect.poll(async () => (await server.kept(token, url)).length).toBe(3)
    await expect.poll(() => syncSentence(notes)).toContain(words('syncDone'))
    await other.reload()
    await expect.poll(() => other.texts()).toEqual(await reader.texts())
  })

  told('what one writes shows at once where the other looks', async ({ both, url }) => {
    const [reader, other] = both
    const notes = await openNotes(other.profile, url)
    await expect.poll(() => written(notes)).toEqual(['A bell.'])
    await reader.page.bringToFront()
    await reader.highlightWithNote(SEA, 'Look at this.')
    // Were nobody listening, the next alarm would be minutes away.
    await expect.poll(() => written(notes)).toContain('Look at this.')
    await expect.poll(() => other.texts()).toEqual({ yellow: [SEA, BELL] })
    await reader.openNote(SEA)
    await reader.write(' And at that.')
    const now = ['Look at this. And at that.', 'A bell.']
    await expect.poll(() => written(notes)).toEqual(now)
    await notes.close()
  })
})
