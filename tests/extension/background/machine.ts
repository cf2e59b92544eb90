/** One browser of a reader, as far as background goes: a database of its own, and what is done. */
import 'fake-indexeddb/auto'
import {
  openDatabase,
  keepSetting,
  type Database,
} from '../../../extension/src/background/database'
import {
  createNote,
  deleteNote,
  editNote,
  notesOn,
  restoreNote,
} from '../../../extension/src/background/notes'
import { beginResync } from '../../../extension/src/background/pulled'
import { synchronize, type Outcome } from '../../../extension/src/background/sync'
import { change } from '../../../extension/src/background/transaction'
import type { Annotation, Draft, Edit } from '../../../extension/src/model'
import type { Cut, MemoryServer } from './memory_server'

export const PAGE = 'https://example.org/article'

let machines = 0

export class Machine {
  /** What happens to requests on their way; replaced by tests that cut the line. */
  cut: Cut = () => {}
  #seconds = 0

  private constructor(
    readonly name: string,
    readonly database: Database,
    readonly server: MemoryServer,
  ) {}

  static async start(server: MemoryServer): Promise<Machine> {
    const name = `machine ${++machines}`
    const machine = new Machine(name, await openDatabase(name), server)
    await keepSetting(machine.database, 'pairing', {
      server: 'memory',
      token: '',
      device: name,
      account: 'default',
      name,
    })
    return machine
  }

  now = () => new Date(Date.UTC(2026, 0, 1, 0, 0, ++this.#seconds))

  async write(note: string, draft: Partial<Draft> = {}): Promise<Annotation> {
    const quote = { exact: 'a passage', prefix: '', suffix: '' }
    const plain: Draft = { url: PAGE, quote, position: null, color: 'yellow', tags: [], note }
    return (await createNote(this.database, { ...plain, ...draft }, this.now)).annotation
  }

  async edit(id: string, edit: Edit): Promise<Annotation> {
    return (await editNote(this.database, id, edit, this.now)).annotation
  }

  async rewrite(id: string, note: string): Promise<Annotation> {
    return this.edit(id, { set: { note } })
  }

  async delete(id: string): Promise<void> {
    await deleteNote(this.database, id, this.now)
  }

  async restore(id: string): Promise<Annotation> {
    return (await restoreNote(this.database, id, this.now)).annotation
  }

  sync(): Promise<Outcome> {
    const client = this.server.client(this.name, (when, what) => {
      this.cut(when, what)
    })
    return synchronize({ database: this.database, client, now: this.now })
  }

  notes(): Promise<Annotation[]> {
    return notesOn(this.database, { url: PAGE })
  }

  /** The texts on the page, sorted. */
  async texts(): Promise<string[]> {
    return (await this.notes()).map(({ note }) => note).sort()
  }

  outbox() {
    return this.database.getAll('outbox')
  }

  async resync(common = 0): Promise<void> {
    await change(this.database, (tx) => beginResync(tx, common))
  }
}
