/** How far notes have travelled, and telling everybody who shows it. */
import type { SyncState } from '../model'
import { announceEverywhere, announceToPages } from './announce'
import { refreshBadges } from './badge'
import { database } from './connection'
import { setting, type Failure } from './database'
import { parkedEntries, waitingCount } from './outbox'
import { forgetFolded } from './searching'
import { visitShowing } from './visiting'
import { wordFailure, wordRefusal } from './wording'

/** Held by the one sync that runs, in whatever window. */
export const RUNNING = 'postil-sync'

/**
 * A failure that could not be written down: where there is no room, there is none for it either.
 */
let unwritten: Failure | undefined

export function rememberUnwritten(failure: Failure | undefined): void {
  unwritten = failure
}

export async function syncState(): Promise<SyncState> {
  const open = await database()
  const pairing = await setting(open, 'pairing')
  const failure = unwritten ?? (await setting(open, 'failure'))
  const { held = [] } = await navigator.locks.query()
  return {
    paired: pairing
      ? { server: pairing.server, device: pairing.device, name: pairing.name }
      : null,
    waiting: await waitingCount(open),
    parked: (await parkedEntries(open)).map((entry) => ({
      id: entry.id,
      reason: wordRefusal(entry),
    })),
    running: held.some((lock) => lock.name === RUNNING && lock.mode === 'exclusive'),
    seen: (await setting(open, 'seen')) ?? null,
    problem: failure ? wordFailure(failure) : null,
  }
}

/** How many refused edits the badges speak of. */
let parked: number | undefined

export async function announceSync(): Promise<void> {
  const state = await syncState()
  announceToPages({ type: 'sync:changed', state })
  if (parked !== state.parked.length) drawBadges()
  parked = state.parked.length
}

/** Notes look different: everybody who shows them is told. */
export async function announceNotes(keys: ReadonlySet<string>): Promise<void> {
  if (!keys.size) return
  forgetFolded(keys)
  drawBadges(keys)
  await announceEverywhere({ type: 'notes:changed', pages: [...keys] })
  // Where there was none yet, nobody listens.
  visitShowing(keys).catch(report)
}

/** What a sync wrote, and this script was ended before it told of. */
export async function announceUntold(): Promise<void> {
  await announceNotes(new Set(await setting(await database(), 'untold')))
}

/** Frames are asked for theirs, and may be long in answering. */
function drawBadges(keys?: ReadonlySet<string>): void {
  refreshBadges(keys).catch(report)
}

function report(error: unknown): void {
  console.warn('Postil:', error)
}
