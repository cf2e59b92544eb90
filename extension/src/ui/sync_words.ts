/** How far notes have travelled, in a sentence. */
import type { SyncState } from '../model'
import { when } from './dates'
import { counted, t } from './strings'

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
