/** What stands between a reader and the server: a proxy that takes no large notes. */

import { describe, expect } from 'vitest'
import { openFront } from './front'
import { pair, press } from './options'
import { story } from './story'
import { words } from './words'

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'
const LIMIT = 3000

describe('a reader behind a proxy with a limit', () => {
  const told = story.extend('front', async ({ server }, { onCleanup }) => {
    const front = await openFront(server.url)
    onCleanup(() => front.close())
    return front
  })

  told('keeps what is too large; the rest travels', async ({ site, server, front, reader }) => {
    const url = site.url('tides')
    const token = await server.token()
    await pair(reader.profile, front.url, server.pairing.code)
    front.limit(LIMIT)
    await reader.open(url)
    await reader.highlight(SEA)
    await reader.highlight(BELL)
    await reader.openNote(BELL)
    await reader.paste('At length. '.repeat(LIMIT / 10))
    await reader.write('')
    await reader.highlight(PEN, 'pink')
    await expect.poll(() => server.kept(token, url)).toContainEqual([PEN, 'pink', ''])

    const options = await reader.profile.extensionPage('options.html')
    const field = await options.waitForSelector('section[aria-labelledby="parked"] textarea')
    const parked = await options.$eval('section[aria-labelledby="parked"]', (s) => s.textContent)
    expect(parked).toContain(words('problemTooLarge'))
    expect(parked).toContain(BELL)
    expect(await field!.evaluate((element) => (element as HTMLTextAreaElement).value)).toContain(
      'At length. At length.',
    )

    await field!.evaluate((element) => (element as HTMLTextAreaElement).select())
    await field!.type('In short.')
    await press(options, words('optionsSendAgain'))
    await expect
      .poll(() => server.kept(token, url))
      .toEqual([[BELL, 'yellow', 'In short.'], [PEN, 'pink', ''], [SEA, 'yellow', '']].sort())
    await options.waitForSelector('section[aria-labelledby="parked"]', { hidden: true })
  })
})
