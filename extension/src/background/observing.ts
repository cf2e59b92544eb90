/**
 * When what a page shows is taken for what it has: a passage that is found is found; one that is
 * not may only not have come yet, so that it counts as lost once the page has been quiet a while.
 *
 * The waiting is done in memory. Where the browser ends this script meanwhile, the next visit tells.
 */
import type { Place } from '../model'
import { connect } from './client'
import { database } from './connection'
import { setting, type Database } from './database'
import { differences, observe, refresh } from './lost'
import { sync } from './schedule'
import { shownIn, toldOf, type Spot } from './shown'
import { notesIn } from './page_notes'

const QUIET = 3_000

const waiting = new Map<string, ReturnType<typeof setTimeout>>()

/** A page script has told where the notes of its page stand. */
export async function placesSeen(spot: Spot): Promise<void> {
  const name = `${spot.tab}:${spot.frame}`
  clearTimeout(waiting.get(name))
  waiting.delete(name)
  const told = await toldOf(spot)
  if (!told) return
  const open = await database()
  await refreshIfPaired(open)
  if (await isAnyLost(open, told.places)) {
    const settled = () => {
      waiting.delete(name)
      takeAll(spot, told.address.url).catch(report)
    }
    clearTimeout(waiting.get(name)) // of a report that came in the meantime
    waiting.set(name, setTimeout(settled, QUIET))
  }
  const found = Object.entries(told.places).filter(([, { kind }]) => kind !== 'orphan')
  await take(open, Object.fromEntries(found))
}

/** What a frame still shows, unless it shows another page by now. */
async function takeAll(spot: Spot, url: string): Promise<void> {
  const told = await toldOf(spot)
  if (told?.address.url !== url) return
  const { page = told, frames } = await shownIn(spot.tab)
  // The same page may be there twice, folded in one place: who finds a note is right.
  const { places } = await notesIn([page, ...frames])
  const merged = Object.keys(told.places).map((id) => [id, places[id] ?? told.places[id]!] as const)
  await take(await database(), Object.fromEntries(merged))
}

async function take(open: Database, places: Record<string, Place>): Promise<void> {
  if (await observe(open, places)) await sync('change')
}

async function isAnyLost(open: Database, places: Record<string, Place>): Promise<boolean> {
  return [...(await differences(open, places)).values()].includes(true)
}

async function refreshIfPaired(open: Database): Promise<void> {
  const pairing = await setting(open, 'pairing')
  const failure = await setting(open, 'failure')
  if (!pairing || failure?.type === 'unpaired') return
  const client = connect(fetch.bind(globalThis), pairing.server, pairing.token)
  await refresh(open, client, Date.now())
}

function report(error: unknown): void {
  console.warn('Postil:', error)
}
