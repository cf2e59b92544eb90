/** The real server of a story, and what befalls it. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Annotation } from '../../extension/src/model'
import { PostilServer } from '../e2e/server'
import type { Databases } from './databases'
import type { Account } from './device'

/** Paired once each, for all stories: a server lets in only so many a minute. */
const ACCOUNTS = 8

export class Served {
  #copied = false
  #backedUp = false

  private constructor(
    readonly server: PostilServer,
    readonly accounts: Account[],
    readonly aside: string,
    /** Whether stories may kill it and put it back. */
    readonly mayDie: boolean,
    private readonly database: { of: Databases; url: string } | null,
  ) {}

  /** On a new database, or on files where there are no `databases`. */
  static async start(mayDie: boolean, databases: Databases | null): Promise<Served> {
    const database = databases && { of: databases, url: await databases.add() }
    const server = await PostilServer.start(database?.url)
    const operator = await operatorOf(server)
    const accounts: Account[] = []
    for (let index = 0; index < ACCOUNTS; index++) {
      const grant = await ask(server, 'grants', operator, { kind: 'pair' })
      const paired = await ask(server, 'pair', '', { code: grant['secret'], name: `${index}` })
      accounts.push({ url: server.url, token: String(paired['token']), op: 0 })
    }
    const aside = await mkdtemp(join(tmpdir(), 'postil-aside-'))
    return new Served(server, accounts, aside, mayDie, database)
  }

  /** For the next story. */
  forgetCopies(): void {
    this.#copied = this.#backedUp = false
  }

  async kill(): Promise<void> {
    await this.server.kill()
    await this.server.startAgain()
  }

  /** A copy of its files, or a dump of its database, as they are, while it runs. */
  async copy(): Promise<void> {
    this.#copied = true
    if (this.database) return this.database.of.copy(this.database.url)
    const to = join(this.aside, 'files')
    await rm(to, { recursive: true, force: true })
    await cp(this.server.data, to, { recursive: true })
  }

  /** The copy back under it; it is not told. */
  async putBack(): Promise<void> {
    if (!this.#copied) return
    await this.server.kill()
    if (this.database) {
      await this.database.of.putBack(this.database.url)
    } else {
      await rm(this.server.data, { recursive: true })
      await cp(join(this.aside, 'files'), this.server.data, { recursive: true })
    }
    await this.server.startAgain()
  }

  /** As `postil backup` and `postil restore` ask it of a running server. */
  async backup(): Promise<void> {
    const path = join(this.aside, 'backup.json')
    await ask(this.server, 'backup', await operatorOf(this.server), { path })
    this.#backedUp = true
  }

  async restore(): Promise<void> {
    if (!this.#backedUp) return
    const path = join(this.aside, 'backup.json')
    await ask(this.server, 'restore', await operatorOf(this.server), { path })
  }

  async live(page: string): Promise<Annotation[]> {
    const asked = `annotations?${new URLSearchParams({ url: page })}`
    return (await ask(this.server, asked, this.#token))['annotations'] as Annotation[]
  }

  async trash(page: string): Promise<Annotation[]> {
    const asked = await ask(this.server, 'trash?limit=1000', this.#token)
    const trashed = asked['trashed'] as { annotation: Annotation }[]
    return trashed.map(({ annotation }) => annotation).filter(({ url }) => url === page)
  }

  async remove(): Promise<void> {
    await this.server.remove()
    await rm(this.aside, { recursive: true, force: true })
  }

  get #token(): string {
    return this.accounts[0]!.token
  }
}

async function operatorOf(server: PostilServer): Promise<string> {
  const text = await readFile(join(server.data, 'server.json'), 'utf8')
  return (JSON.parse(text) as { token: string }).token
}

async function ask(
  { url }: PostilServer,
  what: string,
  token: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  if (token) headers['Authorization'] = `Bearer ${token}`
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  const response = await fetch(`${url}/api/${what}`, init)
  if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
}
