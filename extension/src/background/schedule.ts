/**
 * When to sync: soon after a change, when a page opens or is looked at again, every few minutes,
 * when the network is back, when asked. One sync runs at a time, in whatever window; at most one
 * more waits its turn.
 *
 * Clocks are only used to wait, never longer than `LONGEST_RETRY`, and no wait outlasts a clock
 * that was set back: what lies further ahead than it can lie is taken for that.
 */
import { connect } from './client'
import { database } from './connection'
import { keepSetting, setting, type Database, type Failure } from './database'
import { tell } from './lost'
import { synchronize, type Outcome } from './sync'
import { announceSync, announceUntold, rememberUnwritten, RUNNING } from './sync_state'
import { timestamp } from './timestamp'
import { change } from './transaction'
import { failureOf } from './wording'

export type Occasion = 'change' | 'hello' | 'focus' | 'live' | 'alarm' | 'online' | 'asked'

const NEXT = 'postil-sync-next'
const EVERY_MINUTES = 5
const FIRST_RETRY = 15_000
const LONGEST_RETRY = 15 * 60_000

/** A reader who walks through tabs is not news to the server each time. */
const FOCUS_PAUSE = 10_000

export const PERIODIC = 'sync'
export const RETRY = 'sync-retry'

/** Alarms outlive the background script, but not always an update of the browser. */
export async function ensureAlarm(): Promise<void> {
  const alarm = await chrome.alarms.get(PERIODIC)
  const ahead = alarm ? alarm.scheduledTime - Date.now() : Infinity
  if (ahead <= 2 * EVERY_MINUTES * 60_000) return
  await chrome.alarms.create(PERIODIC, { periodInMinutes: EVERY_MINUTES })
}

/** Sync, and come back when it is done. */
export async function sync(occasion: Occasion): Promise<void> {
  const open = await database()
  if (occasion !== 'alarm') await ensureAlarm()
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

/** Whether a time in the future, at most `longest` milliseconds away, has yet to come. */
export function liesAhead(at: number, longest: number, now: number): boolean {
  const left = at - now
  return left > 0 && left <= longest
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
  if (occasion === 'focus' && (await wasSeenJustNow(open))) return false
  const retry = await setting(open, 'retry')
  if (!retry || (failure?.type === 'offline' && occasion !== 'alarm')) return true
  return !liesAhead(retry.at, LONGEST_RETRY, Date.now())
}

async function wasSeenJustNow(open: Database): Promise<boolean> {
  const seen = Date.parse((await setting(open, 'seen')) ?? '')
  return liesAhead(seen + FOCUS_PAUSE, FOCUS_PAUSE, Date.now())
}

async function run(open: Database): Promise<void> {
  const pairing = await setting(open, 'pairing')
  if (!pairing) return
  await announceSync()
  const client = connect(fetch.bind(globalThis), pairing.server, pairing.token)
  const outcome = await synchronize({ database: open, client, now: () => new Date() }).catch(
    (error: unknown): Outcome => ({ touched: new Set(), failure: failureOf(error) }),
  )
  await announceUntold().catch(ignore)
  await remember(open, outcome).then(
    () => {
      rememberUnwritten(undefined)
    },
    (error: unknown) => {
      rememberUnwritten(failureOf(error))
    },
  )
  // After the notes it is about. What cannot be told now is told after the next sync.
  if (!outcome.failure) await tell(open, client).catch(ignore)
  // Told when the lock is free again, so that the state says so.
  queueMicrotask(() => setTimeout(() => void announceSync()))
}

async function remember(open: Database, { failure, retryAfter }: Outcome): Promise<void> {
  const wait = await change(open, async (tx) => {
    const attempt = ((await setting(tx, 'retry'))?.attempt ?? 0) + 1
    const wait = Math.min(retryAfter ?? backOff(attempt), LONGEST_RETRY)
    await keepSetting(tx, 'untold', undefined)
    await keepSetting(tx, 'failure', failure ?? undefined)
    if (answered(failure)) await keepSetting(tx, 'seen', timestamp(new Date()))
    await keepSetting(tx, 'retry', failure ? { attempt, at: Date.now() + wait } : undefined)
    return wait
  })
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
  return failure === null || !['offline', 'storage', 'storage-full'].includes(failure.type)
}

/** A database that cannot be read has its failure remembered, or shown. */
function ignore(): void {}
