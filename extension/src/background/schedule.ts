/**
 * When to sync: soon after a change, when a page opens, every few minutes, when the network is
 * back, when asked. One sync runs at a time, in whatever window; at most one more waits its turn.
 */
import type { SyncState } from '../model'
import { announceEverywhere, announceToPages } from './announce'
import { refreshBadges } from './badge'
import { connect } from './client'
import { database } from './connection'
import { keepSetting, setting, writing, type Database, type Failure } from './database'
import { parkedEntries, waitingCount } from './outbox'
import { synchronize, type Outcome } from './sync'
import { wordFailure, wordRefusal } from './wording'

export type Occasion = 'change' | 'hello' | 'alarm' | 'online' | 'asked'

const RUNNING = 'postil-sync'
const NEXT = 'postil-sync-next'
const EVERY_MINUTES = 5
const FIRST_RETRY = 15_000
const LONGEST_RETRY = 15 * 60_000

export const PERIODIC = 'sync'
export const RETRY = 'sync-retry'

/** Alarms outlive the background script, but not always an update of the browser. */
export async function ensureAlarm(): Promise<void> {
  if (await chrome.alarms.get(PERIODIC)) return
  await chrome.alarms.create(PERIODIC, { periodInMinutes: EVERY_MINUTES })
}

/** Sync, and come back when it is done. */
export async function sync(occasion: Occasion): Promise<void> {
  const open = await database()
  if (!(await isDue(open, occasion))) return
  await navigator.locks.request(NEXT, { ifAvailable: true }, async (next) => {
    // Somebody waits for the turn already, and will see what we came for.
    if (!next) return
    await new Promise<void>((ours, reject) => {
      navigator.locks
        .request(RUNNING, () => {
          ours()
          return run(open)
        })
        .catch(reject)
    })
  })
  await navigator.locks.request(RUNNING, { mode: 'shared' }, () => {})
}

export async function syncState(): Promise<SyncState> {
  const open = await database()
  const pairing = await setting(open, 'pairing')
  const failure = await setting(open, 'failure')
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

export async function announceSync(): Promise<void> {
  await announceToPages({ type: 'sync:changed', state: await syncState() })
}

/** Notes look different: everybody who shows them is told. */
export async function announceNotes(keys: ReadonlySet<string>): Promise<void> {
  if (!keys.size) return
  await Promise.all([
    announceEverywhere({ type: 'notes:changed', pages: [...keys] }),
    refreshBadges(keys),
  ])
}

/**
 * A server that asked for patience is left in peace. One that did not answer is tried whenever
 * there is a reason, since trying costs it nothing.
 */
async function isDue(open: Database, occasion: Occasion): Promise<boolean> {
  if (!(await setting(open, 'pairing'))) return false
  const failure = await setting(open, 'failure')
  if (occasion === 'asked') return true
  if (failure?.type === 'unpaired') return false
  const retry = await setting(open, 'retry')
  if (!retry || (failure?.type === 'offline' && occasion !== 'alarm')) return true
  const wait = retry.at - Date.now()
  // A clock that was set back must not silence us.
  return wait <= 0 || wait > LONGEST_RETRY
}

async function run(open: Database): Promise<void> {
  const pairing = await setting(open, 'pairing')
  if (!pairing) return
  await announceSync()
  const client = connect(fetch.bind(globalThis), pairing.server, pairing.token)
  const outcome = await synchronize({ database: open, client, now: () => new Date() }).catch(
    (error: unknown): Outcome => ({
      touched: new Set(),
      failure: { type: 'storage', detail: error instanceof Error ? error.message : String(error) },
    }),
  )
  await remember(open, outcome)
  await announceNotes(outcome.touched)
  // Told when the lock is free again, so that the state says so.
  queueMicrotask(() => setTimeout(() => void announceSync()))
}

async function remember(open: Database, { failure, retryAfter }: Outcome): Promise<void> {
  const tx = writing(open)
  const attempt = ((await setting(tx, 'retry'))?.attempt ?? 0) + 1
  const wait = retryAfter ?? backOff(attempt)
  await keepSetting(tx, 'failure', failure ?? undefined)
  if (answered(failure)) await keepSetting(tx, 'seen', new Date().toISOString())
  await keepSetting(tx, 'retry', failure ? { attempt, at: Date.now() + wait } : undefined)
  await tx.done
  if (failure && failure.type !== 'unpaired') {
    await chrome.alarms.create(RETRY, { when: Date.now() + wait })
  } else {
    await chrome.alarms.clear(RETRY)
  }
}

/** Exponential, with jitter: machines that lost the server together do not come back together. */
function backOff(attempt: number): number {
  const longest = Math.min(FIRST_RETRY * 2 ** attempt, LONGEST_RETRY)
  return longest / 2 + (Math.random() * longest) / 2
}

function answered(failure: Failure | null): boolean {
  return failure?.type !== 'offline' && failure?.type !== 'storage'
}
