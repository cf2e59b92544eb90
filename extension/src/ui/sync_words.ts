/** How far notes have travelled, in a sentence. */
import type { SyncState } from '../model'
import { counted, t } from './strings'

export function syncWords(state: SyncState, now = new Date()): string {
  if (!state.paired) return t('syncHere')
  if (state.running) return t('syncRunning')
  const seen = state.seen ? t('syncSeen', when(state.seen, now)) : t('syncNeverSeen')
  const kept = state.waiting ? counted('syncWaiting', state.waiting) : t('syncDone')
  return t('syncBoth', kept, seen)
}

/** The time for today, the date with it for any other day. */
export function when(timestamp: string, now: Date): string {
  const date = new Date(timestamp)
  const today = date.toDateString() === now.toDateString()
  const format = new Intl.DateTimeFormat(chrome.i18n.getUILanguage(), {
    timeStyle: 'short',
    ...(today ? {} : { dateStyle: 'medium' }),
  })
  return format.format(date)
}
