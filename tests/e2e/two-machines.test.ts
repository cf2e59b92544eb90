/** One person, two machines, one server between them. */

import { describe, expect } from 'vitest'
import { pair } from './options'
import { story } from './story'

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'

describe.each([
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
] as const)('what is marked in %s and read in %s', (here, there) => {
  // In this order: an extension of what was overridden has the value of before.
  const told = story
    .extend('other', ({ browsers }) => browsers.take(there, here === there ? 2 : 1))
    .override({ kind: here })

  told('stands there too, and changes travel back', async ({ site, server, reader, other }) => {
    const url = site.url('tides')
    const token = await server.token()
    await pair(reader.profile, server.url, server.pairing.code)
    await reader.open(url)
    await reader.highlight(SEA, 'blue')
    await reader.highlightWithNote(BELL, 'A *bell*, of all things.', ['machines'])
    await expect.poll(() => reader.texts()).toEqual({ blue: [SEA, BELL] })

    await pair(other.profile, server.url, await server.pairingCode())
    await other.open(url)
    await expect.poll(() => other.texts()).toEqual({ blue: [SEA, BELL] })
    expect(await other.painted()).toEqual(await reader.painted())
    await other.openNote(BELL)
    expect(await other.note()).toBe('A *bell*, of all things.')
    expect(await other.tags()).toEqual(['machines'])

    await other.write(' And a pen.')
    await other.recolour(SEA, 'purple')
    await expect.poll(() => other.texts()).toEqual({ blue: [BELL], purple: [SEA] })
    const note = 'A *bell*, of all things. And a pen.'
    await expect
      .poll(() => server.kept(token, url))
      .toEqual([[BELL, 'blue', note], [SEA, 'purple', '']])
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ blue: [BELL], purple: [SEA] })
    await reader.openNote(BELL)
    expect(await reader.note()).toBe(note)
    await reader.write('')

    await other.delete(SEA)
    await expect.poll(() => other.texts()).toEqual({ blue: [BELL] })
    await expect.poll(() => server.kept(token, url)).toEqual([[BELL, 'blue', note]])
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ blue: [BELL] })
  })
})
