/** Problems in words a reader can act on. */
import type { Problem } from '../model'
import { BadQuery } from '../search/query'
import { t, type Key } from '../ui/strings'
import { Failed } from './client'
import type { Entry, Failure, FailureType } from './database'
import { Refused } from './notes'
import { BadPairing } from './pairing'

const FAILURES: Record<FailureType, Key> = {
  offline: 'problemOffline',
  busy: 'problemBusy',
  server: 'problemServer',
  'not-postil': 'problemNotPostil',
  forbidden: 'problemForbidden',
  unpaired: 'problemUnpaired',
  answer: 'problemAnswer',
  storage: 'problemStorage',
  'storage-full': 'problemStorageFull',
}

const REFUSALS: Record<Refused['type'], Key> = {
  'no-note': 'problemNoNote',
  'nothing-to-restore': 'problemNothingToRestore',
  'cannot-open': 'problemCannotOpen',
  'quote-too-long': 'problemQuoteTooLong',
  'url-too-long': 'problemUrlTooLong',
  'no-page': 'problemNoPage',
}

const BAD_PAIRINGS: Record<BadPairing['type'], Key> = {
  'bad-address': 'problemAddress',
  'code-missing': 'problemCodeMissing',
  'bad-code': 'problemCode',
}

const BAD_QUERIES: Record<BadQuery['type'], Key> = {
  'query-too-long': 'searchTooLong',
  'too-many-terms': 'searchTooManyTerms',
  'no-color': 'searchNoColor',
  'no-site': 'searchNoSite',
  'no-date': 'searchNoDate',
  'no-such-field': 'searchNoSuchField',
}

export function wordFailure({ type, server, detail }: Failure): Problem {
  const values = type === 'storage' ? [detail ?? ''] : [server ?? '', detail ?? '']
  return { type, detail: t(FAILURES[type], ...values) }
}

/** Why an entry is parked. */
export function wordRefusal(entry: Entry): string {
  if (entry.refusal?.code === 'too-large') return t('problemTooLarge')
  return t('problemRejected', entry.refusal?.reason ?? '')
}

/** Whatever went wrong while answering a request. */
export function wordError(error: unknown): Problem {
  if (error instanceof Failed) return wordFailure(error.failure)
  if (error instanceof BadQuery) {
    return { type: error.type, detail: t(BAD_QUERIES[error.type], ...error.values) }
  }
  if (error instanceof BadPairing) return { type: error.type, detail: t(BAD_PAIRINGS[error.type]) }
  if (error instanceof Refused) {
    const problem: Problem = { type: error.type, detail: t(REFUSALS[error.type]) }
    if (error.field !== undefined) problem.field = error.field
    return problem
  }
  return wordFailure(failureOf(error))
}

/** What went wrong here, not at the server: with the browser's own storage, as a rule. */
export function failureOf(error: unknown): Failure {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  if (name === 'QuotaExceededError') return { type: 'storage-full' }
  return { type: 'storage', detail: error instanceof Error ? error.message : String(error) }
}
