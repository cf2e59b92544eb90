/** The server is stopped, killed, or refuses: the reader goes on, and nothing is lost. */

import { describe, expect } from 'vitest'
import { openNotes } from './notes-page'
import { pair, press, textOf, tryToPair } from './options'
import { ONE_KIND } from './profile'
import { story } from './story'
import { annotationsIn, problemsOf } from './w3c'
import { words } from './words'

const SEA = 'the equations of a rotating ocean pushed to and fro by a force that repeats'
const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'

describe.each(ONE_KIND)('a reader in %s', (kind) => {
  const told = story.override({ kind })

  told('annotates while the server is away, and is told what an edited page lost', async ({ site, server, reader }) => {
    const url = site.url('tides')
    const token = await server.token()
    await pair(reader.profile, server.url, server.pairing.code)
    await reader.open(url)
    await reader.highlight(SEA, 'yellow')
    await expect.poll(() => server.kept(token, url)).toEqual([[SEA, 'yellow', '']])

    await server.stop()
    await reader.highlightWithNote(BELL, 'Written while the server was away.')
    await reader.recolour(SEA, 'green')
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ green: [SEA], yellow: [BELL] })

    await server.startAgain()
    await reader.reload()
    const both = [
      [BELL, 'yellow', 'Written while the server was away.'],
      [SEA, 'green', ''],
    ]
    await expect.poll(() => server.kept(token, url)).toEqual(both)

    await server.kill()
    await reader.highlight(PEN, 'pink')
    await server.startAgain()
    expect(await server.kept(token, url)).toEqual(both)
    await reader.reload()
    await expect.poll(() => server.kept(token, url)).toEqual([both[0], [PEN, 'pink', ''], both[1]])

    const collection: unknown = JSON.parse(await server.command('export'))
    expect(problemsOf(collection)).toEqual([])
    expect(annotationsIn(collection)).toHaveLength(3)
    expect(await server.export(token, 'w3c')).toEqual(collection)

    const library = await reader.profile.visit(server.signIn)
    const lost = async (): Promise<string[]> => {
      await library.goto(new URL('/lost', server.url).href)
      return library.$$eval('.note mark', (quotes) => quotes.map((one) => one.textContent!))
    }
    const read = async (): Promise<void> => {
      await reader.page.bringToFront()
      await reader.reload()
    }
    site.edit('tides', (html) => html.replace(/A bell rings at noon of\s+every day\./, ''))
    await read()
    await expect.poll(lost).toEqual([BELL])
    expect(await library.$eval('.gone', (said) => said.textContent)).toContain('Not found again')
    site.edit('tides', null)
    await read()
    await expect.poll(lost).toEqual([])
  })

  told('is told what is wrong with pairing, in words', async ({ site, server, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(SEA)
    const wrong = await tryToPair(reader.profile, server.url, 'AAAA-AAAA')
    await wrong.waitForSelector('[role="alert"]')
    expect(await textOf(wrong)).toContain(words('problemCode'))
    await wrong.close()

    const code = await server.pairingCode()
    await server.token(code)
    const used = await tryToPair(reader.profile, server.url, code)
    await used.waitForSelector('[role="alert"]')
    expect(await textOf(used)).toContain(words('problemCode'))
    await used.close()

    await server.stop()
    const silent = await tryToPair(reader.profile, server.url, server.pairing.code)
    await silent.waitForSelector('[role="alert"]')
    expect(await textOf(silent)).toContain(words('problemOffline', server.url))
    await silent.close()
    await reader.open(site.url('tides'))
    await expect.poll(() => reader.texts()).toEqual({ yellow: [SEA] })
  })

  told('sees what the server refused, and mends it', async ({ site, server, reader }) => {
    const url = site.url('tides')
    const token = await server.token()
    await pair(reader.profile, server.url, server.pairing.code)
    await reader.open(url)
    await reader.highlight(BELL)
    await reader.openNote(BELL)
    await reader.paste('far too much '.repeat(8_000)) // more than a note may have
    await reader.write('')

    const notes = await openNotes(reader.profile, url)
    await expect.poll(() => textOf(notes)).toContain(words('syncParked_one', '1'))
    const link = `a::-p-text(${words('syncParkedShow')})`
    const target = await notes.$eval(link, (shown) => (shown as HTMLAnchorElement).href)
    expect(target).toBe(`${reader.profile.extension.origin}/options.html#parked`)
    const options = await reader.profile.extensionPage('options.html#parked')
    const field = await options.waitForSelector('section[aria-labelledby="parked"] textarea')
    const told = await options.$eval('section[aria-labelledby="parked"]', (s) => s.textContent)
    expect(told).toContain('set.note')
    expect(told).toContain(BELL)
    await field!.evaluate((element) => (element as HTMLTextAreaElement).select())
    await field!.type('Nothing is lost.')
    await press(options, words('optionsSendAgain'))
    await expect
      .poll(() => server.kept(token, url))
      .toEqual([[BELL, 'yellow', 'Nothing is lost.']])
  })
})
