/** The real server, as a child process on a data folder of its own. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Starter } from './starter'

/** The first line of `postil serve --json`. */
export interface Announcement {
  url: string
  pairing: { code: string; link: string }
  sign_in: string
}

interface Kept {
  quote: { exact: string }
  color: string
  note: string
}

export const REPOSITORY = join(import.meta.dirname, '..', '..')

export class PostilServer {
  readonly data: string
  #pid: number | null = null
  #announced: Announcement | null = null

  private constructor(
    data: string,
    private readonly store: string | undefined,
  ) {
    this.data = data
  }

  /** Its notes are in a file of its data folder, or in the database at `store`. */
  static async start(store?: string): Promise<PostilServer> {
    const server = new PostilServer(await mkdtemp(join(tmpdir(), 'postil-data-')), store)
    await server.#run(0)
    return server
  }

  get url(): string {
    return this.#now.url
  }

  get pairing(): Announcement['pairing'] {
    return this.#now.pairing
  }

  /** The one-time link that signs a browser in to the library. */
  get signIn(): string {
    return this.#now.sign_in
  }

  /** As the operator would: with a signal that lets it finish. */
  async stop(): Promise<void> {
    await this.#end(constants.signals.SIGTERM)
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    await this.#end(constants.signals.SIGKILL)
  }

  /** The same data folder, the same port. */
  async startAgain(): Promise<void> {
    await this.#run(Number(new URL(this.url).port))
  }

  /** Ends the process, whatever state it is in, and removes its data. */
  async remove(): Promise<void> {
    await this.#end(constants.signals.SIGKILL)
    await rm(this.data, { recursive: true, force: true })
  }

  /** Runs another `postil` command on the same data folder; answers what it printed. */
  async command(...args: string[]): Promise<string> {
    const { text, code, errors } = await run([...args, '--data', this.data])
    if (code !== 0) throw new Error(`postil ${args.join(' ')} ended with ${code}: ${errors}`)
    return text
  }

  /** A fresh pairing code, asked for as `postil pair` asks: each is good for one device. */
  async pairingCode(): Promise<string> {
    const left = await readFile(join(this.data, 'server.json'), 'utf8')
    const { token } = JSON.parse(left) as { token: string }
    const response = await fetch(`${this.url}/api/grants`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ kind: 'pair' }),
    })
    if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`)
    return ((await response.json()) as { secret: string }).secret
  }

  /** Pairs as a program would; answers a token that reads and writes the same notes. */
  async token(code?: string): Promise<string> {
    const response = await fetch(`${this.url}/api/pair`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code: code ?? (await this.pairingCode()), name: 'The test itself' }),
    })
    const answer = (await response.json()) as { token?: string }
    if (!answer.token) throw new Error(`Pairing answered ${response.status}`)
    return answer.token
  }

  /** What it holds for a page, as any program may ask: [passage, colour, note], by passage. */
  async kept(token: string, url: string): Promise<string[][]> {
    const asked = `${this.url}/api/annotations?url=${encodeURIComponent(url)}`
    const response = await fetch(asked, { headers: { Authorization: `Bearer ${token}` } })
    const { annotations } = (await response.json()) as { annotations: Kept[] }
    const rows = annotations.map(({ quote, color, note }) => [quote.exact, color, note])
    return rows.sort((a, b) => (a[0]! < b[0]! ? -1 : 1))
  }

  /** Everything, as any program may take it out. */
  async export(token: string, format: string): Promise<unknown> {
    const headers = { Authorization: `Bearer ${token}` }
    return (await fetch(`${this.url}/api/export?format=${format}`, { headers })).json()
  }

  /** Makes a note as any program may. */
  async write(token: string, note: Record<string, unknown>): Promise<void> {
    const response = await fetch(`${this.url}/api/annotations`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(note),
    })
    if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`)
  }

  /** Tells, as any browser may, that the passage of a note is not on its page. */
  async lose(token: string, id: string): Promise<void> {
    const response = await fetch(`${this.url}/api/lost`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ lost: [id] }),
    })
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  }

  /** Sends an operation, as any device may. */
  async change(token: string, operation: Record<string, unknown>): Promise<void> {
    const response = await fetch(`${this.url}/api/changes`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ operations: [operation] }),
    })
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  }

  /** Changes the text of the only note of a page, as any program may. */
  async edit(token: string, url: string, note: string): Promise<void> {
    await this.#onOnly(token, url, 'PATCH', { note })
  }

  /** Deletes the only note of a page. */
  async delete(token: string, url: string): Promise<void> {
    await this.#onOnly(token, url, 'DELETE')
  }

  async #onOnly(token: string, url: string, method: string, body?: object): Promise<void> {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const asked = `${this.url}/api/annotations?url=${encodeURIComponent(url)}`
    const { annotations } = (await (await fetch(asked, { headers })).json()) as {
      annotations: { id: string }[]
    }
    const response = await fetch(`${this.url}/api/annotations/${annotations[0]?.id}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  }

  get #now(): Announcement {
    if (!this.#announced) throw new Error('The server has not been started.')
    return this.#announced
  }

  async #run(port: number): Promise<void> {
    const store = this.store ? ['--store', this.store] : []
    const where = ['--port', String(port), '--data', this.data, ...store]
    const { pid, line } = await Starter.one.start(['serve', '--json', ...where])
    this.#pid = pid
    this.#announced = JSON.parse(line) as Announcement
  }

  async #end(signal: number): Promise<void> {
    const pid = this.#pid
    this.#pid = null
    if (pid !== null) await Starter.one.end(pid, signal)
  }
}

/** The environment `make` prepares, unless POSTIL_PYTHON names another. */
export function python(): string {
  const made = join(REPOSITORY, '.venv', 'bin', 'python')
  const program = process.env['POSTIL_PYTHON'] ?? made
  if (program === made && !existsSync(made)) {
    throw new Error('There is no .venv with the server in it: run `make` first.')
  }
  return program
}

async function run(args: string[]): Promise<{ text: string; errors: string; code: number }> {
  const child = spawn(python(), ['-m', 'server', ...args], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out: Buffer[] = []
  const errors: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => errors.push(bytes))
  const [code] = (await once(child, 'close')) as [number]
  return {
    text: Buffer.concat(out).toString(),
    errors: Buffer.concat(errors).toString(),
    code,
  }
}
