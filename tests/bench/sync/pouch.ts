/** PouchDB's server and client, both in memory: nothing of theirs is held up by a disk. */

import { createRequire } from 'node:module'
import { join } from 'node:path'
import { EDITS, fieldsOf, idOf, NOTES } from './notes'

/** What is used of PouchDB, whose types are another package. */
interface Database {
  bulkDocs(docs: object[]): Promise<{ ok?: boolean; rev?: string }[]>
  info(): Promise<{ doc_count: number }>
  destroy(): Promise<unknown>
}
interface Constructor {
  new (name: string, options?: object): Database
  plugin(plugin: unknown): Constructor
  replicate(from: Database, to: Database, options: object): Promise<{ docs_written: number }>
}

const BATCH = 500

// Installed apart from the tests' own packages: this file is bundled elsewhere than it stands.
const from = createRequire(join(process.cwd(), 'bench', 'sync', 'package.json'))
const load = (name: string): unknown => {
  const loaded = from(name) as { default?: unknown }
  return loaded.default ?? loaded
}

export class Pouch {
  #revs: (string | undefined)[] = []
  private constructor(
    private readonly make: Constructor,
    private readonly remote: Database,
  ) {}

  static open(url: string): Pouch {
    const PouchDB = (load('pouchdb-core') as Constructor)
      .plugin(load('pouchdb-adapter-memory'))
      .plugin(load('pouchdb-adapter-http'))
      .plugin(load('pouchdb-replication'))
    return new Pouch(PouchDB, new PouchDB(`${url}/notes`))
  }

  async fill(): Promise<void> {
    for (let from = 0; from < NOTES; from += BATCH) {
      const docs = Array.from({ length: BATCH }, (_, index) => this.#doc(from + index))
      const answers = await this.remote.bulkDocs(docs)
      if (from < EDITS) this.#revs.push(...answers.map(({ rev }) => rev))
    }
  }

  async edit(round: number): Promise<void> {
    for (let from = 0; from < EDITS; from += BATCH) {
      const docs = Array.from({ length: BATCH }, (_, index) => ({
        ...this.#doc(from + index),
        _rev: this.#revs[from + index],
        note: `Edited offline, round ${round}: ${'and then some. '.repeat(8)}`,
      }))
      const answers = await this.remote.bulkDocs(docs)
      answers.forEach(({ ok, rev }, index) => {
        if (!ok) throw new Error('PouchDB refused an edit.')
        this.#revs[from + index] = rev
      })
    }
  }

  async pull(): Promise<number> {
    const local = new this.make('pulled', { adapter: 'memory' })
    const { docs_written } = await this.make.replicate(this.remote, local, {
      batch_size: 1000,
      batches_limit: 10,
    })
    await local.destroy()
    return docs_written
  }

  #doc(number: number): object {
    return { _id: idOf(number), ...fieldsOf(number) }
  }
}
