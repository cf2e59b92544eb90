/**
 * The server, spoken to. What goes wrong becomes one `Failed`, told apart by what is to be done
 * about it; words for the reader are found only when it is shown.
 */
import type { Annotation, Operation, Result } from '../model'
import type { Failure, FailureType } from './database'
import type { ChangesPage } from './pulled'

/** What the sync loop asks of a server. */
export interface Client {
  push(operations: readonly Operation[]): Promise<Pushed>
  /** What changed after `cursor`; `known` has to be of the same history (HTTP 410 if not). */
  pull(cursor: string | undefined, known?: string): Promise<ChangesPage>
  /** Whether something is after `cursor`; false after so many seconds, or earlier. */
  news(cursor: string | undefined, seconds: number, signal: AbortSignal): Promise<boolean>
  manifest(): Promise<Manifest>
  note(id: string): Promise<Standing>
  /** The ids of the notes that are listed as not found again. */
  lost(): Promise<string[]>
  /** What was seen of a page: at most 500 ids each. */
  tellLost(lost: readonly string[], found: readonly string[]): Promise<void>
}

export interface Pushed {
  /** One for each operation, in their order. */
  results: Result[]
  /** Where the server's changes have come to. */
  cursor: string | undefined
}

/** All live notes of the server, by id. */
export interface Manifest {
  versions: [id: string, rev: number][]
}

/** What the server has of one note: the note, or that it was deleted, or nothing. */
export type Standing = Annotation | 'deleted' | 'unknown'

export interface Paired {
  token: string
  device: string
  account: string
}

export class Failed extends Error {
  constructor(
    readonly failure: Failure,
    readonly status: number,
    readonly problem: ProblemDetails = {},
    /** Milliseconds the server asked to wait. */
    readonly retryAfter?: number,
  ) {
    super(`${failure.type}: ${failure.detail ?? failure.server ?? ''}`)
  }
}

/** RFC 9457, as it arrives: nothing of it can be relied on. */
export interface ProblemDetails {
  type?: unknown
  detail?: unknown
  field?: unknown
  common?: unknown
}

const PAGE = 500
const PATIENCE = 30_000

export function connect(send: typeof fetch, server: string, token: string): Client {
  const headers = { Authorization: `Bearer ${token}` }
  return {
    async push(operations) {
      const body = JSON.stringify({ operations })
      const answer = await ask(send, server, '/api/changes', { method: 'POST', headers, body })
      const { results, cursor } = isObject(answer) ? answer : {}
      if (!Array.isArray(results) || !answersAll(results, operations)) throw nonsense(server)
      return {
        results: results as Result[],
        cursor: typeof cursor === 'string' ? cursor : undefined,
      }
    },
    async pull(cursor, known) {
      const query = new URLSearchParams({ limit: String(PAGE) })
      if (cursor !== undefined) query.set('since', cursor)
      if (known !== undefined) query.set('known', known)
      const answer = await ask(send, server, `/api/changes?${query}`, { headers })
      if (!isChangesPage(answer)) throw nonsense(server)
      if (answer.more && answer.cursor === cursor) throw nonsense(server)
      return answer
    },
    async news(cursor, seconds, signal) {
      const query = new URLSearchParams({ limit: '1', wait: String(seconds) })
      if (cursor !== undefined) query.set('since', cursor)
      const init = { headers, signal, patience: PATIENCE + seconds * 1000 }
      const answer = await ask(send, server, `/api/changes?${query}`, init)
      if (!isChangesPage(answer)) throw nonsense(server)
      return answer.changes.length > 0
    },
    async manifest() {
      const answer = await ask(send, server, '/api/manifest', { headers })
      if (!isManifest(answer)) throw nonsense(server)
      return answer
    },
    async note(id) {
      const path = `/api/annotations/${encodeURIComponent(id)}`
      try {
        const answer = await ask(send, server, path, { headers })
        if (!isAnnotation(answer) || answer.id !== id) throw nonsense(server)
        return answer
      } catch (error) {
        const problem = error instanceof Failed ? error.problem.type : undefined
        if (problem === 'urn:postil:problem:deleted') return 'deleted'
        if (problem === 'urn:postil:problem:not-found') return 'unknown'
        throw error
      }
    },
    async lost() {
      const answer = await ask(send, server, '/api/lost', { headers })
      const { lost } = isObject(answer) ? answer : {}
      if (!Array.isArray(lost)) throw nonsense(server)
      const ids = lost.map((one: unknown) => (isObject(one) ? one['id'] : undefined))
      if (!ids.every((id) => typeof id === 'string')) throw nonsense(server)
      return ids
    },
    async tellLost(lost, found) {
      const body = JSON.stringify({ lost, found })
      await ask(send, server, '/api/lost', { method: 'POST', headers, body })
    },
  }
}

