/**
 * What the extension keeps, and its numbered migrations.
 *
 * Only the background script opens this database; page scripts cannot even see it. Everything that
 * must outlive the background script's sudden end stands here, none of it in module variables.
 */
import {
  openDB,
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type StoreNames,
} from 'idb'
import type { Annotation, Color, ColorNames, Fields, Pending } from '../model'
import { keepTally, recount } from './held'

/** A note as it is kept. Its own copy is the server's with the unsent edits applied on top. */
export interface Kept {
  id: string
  /** The keys of the note's address and of its canonical address: look-ups go by either. */
  keys: string[]
  annotation: Annotation
  /** What the server last said, kept only while edits wait; null where it never heard of it. */
  server?: Annotation | null
  /** The number of the full pull that last saw it: what a resync leaves behind, the server lost. */
  generation: number
}

/** One change that the server has not confirmed. */
export interface Entry {
  /** Order of arrival; given by the database. */
  seq: number
  id: string
  state: 'waiting' | 'flying' | 'parked'
  /** The device's counter, given when the entry is taken for sending and never changed after. */
  op?: number
  base: number
  /** In a full pull: whether its reader had seen the server's last text before `base` was lowered. */
  current?: boolean
  set: Fields
  tags_add: string[]
  tags_remove: string[]
  delete: boolean
  at: string
  /** Why the server refused it. */
  refusal?: Refusal
}

/** `code` is for programs; `reason` is the server's own sentence. */
export interface Refusal {
  code: 'too-large' | 'invalid'
  reason: string
  field?: string
}

/** A note the reader deleted here, kept so that it can be brought back. */
export interface Trashed {
  id: string
  annotation: Annotation
  at: string
  /** The day it came here, by the count in `Settings`: no clock empties the trash. */
  day: number
}

/** How many of the server's live notes are held here, and the digest of their versions. */
export interface Tally {
  count: number
  digest: Uint8Array
}

/** A failure, worded only when it is shown, in the reader's language. */
export interface Failure {
  type: FailureType
  server?: string
  detail?: string
}

export type FailureType =
  | 'offline'
  | 'busy'
  | 'server'
  | 'not-postil'
  | 'forbidden'
  | 'unpaired'
  | 'answer'
  | 'storage'
  | 'storage-full'

export interface Pairing {
  server: string
  token: string
  device: string
  account: string
  name: string
}

/** Passages that are not on their pages; see `lost.ts`. */
export interface Losses {
  /** The server's list, as it was last heard of. */
  listed: string[]
  /** When it was read, in milliseconds. */
  read: number
  /** What the server does not know yet, by the note's id: whether it is lost. */
  seen: Record<string, boolean>
}

export interface Settings {
  pairing: Pairing
  /** How far we have read; absent: from the beginning. It belongs to `server` and `account`. */
  cursor: { server: string; account: string; cursor: string }
  /**
   * The cursor the last push was answered with. It lies past our own: only by it can the server
   * tell that it was put back since, to before that push.
   */
  known: string
  /** The counter of the last operation taken for sending. */
  op: number
  /** A full pull that has not come to its end yet. */
  resync: { common: number }
  /** Keys of pages that look different since a sync, until everybody was told. */
  untold: string[]
  /** The number of full pulls begun so far. */
  generation: number
  /** When the server last answered. */
  seen: string
  failure: Failure
  retry: { attempt: number; at: number }
  held: Tally
  /** The date on which it was last compared with the notes themselves. */
  counted: string
  /** The server and we disagree about what there is; until `at` nothing more is done about it. */
  mending: { attempt: number; at: number }
  losses: Losses
  /** The days this extension was in use so far, and the date of the last one. */
  days: { count: number; date: string }
  color: Color
  colorNames: ColorNames
  /** What is being written in pages of the extension, by the names of their ports. */
  drafts: Record<string, Pending[]>
  /** The onboarding page was shown. */
  welcomed: true
}

interface Schema extends DBSchema {
  annotations: { key: string; value: Kept; indexes: { keys: string } }
  outbox: { key: number; value: Entry; indexes: { id: string; state: string } }
  trash: { key: string; value: Trashed; indexes: { day: number } }
  settings: { key: string; value: unknown }
  /** Hosts the reader paused. */
  paused: { key: string; value: { host: string } }
}

export type Database = IDBPDatabase<Schema>
export type Writing = IDBPTransaction<Schema, StoreNames<Schema>[], 'readwrite'>

type Migration = (
  database: IDBPDatabase<Schema>,
  tx: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>,
) => void | Promise<void>

/** Number n brings a database from version n to n + 1. Never change one that was released. */
const MIGRATIONS: readonly Migration[] = [
  (database) => {
    const annotations = database.createObjectStore('annotations', { keyPath: 'id' })
    annotations.createIndex('keys', 'keys', { multiEntry: true })
    const outbox = database.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true })
    outbox.createIndex('id', 'id')
    outbox.createIndex('state', 'state')
    const trash = database.createObjectStore('trash', { keyPath: 'id' })
    // Typed as it is today; the second migration takes this index away.
    trash.createIndex('at' as never, 'at')
    database.createObjectStore('settings')
    database.createObjectStore('paused', { keyPath: 'host' })
  },
  async (_database, tx) => {
    const trash = tx.objectStore('trash')
    trash.deleteIndex('at' as never)
    trash.createIndex('day', 'day')
    let at = await trash.openCursor()
    for (; at; at = await at.continue()) await at.update({ ...at.value, day: 0 })
    const writing = tx as unknown as Writing
    await recount(writing)
    await keepTally(writing)
  },
]

/** `lost` is called when the connection is of no use any more, so that another can be opened. */
export function openDatabase(name: string, lost: () => void = () => {}): Promise<Database> {
  return openDB<Schema>(name, MIGRATIONS.length, {
    upgrade(database, from, _to, tx) {
      const migrating = async () => {
        for (const migrate of MIGRATIONS.slice(from)) await migrate(database, tx)
      }
      // What fails in the middle must leave the database as it was.
      migrating().catch(() => {
        tx.done.catch(() => {})
        tx.abort()
      })
    },
    /** A newer background script wants to migrate: let go at once. */
    blocking(_current, _blocked, event) {
      const database = event.target as IDBDatabase
      database.close()
      lost()
    },
    terminated: lost,
  })
}

export async function setting<K extends keyof Settings>(
  from: Database | Writing,
  name: K,
): Promise<Settings[K] | undefined> {
  const value = 'objectStore' in from
    ? await from.objectStore('settings').get(name)
    : await from.get('settings', name)
  return value as Settings[K] | undefined
}

/** `undefined` forgets it. */
export async function keepSetting<K extends keyof Settings>(
  into: Database | Writing,
  name: K,
  value: Settings[K] | undefined,
): Promise<void> {
  if ('objectStore' in into) {
    const settings = into.objectStore('settings')
    await (value === undefined ? settings.delete(name) : settings.put(value, name))
  } else {
    await (value === undefined
      ? into.delete('settings', name)
      : into.put('settings', value, name))
  }
}
