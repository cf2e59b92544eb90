/** More notes than anybody has made by hand: for what has to be quick however many there are. */

import type { Imported } from '../../extension/src/model'
import type { Profile } from './profile'
import type { Reader } from './reader'

/** On each of the other pages. */
const EACH = 20

function passage(at: number): string {
  return `Passage ${at} of a text that is long enough to wrap over a line or two, mostly`
}

/** What a page has to say for so many notes to be found on it. */
export function paragraphsOf(here: number): string {
  return Array.from({ length: here }, (_, at) => `<p>${passage(at)}, and then it ends.</p>`).join('')
}

/** So many on the page of this address, and twenty on each of some other pages. */
export function notesOf(url: string, here: number, pages = 0): Imported[] {
  const made: Imported[] = []
  const add = (at: number, on: string, title: string, start: number) => {
    const id = `00000000-0000-7000-8000-${String(at).padStart(12, '0')}`
    const exact = passage(at)
    made.push({
      id,
      url: on,
      title,
      quote: { exact, prefix: 'and then it ends. ', suffix: ', and then it ends.' },
      position: { start, end: start + exact.length },
      note: at % 3 ? '' : `What I thought of ${at}: ${'words '.repeat(at % 40)}`,
      tags: at % 5 ? [] : ['some', `t${at % 7}`],
      color: (['yellow', 'green', 'blue', 'pink', 'purple'] as const)[at % 5]!,
      created: '2026-01-01T00:00:00.000000Z',
    })
  }
  for (let at = 0; at < here; at++) add(at, url, 'The page that is read', at * 100)
  for (let at = 0; at < pages * EACH; at++) {
    const page = Math.floor(at / EACH)
    add(here + at, `https://example.org/${page}`, `Article ${page}`, (at % EACH) * 100)
  }
  return made
}

/** The number of the tab that is read, once its page has told where all its notes stand. */
export async function tabOf({ profile, page }: Reader, notes: number): Promise<number> {
  // A page out of sight takes its time, so nothing stands before it until it is done.
  await page.bringToFront()
  await page.waitForFunction((notes) => {
    const painted = [...CSS.highlights].filter(([name]) => name.startsWith('postil-'))
    return painted.reduce((sum, [, { size }]) => sum + size, 0) >= notes
  }, {}, notes)
  const asking = await profile.extensionPage('options.html')
  const found = await asking.waitForFunction(
    async (url: string, notes: number) => {
      const tab = (await chrome.tabs.query({})).find((one) => one.url === url)?.id
      const answer = await chrome.runtime.sendMessage({ type: 'tab:state', tab })
      return Object.keys(answer.ok.places).length === notes && tab
    },
    { polling: 100 },
    page.url(),
    notes,
  )
  const tab = await found.jsonValue()
  await asking.close()
  return Number(tab)
}

/** Adds them as an import of the options does, a thousand at a time. */
export async function fill(profile: Profile, notes: Imported[]): Promise<void> {
  const page = await profile.extensionPage('options.html')
  for (let at = 0; at < notes.length; at += 1000) {
    const problem = await page.evaluate(async (annotations) => {
      const answer = await chrome.runtime.sendMessage({ type: 'everything:add', annotations })
      return 'problem' in answer ? JSON.stringify(answer.problem) : ''
    }, notes.slice(at, at + 1000))
    if (problem) throw new Error(`The notes were not added: ${problem}`)
  }
  await page.close()
}
