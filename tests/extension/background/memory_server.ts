/**
 * A server in memory that keeps the contract of `POST` and `GET /api/changes`: field clocks,
 * conflict copies, tombstones, replays, cursors with an epoch. For tests of the sync loop alone;
 * that the real server and this one agree is what `tests/sync` is for.
 */
import { createHash } from 'node:crypto'
import { Failed, type Client, type ProblemDetails } from '../../../extension/src/background/client'
import { apply } from '../../../extension/src/background/record'
import type { Annotation, Operation, Result } from '../../../extension/src/model'

/** Called as a request arrives and as it is answered; cuts the line by throwing. */
export type Cut = (when: 'before' | 'after', what: Request) => void

export type Request = 'push' | 'pull' | 'news' | 'manifest' | 'note' | 'lost'

interface Row {
  annotation: Annotation
  clock: Record<string, number>
  body?: Annotation
}

export class MemoryServer {
  rows = new Map<string, Row>()
  seq = 0
  epoch = 1
  /** The last number both histories share, where a restored server knows it. */
  common = 0
  /** The operations of each request that arrived, in order. */
  arrived: Operation[][] = []
  /** Requests of more operations than this are answered 413. */
  mostOperations = 500
  /** Notes longer than this are rejected, each alone. */
  longestNote = 1000
  /** Ids of the notes that some browser could not find again. */
  lost = new Set<string>()
  #counters = new Map<string, number>()

  /** What one device sees of it. */
  client(device: string, cut: Cut = () => {}): Client {
    return {
      push: async (operations) => {
        cut('before', 'push')
        const results = this.#push(device, structuredClone([...operations]))
        cut('after', 'push')
        return structuredClone({ results, cursor: `${this.epoch}.${this.seq}` })
      },
      pull: async (cursor, known) => {
        cut('before', 'pull')
        if (known !== undefined) this.#pull(known)
        const page = this.#pull(cursor, device)
        cut('after', 'pull')
        return structuredClone(page)
      },
      news: async (cursor) => {
        cut('before', 'news')
        return this.#pull(cursor).changes.length > 0
      },
      manifest: async () => {
        cut('before', 'manifest')
        return { versions: this.live().map(({ id, rev }) => [id, rev]) }
      },
      note: async (id) => {
        cut('before', 'note')
        const annotation = this.rows.get(id)?.annotation
        if (!annotation) return 'unknown'
        return annotation.deleted ? 'deleted' : structuredClone(annotation)
      },
      lost: async () => {
        cut('before', 'lost')
        return [...this.lost]
      },
      tellLost: async (lost, found) => {
        cut('before', 'lost')
        for (const id of lost) if (this.rows.has(id)) this.lost.add(id)
        for (const id of found) this.lost.delete(id)
        cut('after', 'lost')
      },
    }
  }

  /** A copy of all it holds, for `restore`. */
  backup(): Map<string, Row> {
    return structuredClone(this.rows)
  }

  restore(rows: Map<string, Row>): void {
    this.rows = structuredClone(rows)
    this.epoch += 1
  }

