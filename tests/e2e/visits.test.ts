/** Pages that are there before the first note on them is: each shows it, however it comes to it. */

import type { Frame } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { paintedTexts } from './passage'
import { KINDS } from './profile'
import type { Reader } from './reader'
import { story } from './story'

const BELL = 'A bell rings at noon of every day.'
const ZERO = 'on a tie, to the neighbour whose last bit is zero'
const NOON = 'The ferry crossed at noon, with a bride, and nobody fell in.'
const SWIFT = 'A swift that does not breed has no reason to land.'

/** The application draws everything anew when the second half of an article has come. */
const WHOLE = '.rest p:not(.wait)'

describe.each(KINDS)('the first note of a page in %s', (kind) => {
  const told = story.override({ kind })

  told('shows in a tab that was open already', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    const { page } = reader
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'green')
    await page.bringToFront()
    await expect.poll(() => paintedTexts(page)).toEqual({ green: [BELL] })
  })

  told('shows where an application turns to its view', async ({ site, reader }) => {
    await reader.open(site.url('field/swift'))
    await reader.page.waitForSelector(WHOLE)
    await reader.highlight(SWIFT, 'purple')
    await reader.open(site.url('field/lichen'))
    await reader.page.waitForSelector(WHOLE)
    await reader.page.click('nav a[href="/field/swift"]')
    await expect.poll(() => reader.texts()).toEqual({ purple: [SWIFT] })
  })

  told('shows when Back brings the page as it was', async ({ site, reader }) => {
    await reader.open(site.url('living'))
    const { page } = reader
    // Whole, with nothing on its way: else a browser does not keep it.
    await page.waitForFunction(boardStands)
    await page.evaluate(() => Object.assign(globalThis, { asLeft: true }))
    await page.goto(site.url('sums'))
    await reader.open(site.url('living'))
    await reader.page.waitForFunction(boardStands)
    await reader.highlight(NOON, 'green')
    await page.bringToFront()
    await page.evaluate(() => history.back())
    const asLeft = (): Promise<unknown> => page.evaluate(() => Reflect.get(globalThis, 'asLeft'))
    await expect.poll(asLeft).toBe(true)
    await expect.poll(() => paintedTexts(page)).toEqual({ green: [NOON] })
  })

  told('shows in a frame that is there, and in one that gets room', async ({ site, reader }) => {
    const address = site.url('sums')
    const frames = `<iframe name="wide" src="${address}" width="700" height="320"></iframe>
      <iframe name="small" src="${address}?small" width="300" height="200"></iframe>`
    site.edit('tides', (html) => html.replace(/<article[^>]*>/, `$&${frames}`))
    await reader.open(site.url('tides'))
    const { page } = reader
    const wide = await frameOf(reader, 'wide')
    const small = await frameOf(reader, 'small')
    for (const url of [address, `${address}?small`]) {
      await reader.open(url)
      await reader.highlight(ZERO, 'pink')
    }
    await page.bringToFront()
    await expect.poll(() => paintedTexts(wide)).toEqual({ pink: [ZERO] })
    expect(await paintedTexts(small)).toEqual({})
    await page.$eval('iframe[name="small"]', (one) => {
      one.setAttribute('width', '700')
    })
    await expect.poll(() => paintedTexts(small)).toEqual({ pink: [ZERO] })
  })
})

/** Runs in the page. Until it stands, what is below it is still to move. */
function boardStands(): boolean {
  return Boolean(document.querySelector('ferry-board')?.shadowRoot)
}

async function frameOf(reader: Reader, name: string): Promise<Frame> {
  const element = await reader.page.waitForSelector(`iframe[name="${name}"]`)
  const frame = await element!.contentFrame()
  if (!frame) throw new Error(`The frame ${name} is empty.`)
  return frame
}
