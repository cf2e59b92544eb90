/**
 * A device of the simulation: the extension's own database, outbox, loop and client, under Node,
 * on a line that can be cut. Only the browser around them is missing.
 */
import 'fake-indexeddb/auto'
import { connect, type Client } from '../../extension/src/background/client'
import { settleConflict } from '../../extension/src/background/conflicts'
import {
  keepSetting,
  openDatabase,
  setting,
  type Database,
} from '../../extension/src/background/database'
import { createNote, deleteNote, editNote, restoreNote } from '../../extension/src/background/notes'
import { synchronize, type Outcome } from '../../extension/src/background/sync'
import type { Annotation, ConflictAnswer, Edit } from '../../extension/src/model'
import { Line } from './line'

/** Where a device syncs to, as whom, and how far it has counted: that is one of a profile's. */
export interface Account {
  url: string
  token: string
  op: number
}

/** All that a profile holds. */
interface Profile {
  annotations: unknown[]
  outbox: unknown[]
  trash: unknown[]
  settings: (readonly [name: string, value: unknown])[]
}

const HOUR = 3_600_000

let databases = 0

export class Device {
  readonly line = new Line()
  /** How far its clock is off, in milliseconds. */
  skew = 0
  #copy: Profile | null = null

  private constructor(
    readonly name: string,
    public account: Account,
    public database: Database,
    public store: string,
  ) {}

  static async start(name: string, account: Account): Promise<Device> {
    const store = `${name} ${++databases}`
    const device = new Device(name, account, await openDatabase(store), store)
    await device.#pair(account)
    return device
  }

  /** The background script ended in the middle of whatever it did, and was started again. */
  async restart(): Promise<void> {
    this.database.close()
    this.database = await openDatabase(this.store)
  }

  /** The profile is gone; a new one is paired anew. */
  async wipe(account: Account): Promise<void> {
    await this.leave()
    this.#copy = null
    this.store = `${this.name} ${++databases}`
    this.database = await openDatabase(this.store)
    await this.#pair(account)
  }

  /** A copy of the profile, as a backup of the machine makes one. */
  async copyProfile(): Promise<void> {
    const settings = await this.database.getAllKeys('settings')
    const values = await this.database.getAll('settings')
    this.#copy = {
      annotations: await this.database.getAll('annotations'),
      outbox: await this.database.getAll('outbox'),
      trash: await this.database.getAll('trash'),
      settings: settings.map((name, index) => [name, values[index]] as const),
    }
  }

  /** The copy is put back; the server is not told. False where there is none. */
  async putProfileBack(): Promise<boolean> {
    const copy = this.#copy
    if (!copy) return false
    this.database.close()
    indexedDB.deleteDatabase(this.store)
    this.store = `${this.name} ${++databases}`
    this.database = await openDatabase(this.store)
    for (const store of ['annotations', 'outbox', 'trash'] as const) {
      for (const record of copy[store]) await this.database.put(store, record as never)
    }
    for (const [name, value] of copy.settings) await this.database.put('settings', value, name)
    return true
  }

  /** What it has counted to is its account's, whoever goes on with it. */
  async leave(): Promise<void> {
    this.account.op = Math.max((await setting(this.database, 'op')) ?? 0, this.account.op)
    this.database.close()
    indexedDB.deleteDatabase(this.store)
  }

  get client(): Client {
    return connect(this.line.send, this.account.url, this.account.token)
  }

  /** As long after the last one as a machine that sleeps in between would. */
  async sync(): Promise<Outcome> {
    this.skew += HOUR
    return synchronize({ database: this.database, client: this.client, now: this.now })
  }

  /** Whether something is new at the server, within seconds. */
  async listen(seconds: number, signal: AbortSignal): Promise<boolean> {
    const cursor = (await setting(this.database, 'cursor'))?.cursor
    return this.client.news(cursor, seconds, signal)
  }

  async write(url: string, note: string): Promise<void> {
    const quote = { exact: `the passage of ${note}`, prefix: '', suffix: '' }
    const draft = { url, quote, position: null, color: 'yellow', note } as const
    await createNote(this.database, { ...draft, tags: [] }, this.now)
  }

  async edit(id: string, edit: Edit): Promise<void> {
    await editNote(this.database, id, edit, this.now)
  }

  async delete(id: string): Promise<void> {
    await deleteNote(this.database, id, this.now)
  }

  async restore(id: string): Promise<void> {
    await restoreNote(this.database, id, this.now)
  }

  async settle(answer: ConflictAnswer): Promise<void> {
    await settleConflict(this.database, answer, this.now)
  }

  /** Its live notes, in an order that is the same whenever the story is told again. */
  async live(url: string): Promise<Annotation[]> {
    const all = await this.database.getAll('annotations')
    return all
      .map(({ annotation }) => annotation)
      .filter((annotation) => !annotation.deleted && annotation.url === url)
      .sort(byText)
  }

  async trash(url: string): Promise<Annotation[]> {
    const all = await this.database.getAll('trash')
    return all
      .map(({ annotation }) => annotation)
      .filter((annotation) => annotation.url === url)
      .sort(byText)
  }

  now = () => new Date(Date.now() + this.skew)

  async #pair(account: Account): Promise<void> {
    this.account = account
    const { url: server, token, op } = account
    const pairing = { server, token, device: this.name, account: 'default', name: this.name }
    await keepSetting(this.database, 'pairing', pairing)
    await keepSetting(this.database, 'op', op)
  }
}

function byText(one: Annotation, other: Annotation): number {
  const key = ({ note, conflict_of, id }: Annotation) => `${note} ${conflict_of ? 1 : 0} ${id}`
  return key(one) < key(other) ? -1 : 1
}