  live(): Annotation[] {
    return [...this.rows.values()]
      .map(({ annotation }) => annotation)
      .filter(({ deleted }) => !deleted)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  #push(device: string, operations: Operation[]): Result[] {
    this.arrived.push(operations)
    if (operations.length > this.mostOperations) throw refused(413)
    return operations.map((operation) => {
      const { op, id } = operation
      const replay = op <= (this.#counters.get(device) ?? 0)
      this.#counters.set(device, Math.max(op, this.#counters.get(device) ?? 0))
      if (!replay) return { op, id, ...this.#apply(device, operation) }
      const annotation = this.rows.get(id)?.annotation
      return { op, id, status: 'unchanged', ...(annotation && { annotation }) }
    })
  }

  #apply(device: string, operation: Operation): Omit<Result, 'op' | 'id'> {
    const { id, base, set = {}, at } = operation
    const row = this.rows.get(id)
    if ((set.note?.length ?? 0) > this.longestNote) {
      return { status: 'rejected', code: 'invalid', reason: 'too long', field: 'set.note' }
    }
    if (!row || (row.annotation.deleted && !row.body)) {
      const annotation = row?.annotation
      if (operation.delete) return { status: 'unchanged', ...(annotation && { annotation }) }
      if (set.url === undefined) return { status: 'rejected', code: 'unknown', reason: 'unknown' }
      return { status: 'created', annotation: this.#put(blank(id, at), operation, device, {}) }
    }
    if (row.annotation.deleted && operation.delete) {
      return { status: 'unchanged', annotation: row.annotation }
    }
    const back = row.annotation.deleted
    const before = back && row.body ? row.body : row.annotation
    const merged = row.annotation.rev > base
    const clash =
      set.note !== undefined && set.note !== before.note && (row.clock['note'] ?? 0) > base
    if (operation.delete && !merged) {
      const body = apply(before, change(operation))
      const gone = { ...body, note: '', quote: null, position: null, tags: [], title: '' }
      const annotation = this.#put(gone, { ...operation, set: {}, delete: true }, device, row.clock)
      this.rows.set(id, { annotation, clock: row.clock, body })
      return { status: 'updated', annotation }
    }
    const taken = { ...set }
    if (clash) delete taken.note
    const edit = { ...operation, set: taken, delete: false }
    const annotation = this.#put(before, edit, device, row.clock)
    if (!clash || !set.note) return { status: merged || back ? 'merged' : 'updated', annotation }
    const mine = { ...before, id: `${id}/${device}/${operation.op}`, conflict_of: id }
    const copy = this.#put(mine, { ...operation, delete: false }, device, {})
    return { status: 'conflict', annotation, copy }
  }

  #put(
    before: Annotation,
    operation: Operation,
    device: string,
    clock: Record<string, number>,
  ): Annotation {
    const rev = ++this.seq
    const annotation = { ...apply(before, change(operation)), rev, device }
    const fields = Object.keys(operation.set ?? {}).map((name) => [name, rev] as const)
    this.rows.set(before.id, { annotation, clock: { ...clock, ...Object.fromEntries(fields) } })
    return annotation
  }

  #pull(cursor: string | undefined, device = '') {
    const [epoch = String(this.epoch), since = '0'] = cursor?.split('.') ?? []
    if (epoch !== String(this.epoch) || Number(since) > this.seq) {
      throw refused(410, { common: this.common })
    }
    const after = [...this.rows.values()]
      .map(({ annotation }) => annotation)
      .filter(({ rev }) => rev > Number(since))
      .sort((a, b) => a.rev - b.rev)
    const changes = after.slice(0, 3)
    const last = changes.at(-1)?.rev ?? Number(since)
    const page = { changes, cursor: `${this.epoch}.${last}`, more: after.length > 3 }
    if (page.more) return page
    const op = this.#counters.get(device) ?? 0
    return { ...page, count: this.live().length, digest: this.#digest(), op }
  }

  /** As `store/digest.py` says it. */
  #digest(): string {
    const hashes = this.live().map(({ id, rev }) =>
      createHash('sha256').update(`${id}:${rev}`).digest('hex'),
    )
    const all = hashes.reduce((sum, hash) => sum ^ BigInt(`0x${hash}`), 0n)
    return all.toString(16).padStart(64, '0')
  }
}

export function refused(status: number, problem: ProblemDetails = {}): Failed {
  const failure = { type: 'answer', server: 'memory', detail: `HTTP ${status}` } as const
  return new Failed(failure, status, problem)
}

export function cutOff(): Failed {
  return new Failed({ type: 'offline', server: 'memory' }, 0)
}

function change(operation: Operation) {
  const { set = {}, tags_add = [], tags_remove = [], delete: gone = false, at } = operation
  return { set, tags_add, tags_remove, delete: gone, at }
}

function blank(id: string, at: string): Annotation {
  return {
    id,
    url: '',
    page: '',
    title: '',
    quote: null,
    position: null,
    note: '',
    tags: [],
    color: 'yellow',
    created: at,
    updated: at,
    device: '',
    rev: 0,
    deleted: false,
  }
}
