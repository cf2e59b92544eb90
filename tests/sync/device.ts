/**
 * A device of the simulation: the extension's own database, outbox, loop and client, under Node,
 * on a line that can be cut. Only the browser around them is missing.
 */
import 'fake-indexeddb/auto'
import { connect } from '../../extension/src/background/client'
import {
  keepSetting,
  openDatabase,
  type Database,
} from '../../extension/src/background/database'
import { createNote, deleteNote, editNote } from '../../extension/src/background/notes'
import { synchronize, type Outcome } from '../../extension/src/background/sync'
import type { Annotation, Edit } from '../../extension/src/model'

/** What becomes of the next request. */
export type Weather = 'fair' | 'lost' | 'unanswered' | 'doubled'

/** Where it syncs to, and the token it got when it was paired. */
export interface Line {
  url: string
  token: string
}

let databases = 0

export class Device {
  requests = 0
  /** One for each request to come; fair when it runs out. */
  weather: Weather[] = []

  private constructor(
    readonly name: string,
    readonly line: Line,
    public database: Database,
    public store: string,
  ) {}

  static async start(name: string, line: Line): Promise<Device> {
    const store = `${name} ${++databases}`
    const device = new Device(name, line, await openDatabase(store), store)
    await device.#knowServer()
    return device
  }

  /** The background script ended in the middle of whatever it did, and was started again. */
  async restart(): Promise<void> {
    this.database.close()
    this.database = await openDatabase(this.store)
  }

  /** An old profile was put back, from before the first note: all it knows is the server. */
  async wipe(): Promise<void> {
    this.database.close()
    this.store = `${this.name} ${++databases}`
    this.database = await openDatabase(this.store)
    await this.#knowServer()
  }

  async sync(): Promise<Outcome> {
    const client = connect(this.#send, this.line.url, this.line.token)
    return synchronize({ database: this.database, client, now })
  }

  async write(url: string, note: string): Promise<void> {
    const quote = { exact: `the passage of ${note}`, prefix: '', suffix: '' }
    const draft = { url, quote, position: null, color: 'yellow', tags: [], note } as const
    await createNote(this.database, { ...draft, tags: [] }, now)
  }

  async edit(id: string, edit: Edit): Promise<void> {
    await editNote(this.database, id, edit, now)
  }

  async delete(id: string): Promise<void> {
    await deleteNote(this.database, id, now)
  }

  async live(): Promise<Annotation[]> {
    const all = await this.database.getAll('annotations')
    return all.map(({ annotation }) => annotation).filter(({ deleted }) => !deleted)
  }

  async #knowServer(): Promise<void> {
    const { url: server, token } = this.line
    const pairing = { server, token, device: this.name, account: 'default', name: this.name }
    await keepSetting(this.database, 'pairing', pairing)
  }

  #send: typeof fetch = async (input, init) => {
    this.requests += 1
    const weather = this.weather.shift() ?? 'fair'
    if (weather === 'lost') throw new TypeError('The line was cut before the request arrived.')
    if (weather === 'doubled') await (await fetch(input, init)).text()
    const response = await fetch(input, init)
    if (weather !== 'unanswered') return response
    await response.text()
    throw new TypeError('The line was cut before the answer arrived.')
  }
}

const now = () => new Date()
