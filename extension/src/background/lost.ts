/**
 * Passages that were not found on their pages. Only a browser can tell, and the library lists them;
 * so what is seen here is told to the server, after the notes themselves.
 *
 * It is no edit: it goes by no outbox and changes no note. What counts is what was seen last, by
 * whichever browser. So the server's list is kept here as it was last heard of, and only what
 * differs from it is kept until it was told: a page that is as it was costs nothing.
 */
import type { Place } from '../model'
import { Failed, type Client } from './client'
import { keepSetting, setting, type Database, type Losses, type Writing } from './database'
import { change } from './transaction'

/** Taken by the server in one request. */
const MOST = 500

/** Other browsers change the list too: so old may be what is known of it. */
const FRESH = 60 * 60_000

type Places = Readonly<Record<string, Place>>

/** What the places of a page say that the server's list does not, by note: lost, or found again. */
export async function differences(
  database: Database | Writing,
  places: Places,
): Promise<Map<string, boolean>> {
  const listed = new Set((await lossesIn(database)).listed)
  const differing = new Map<string, boolean>()
  for (const [id, { kind }] of Object.entries(places)) {
    const lost = kind === 'orphan'
    if (kind !== 'page' && lost !== listed.has(id)) differing.set(id, lost)
  }
  return differing
}

/** Keeps what is to be told. Whether there is anything. */
export async function observe(database: Database, places: Places): Promise<boolean> {
  const { seen } = await lossesIn(database)
  const differing = await differences(database, places)
  const over = Object.keys(places).filter((id) => id in seen && !differing.has(id))
  const fresh = [...differing].filter(([id, lost]) => seen[id] !== lost)
  if (!over.length && !fresh.length) return differing.size > 0
  return change(database, async (tx) => {
    const losses = await lossesIn(tx)
    const seen = { ...losses.seen, ...Object.fromEntries(differing) }
    for (const id of over) delete seen[id]
    await keepSetting(tx, 'losses', { ...losses, seen })
    return differing.size > 0
  })
}

/** The server's list, read again where what is known of it is old. */
export async function refresh(database: Database, client: Client, now: number): Promise<void> {
  const { read } = await lossesIn(database)
  // A clock that was set back must not keep us from it.
  if (read <= now && now - read < FRESH) return
  // One that does not answer, or does not know of such lists, is not asked at every page.
  const there = await client.lost().catch(() => null)
  await change(database, async (tx) => {
    const losses = await lossesIn(tx)
    const listed = there ?? losses.listed
    const known = new Set(listed)
    const seen = Object.entries(losses.seen).filter(([id, lost]) => lost !== known.has(id))
    await keepSetting(tx, 'losses', { listed, read: now, seen: Object.fromEntries(seen) })
  })
}

/** Tells all that waits. Throws where the server cannot be told now; what it did not take stays. */
export async function tell(database: Database, client: Client): Promise<void> {
  for (;;) {
    const told = Object.entries((await lossesIn(database)).seen).slice(0, MOST)
    if (!told.length) return
    const those = (lost: boolean) => told.filter((one) => one[1] === lost).map(([id]) => id)
    const taken = await client.tellLost(those(true), those(false)).then(() => true, isRefused)
    await change(database, async (tx) => {
      const losses = await lossesIn(tx)
      const listed = new Set(losses.listed)
      const seen = { ...losses.seen }
      for (const [id, lost] of told) {
        // Seen otherwise meanwhile: that is still to be told.
        if (seen[id] === lost) delete seen[id]
        if (taken && lost) listed.add(id)
        if (taken && !lost) listed.delete(id)
      }
      await keepSetting(tx, 'losses', { ...losses, listed: [...listed], seen })
    })
  }
}

/** The note has another passage or is deleted: the server takes it off its list by itself. */
export async function forgetLoss(database: Database, id: string): Promise<void> {
  const { listed, seen } = await lossesIn(database)
  if (!listed.includes(id) && !(id in seen)) return
  await change(database, async (tx) => {
    const losses = await lossesIn(tx)
    const seen = { ...losses.seen }
    delete seen[id]
    const listed = losses.listed.filter((other) => other !== id)
    await keepSetting(tx, 'losses', { ...losses, listed, seen })
  })
}

/** For another server or account: all that is lost is to be told again, and its list is unread. */
export async function tellAgain(tx: Writing): Promise<void> {
  const { listed, seen } = await lossesIn(tx)
  const lost = [...listed.filter((id) => seen[id] !== false), ...Object.keys(seen)]
  const again = lost.filter((id) => seen[id] !== false).map((id) => [id, true] as const)
  const losses = { listed: [], read: 0, seen: Object.fromEntries(again) }
  await keepSetting(tx, 'losses', again.length ? losses : undefined)
}

async function lossesIn(from: Database | Writing): Promise<Losses> {
  return (await setting(from, 'losses')) ?? { listed: [], read: 0, seen: {} }
}

/** False for a server that will never take this: one of an older version, for one. */
function isRefused(error: unknown): false {
  if (error instanceof Failed && ['answer', 'not-postil'].includes(error.failure.type)) return false
  throw error
}
