/** A passage is never painted in a place that only looks like it, and never given up too early. */

import { describe, expect } from 'vitest'
import { collapse } from './passage'
import { story } from './story'

const PEN = 'The pen adds.'
const AIR = 'some of them stayed in the air for ten months without a break'
const LATE = 'Nobody has yet made a cap that is light enough to ask a bird of forty grams.'

describe('a passage', () => {
  story('is not taken for the same words in another paragraph', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(PEN, 'pink')
    await reader.highlight('He had a brother who was good with mechanisms', 'blue')
    site.edit('tides', (html) =>
      html
        .replace('<em>The pen adds.</em>', '<em>The stylus sums.</em>')
        .replace('<h2 id="quiet">', '<p>A label says: The pen adds.</p><h2 id="quiet">'),
    )
    await reader.reload()
    await expect
      .poll(() => reader.texts())
      .toEqual({ blue: ['He had a brother who was good with mechanisms'] })

    site.edit('tides', null)
    await reader.reload()
    await expect.poll(async () => (await reader.texts())['pink']).toEqual([PEN])
  })

  story('is told from its twin by what stands around it', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(PEN, 'pink')
    const [before] = (await reader.painted())['pink']!
    const twin = '<p>They wrote over the door: The pen adds. Nobody remembers who.</p>'
    site.edit('tides', (html) => html.replace('<h2 id="moon">', `${twin}<h2 id="moon">`))
    await reader.reload()
    await expect.poll(async () => (await reader.texts())['pink']).toEqual([PEN])
    const [after] = (await reader.painted())['pink']!
    expect(after!.at).toBeGreaterThan(before!.at)
    const words = collapse(await reader.page.evaluate(textBefore, after!.at))
    expect(words).toMatch(/the wire is drawn up by two\.$/)
  })

  story('that is loaded late is painted when it is there', async ({ site, reader }) => {
    await reader.open(site.url('field/swift'))
    await reader.page.waitForSelector('.rest p:not(.wait)')
    await reader.highlight(LATE, 'green')
    await reader.highlight(AIR, 'yellow')
    const release = site.hold('/field/articles/swift.rest.html')
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [AIR] })
    release()
    await expect.poll(() => reader.texts()).toEqual({ green: [LATE], yellow: [AIR] })
  })
})

/** The sixty characters of the page before an offset; runs in the page. */
function textBefore(at: number): string {
  const range = document.createRange()
  range.selectNodeContents(document.body)
  return range.toString().slice(at - 60, at)
}
