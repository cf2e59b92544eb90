/** `make bench-extension`: how soon the extension is there. It tells, and asserts nothing. */

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe } from 'vitest'
import { BUILDS } from '../../e2e/build'
import { fill, notesOf, paragraphsOf, tabOf } from '../../e2e/many-notes'
import { Profile } from '../../e2e/profile'
import { Reader } from '../../e2e/reader'
import { story } from '../../e2e/story'
import { type Variant } from '../../e2e/variant'
import { withBarePage, withLeastBoot } from './bare'
import { costsOf, type Costs } from './boot'
import { median, ms, type Row, tableOf, writeReport } from './figures'
import { openingOf, type Way } from './opening'
import { toolbarOf, type Toolbar } from './toolbar'

const ROUNDS = Number(process.env['ROUNDS'] ?? 25)
const NOTES = 1000
const WAYS = {
  bare: { file: 'bare', background: 'awake' },
  panel: { file: 'panel', background: 'awake' },
  bareAsleep: { file: 'bare', background: 'asleep' },
  panelAsleep: { file: 'panel', background: 'asleep' },
} as const satisfies Record<string, Way>
type Openings = Record<keyof typeof WAYS, number[]>

describe('the extension', () => {
  const told = story
    .extend('reader', ({}, { onCleanup }) => readerWith(withBarePage, onCleanup))
    .extend('least', ({}, { onCleanup }) => readerWith(withLeastBoot, onCleanup))

  told('is there at once', { timeout: 900_000 }, async ({ site, reader, least }) => {
    const url = site.url('tides')
    const boots = await rounds(async () => {
      return { least: await costsOf(least, url), ours: await costsOf(reader, url) }
    })
    const toolbars = await rounds(() => toolbarOf(reader, url))
    site.edit('tides', (html) => html.replace('</article>', `${paragraphsOf(NOTES)}</article>`))
    await reader.open(url)
    await fill(reader.profile, notesOf(url, NOTES))
    const openings = await openingsOf(reader)
    const parts = [await tellPage(boots, toolbars), tellPanel(openings)]
    for (const part of parts) console.log(part)
    // What was cut short is not the report.
    if (!process.env['ROUNDS']) writeReport(join('bench', 'extension.md'), parts)
  })
})

async function readerWith(
  make: () => Promise<Variant>,
  onCleanup: (cleanUp: () => Promise<void>) => void,
): Promise<Reader> {
  const variant = await make()
  const reader = new Reader(await Profile.openWith('chromium', variant.folder))
  onCleanup(async () => {
    await reader.close()
    await variant.remove()
  })
  return reader
}

/** The first is thrown away: it meets a browser that has read nothing of all this yet. */
async function rounds<T>(measure: () => Promise<T>): Promise<T[]> {
  await measure()
  const all: T[] = []
  for (let round = 0; round < ROUNDS; round++) all.push(await measure())
  return all
}

/** In turns, so that all meet the same weather. */
async function openingsOf(reader: Reader): Promise<Openings> {
  const tab = await tabOf(reader, NOTES)
  const turns = await rounds(async () => {
    const turn: [string, number][] = []
    for (const [name, way] of Object.entries(WAYS)) {
      turn.push([name, await openingOf(reader, tab, way)])
    }
    return new Map(turn)
  })
  const of = (name: string) => [name, turns.map((turn) => turn.get(name) ?? NaN)]
  return Object.fromEntries(Object.keys(WAYS).map(of)) as Openings
}

interface Boots {
  least: Costs
  ours: Costs
}

async function tellPage(boots: readonly Boots[], toolbars: readonly Toolbar[]): Promise<string> {
  const { size } = await stat(join(BUILDS.shipped.chromium, 'boot.js'))
  const rows: Row[] = [
    {
      what: 'the least script that listens and asks, of the processor',
      aim: '',
      values: boots.map(({ least }) => least.boot.processor),
    },
    {
      what: 'boot on a page without notes, of the processor',
      aim: '1 ms',
      values: boots.map(({ ours }) => ours.boot.processor),
    },
    { what: 'the same, by the clock', aim: '', values: boots.map(({ ours }) => ours.boot.clock) },
    {
      what: 'boot, and what background asks of the page, of the processor',
      aim: '',
      values: boots.map(({ ours }) => ours.all.processor),
    },
    {
      what: 'mouse-up to the toolbar, first selection on a page, a quick double click',
      aim: '50 ms',
      values: toolbars.map(({ byHand }) => byHand),
    },
    {
      what: 'the same, dragged in no time, as no hand can',
      aim: '',
      values: toolbars.map(({ first }) => first),
    },
    {
      what: 'mouse-up to the toolbar, later ones',
      aim: '50 ms',
      values: toolbars.map(({ later }) => later),
    },
  ]
  return `**In the page** (\`boot.js\` has ${size} bytes of 3,072)\n\n${tableOf(rows)}`
}

function tellPanel({ bare, bareAsleep, panel, panelAsleep }: Openings): string {
  const rows: Row[] = [
    { what: 'a page of an extension with one item, background awake', aim: '', values: bare },
    { what: 'the same, background asleep', aim: '', values: bareAsleep },
    { what: 'the panel, background awake', aim: '200 ms', values: panel },
    { what: 'the panel, background asleep', aim: '200 ms', values: panelAsleep },
  ]
  const more = median(panel) - median(bare)
  const woken = median(panelAsleep) - median(bareAsleep)
  return (
    `**The panel of a page with ${NOTES} notes**, to the first frame with notes in it\n\n` +
    `${tableOf(rows)}\n\n` +
    `Beyond the bare page: ${ms(more)} awake, ${ms(woken)} asleep.`
  )
}
