/** The everyday: a passage is marked, a note is written, and both are there the next time. */

import { describe, expect } from 'vitest'
import { collapse } from './passage'
import { KINDS } from './profile'
import { story } from './story'
import { words } from './words'

/** Wraps over three lines and goes into an emphasised sentence. */
const PASSAGE =
  'he could not solve them for a real coastline, and nor could anybody else until there were ' +
  'electronic computers. What he left was a principle worth more than a solution. ' +
  'If the force repeats'

describe.each(KINDS)('a reader in %s, with no server', (kind) => {
  const told = story.override({ kind })

  told('finds a highlight at exactly the same text after a reload', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    const selected = await reader.highlight(PASSAGE)
    await expect.poll(() => reader.texts()).toEqual({ yellow: [collapse(selected)] })
    const before = await reader.painted()

    await reader.reload()
    await expect.poll(() => reader.painted()).toEqual(before)
  })

  told('finds the note again, with its tags', async ({ site, reader }) => {
    await reader.open(site.url('sums'))
    const passage = 'on a tie, to the neighbour whose last bit is zero'
    await reader.highlightWithNote(passage, 'Why *zero*?', ['rounding', 'IEEE 754'])

    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [passage] })
    await reader.openNote('whose last bit is zero')
    expect(await reader.note()).toBe('Why *zero*?')
    expect(await reader.tags()).toEqual(['rounding', 'IEEE 754'])
    expect(await reader.quoted()).toBe(passage)
  })

  told('loses nothing by leaving the page at once', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight('Anyone can guess at a tide.', 'blue')
    await reader.open(site.url('sums'))
    await reader.open(site.url('tides'))
    await expect.poll(() => reader.texts()).toEqual({ blue: ['Anyone can guess at a tide.'] })
  })

  told('recolours, deletes, and takes the delete back', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight('There is a peculiar pleasure', 'pink')
    await reader.highlight('The pen adds.')
    const kept = { pink: ['There is a peculiar pleasure'] }
    await expect.poll(() => reader.texts()).toEqual({ ...kept, yellow: ['The pen adds.'] })
    await reader.recolour('The pen adds.', 'green')
    await expect.poll(() => reader.texts()).toEqual({ ...kept, green: ['The pen adds.'] })

    await reader.delete('The pen adds.')
    await expect.poll(() => reader.texts()).toEqual(kept)
    await reader.undo()
    await expect.poll(() => reader.texts()).toEqual({ ...kept, green: ['The pen adds.'] })
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ ...kept, green: ['The pen adds.'] })

    await reader.delete('The pen adds.')
    await expect.poll(() => reader.texts()).toEqual(kept)
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual(kept)
  })

  told('marks passages in code, in tables, and over footnote marks', async ({ site, reader }) => {
    const passages = {
      yellow: 'owed = value - change',
      green: 'Ten million copies of 0.1, which ought to make exactly one million, nearly',
      pink: 'they would have survived.[1] So the rule of thumb that beginners are given',
    } as const
    await reader.open(site.url('sums'))
    for (const [color, passage] of Object.entries(passages)) {
      await reader.highlight(passage, color as keyof typeof passages)
    }
    const expected = Object.fromEntries(
      Object.entries(passages).map(([color, passage]) => [color, [passage]]),
    )
    await expect.poll(() => reader.texts()).toEqual(expected)
    const before = await reader.painted()
    await reader.reload()
    await expect.poll(() => reader.painted()).toEqual(before)
  })

  told('says so where a highlight is shorter than what was selected', async ({ site, reader }) => {
    const line = '<p>A line that is written again and again, until there are very many.</p>'
    site.edit('tides', (html) => html.replace('</article>', `${line.repeat(400)}$&`))
    await reader.open(site.url('tides'))
    await reader.page.evaluate(() => getSelection()!.selectAllChildren(document.body))
    const green = `postil-ui >>> button[aria-label="${words('colorGreen')}"]`
    await (await reader.page.waitForSelector(green, { visible: true }))!.click()
    await reader.page.waitForSelector(`postil-ui >>> .toast::-p-text(${words('pageCut')})`)
    const [text] = (await reader.texts())['green']!
    expect(text!.length).toBeGreaterThan(19_000)
    expect(text!.length).toBeLessThanOrEqual(20_000)
  })

  told('marks a right-to-left article as well', async ({ site, reader }) => {
    await reader.open(site.url('paper'))
    const passages = [
      'كانت الخِرَق البالية وحبال القِنّب المهترئة كافية',
      'في كل صفحة منها عشرون سطرًا',
    ]
    await reader.highlight(passages[0]!, 'purple')
    await reader.highlightWithNote(passages[1]!, 'ورقة سليمانية — twenty lines a page')
    // The note button takes the colour used last.
    await expect.poll(() => reader.texts()).toEqual({ purple: passages })
    const before = await reader.painted()

    await reader.reload()
    await expect.poll(() => reader.painted()).toEqual(before)
    await reader.openNote(passages[1]!)
    expect(await reader.note()).toBe('ورقة سليمانية — twenty lines a page')
  })
})
