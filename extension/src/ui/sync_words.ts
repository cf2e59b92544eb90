/** How far notes have travelled, in a sentence. */
import type { SyncState } from '../model'
import { counted, locale, t } from './strings'

export function syncWords(state: SyncState, now = new Date()): string {
  if (!state.paired) return t('syncHere')
  if (state.running) return t('syncRunning')
  const seen = state.seen ? t('syncSeen', when(state.seen, now)) : t('syncNeverSeen')
  return t('syncBoth', kept(state), seen)
}

function kept({ waiting, parked }: SyncState): string {
  if (waiting) return counted('syncWaiting', waiting)
  return parked.length ? counted('syncRefused', parked.length) : t('syncDone')
}

/** The time for today, the date with it for any other day. */
export function when(timestamp: string, now: Date): string {
  const date = new Date(timestamp)
  const today = date.toDateString() === now.toDateString()
  const format = new Intl.DateTimeFormat(locale(), {
    timeStyle: 'short',
    ...(today ? {} : { dateStyle: 'medium' }),
  })
  return format.format(date)
}
