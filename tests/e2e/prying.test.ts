/** What is written in the margin is out of the reach of a page that pries, in the build we ship. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { drag, middleOf, paintedTexts } from './passage'
import { Profile } from './profile'
import { pried, priedBox, prying } from './prying'
import { typeInRoom } from './room'
import { drawn } from './still'
import { story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const WITHIN = 'rings at noon'
const SECRET = 'Quittenbaum'
const TAG = 'Geheimnis'
const told = story.extend('shipped', async ({ kind }, { onCleanup }) => {
  const profile = await Profile.open(kind, 'shipped')
  onCleanup(() => profile.close())
  return profile
})

const OWN_TREE = 'click.composedPath: <button autofocus="">Its own.</button>'

describe('in chromium', () => {
  told('it is led into no tree of ours by what happens there', async ({ site, shipped }) => {
    site.edit('tides', prying)
    const page = await shipped.visit(site.url('tides'))
    await pressItsOwn(page)
    await drag(page, BELL)
    const button = (name: string) => page.locator(`aria/${name}[role="button"]`)
    await button(words('pageNote')).click()
    await expect.poll(() => page.frames().length).toBe(2)
    await page.frames()[1]!.waitForSelector(`aria/${words('pageNote')}[role="textbox"]`)
    await page.keyboard.type(SECRET)
    await page.keyboard.press('Escape')
    await button(words('pageNoteOn', BELL)).hover()
    await expect.poll(() => page.frames().length).toBe(2)
    await drawn(page)
    const { x, y } = await middleOf(page, BELL)
    await page.mouse.click(x, y)
    await button(words('pageDelete')).click()
    const undo = await page.waitForSelector(`aria/${words('pageUndo')}[role="button"]`)
    const box = (await undo!.boundingBox())!
    // Over the words of the line, as if to select them.
    await page.mouse.move(box.x - 120, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x - 20, box.y + box.height / 2, { steps: 4 })
    await page.mouse.up()
    await page.mouse.wheel({ deltaY: 5 })
    await undo!.click()
    await drawn(page)
    const ways = await page.evaluate(pried)
    expect(ways.filter((way) => !way.endsWith('Its own.</button>'))).toEqual([])
  })
})

describe('in firefox', () => {
  told.override({ kind: 'firefox' })('it is led into our trees, and to no word of a note', async ({
    site,
    shipped,
  }) => {
    site.edit('tides', prying)
    const page = await shipped.visit(site.url('tides'))
    await pressItsOwn(page)
    const goTo = async (selector: string): Promise<{ x: number; y: number }> => {
      await expect.poll(() => page.evaluate(priedBox, selector)).not.toBeNull()
      const at = (await page.evaluate(priedBox, selector))!
      await page.mouse.move(at.x, at.y, { steps: 3 })
      return at
    }
    const press = async (selector: string): Promise<void> => {
      const { x, y } = await goTo(selector)
      await page.mouse.click(x, y)
    }
    const named = (name: string) => `button[aria-label="${name}"]`

    await drag(page, BELL)
    const { x, y } = await middleOf(page, BELL)
    await page.mouse.move(x, y - 80)
    await page.mouse.move(x, y - 20, { steps: 30 }) // across the toolbar, which shows it the tree
    await press(named(words('pageNote')))
    await goTo('.card.furnished iframe')
    await page.keyboard.type(SECRET)
    await page.keyboard.press('Tab')
    await page.keyboard.type(TAG)
    await page.keyboard.press('Enter')
    await drawn(page)
    await page.keyboard.press('Escape')

    await goTo(named(words('pageNoteOn', BELL)))
    await goTo('.preview.said iframe')
    await drawn(page)

    await drag(page, WITHIN)
    await press(named(words('colorPink')))
    await expect.poll(() => paintedTexts(page)).toEqual({ yellow: [BELL], pink: [WITHIN] })
    const both = await middleOf(page, WITHIN)
    await page.mouse.click(both.x, both.y)
    await goTo('.card.furnished iframe') // the choice, with the beginning of the note
    await drawn(page)
    await page.keyboard.press('Escape')

    const ways = await page.evaluate(pried)
    expect(ways).toContain('frame') // so it was led to where notes are
    expect(ways.filter((way) => /Quitt|Gehei/.test(way))).toEqual([])
    // And no further, but to the empty document that a frame begins with.
    const empty = ['about:blank', '<html><head></head><body></body></html>', '[object HTMLDocument]']
    const tales = ways.filter((way) => /^frame \w/.test(way))
    expect(tales.filter((way) => !['', ...empty].includes(way.replace(/^.*?: /, '')))).toEqual([])
    const extension = await shipped.extensionPage('options.html')
    const found = await extension.evaluate(
      async (query) => JSON.stringify(await chrome.runtime.sendMessage({ type: 'notes:find', query })),
      `${SECRET} tag:${TAG}`,
    )
    expect(found).toMatch(/"ids":\["[^",]+"\]/) // so it was written there
  })

  story.override({ kind: 'firefox' })('what it puts in the place of a note is not given it', async ({
    site,
    reader,
  }) => {
    await reader.open(site.url('tides'))
    const { page } = reader
    await reader.highlight(BELL, 'green')
    await reader.openNote(BELL)
    await typeInRoom(page, 'textarea', SECRET)
    const mislead = (times: number): Promise<number> => page.evaluate(leadElsewhere, times)
    expect(await mislead(3)).toBe(3)
    expect(await reader.note()).toBe(SECRET)
    await page.keyboard.type(', dort.')
    expect(await reader.note()).toBe(`${SECRET}, dort.`)
    // A page that does so for ever has no note on it.
    expect(await mislead(100)).toBeLessThan(30)
    await page.waitForSelector(`postil-ui >>> .toast ::-p-text(${words('pageBarred')})`)
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    await reader.openNote(BELL)
    expect(await reader.note()).toBe(`${SECRET}, dort.`)
  })
})

/** Runs in the page: leads the frame of a note elsewhere, each time that one is back. */
async function leadElsewhere(times: number): Promise<number> {
  const root = document.querySelector('postil-ui')!.shadowRoot!
  for (let time = 0; time < times; time++) {
    let frame = null
    while (!(frame = root.querySelector('.furnished > iframe') as HTMLIFrameElement | null)) {
      if (root.querySelector('.toast')) return time
      await new Promise((on) => setTimeout(on))
    }
    const card = frame.parentElement!
    frame.contentWindow!.location.href = `/tides/?elsewhere=${time}`
    while (card.isConnected) await new Promise((on) => setTimeout(on))
  }
  return times
}

async function pressItsOwn(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector('own-tree')!.shadowRoot!.querySelector('button')!.click())
  expect(await page.evaluate(pried)).toContain(OWN_TREE) // so it does pry
}