/** Exchange a pairing code for a token. */
export async function pairWith(
  send: typeof fetch,
  server: string,
  code: string,
  name: string,
): Promise<Paired> {
  const body = JSON.stringify({ code, name })
  const answer = await ask(send, server, '/api/pair', { method: 'POST', body })
  const fields = isObject(answer) ? [answer['token'], answer['device'], answer['account']] : []
  const [token, device, account] = fields
  if (typeof token !== 'string' || typeof device !== 'string' || typeof account !== 'string') {
    throw nonsense(server)
  }
  return { token, device, account }
}

interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal
  /** Milliseconds until nobody is expected to answer any more. */
  patience?: number
}

async function ask(
  send: typeof fetch,
  server: string,
  path: string,
  asked: Asked,
): Promise<unknown> {
  const { signal, patience = PATIENCE, ...init } = asked
  const timeout = AbortSignal.timeout(patience)
  const headers: Record<string, string> = { Accept: 'application/json', ...init.headers }
  if (init.body !== undefined) headers['Content-Type'] = 'application/json'
  let response: Response
  let text: string
  try {
    response = await send(server + path, {
      ...init,
      headers,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
    text = await response.text()
  } catch (error) {
    throw new Failed({ type: 'offline', server, detail: String(error) }, 0)
  }
  const answer = parse(text)
  if (response.ok && answer !== undefined) return answer
  throw failed(server, response, isObject(answer) ? answer : {})
}

function failed(server: string, response: Response, problem: ProblemDetails): Failed {
  const { status } = response
  const detail = typeof problem.detail === 'string' ? problem.detail : response.statusText
  const failure: Failure = { type: failureType(status), server, detail }
  return new Failed(failure, status, problem, retryAfter(response))
}

function failureType(status: number): FailureType {
  if (status === 401) return 'unpaired'
  if (status === 403 || status === 421) return 'forbidden'
  if (status === 404 || status === 405) return 'not-postil'
  if (status === 429 || status === 503) return 'busy'
  return status >= 500 ? 'server' : 'answer'
}

/** RFC 9110, section 10.2.3: seconds, or a date, which is read by the server's own clock. */
function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('Retry-After')
  if (value === null) return undefined
  const said = Date.parse(response.headers.get('Date') ?? '')
  const now = Number.isFinite(said) ? said : Date.now()
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isFinite(wait) && wait > 0 ? wait : undefined
}

function answersAll(results: unknown[], operations: readonly Operation[]): boolean {
  return (
    results.length === operations.length &&
    operations.every(({ op, id }, index) => {
      const result = results[index]
      return isObject(result) && result['op'] === op && result['id'] === id
    })
  )
}

function isChangesPage(answer: unknown): answer is ChangesPage & Record<string, unknown> {
  return (
    isObject(answer) &&
    Array.isArray(answer['changes']) &&
    answer['changes'].every(isAnnotation) &&
    typeof answer['cursor'] === 'string' &&
    typeof answer['more'] === 'boolean' &&
    (answer['op'] === undefined || Number.isSafeInteger(answer['op']))
  )
}

/** As far as it takes to know that nothing else is answering. */
function isAnnotation(answer: unknown): answer is Annotation {
  return isObject(answer) && typeof answer['id'] === 'string' && Number.isInteger(answer['rev'])
}

function isManifest(answer: unknown): answer is Manifest & Record<string, unknown> {
  return (
    isObject(answer) &&
    Array.isArray(answer['versions']) &&
    answer['versions'].every(
      (one) => Array.isArray(one) && typeof one[0] === 'string' && Number.isInteger(one[1]),
    )
  )
}

function nonsense(server: string): Failed {
  return new Failed({ type: 'answer', server }, 200)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
