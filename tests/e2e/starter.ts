/** The process that servers are forked from; see starter.py, which says what it is asked. */

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { python, REPOSITORY } from './server'

interface Answer {
  pid?: number
  line?: string
  ended?: number
}

export class Starter {
  static #one: Starter | null = null

  /** One for all servers of this process, started when it is first needed. */
  static get one(): Starter {
    return (Starter.#one ??= new Starter())
  }

  #process: ChildProcessByStdio<Writable, Readable, Readable>
  #waiting: { tell: (answer: Answer) => void; fail: (why: Error) => void }[] = []
  #said = ''

  private constructor() {
    this.#process = spawn(python(), ['-m', 'tests.e2e.starter'], {
      cwd: REPOSITORY,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#process.stderr.on('data', (bytes: Buffer) => (this.#said += String(bytes)))
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      this.#waiting.shift()?.tell(JSON.parse(line) as Answer)
    })
    this.#process.on('exit', () => {
      for (const { fail } of this.#waiting) fail(new Error(`No server starts:\n${this.#said}`))
      this.#waiting = []
      Starter.#one = null
    })
  }

  /** Runs `postil` with these arguments; answers its process, and the first line it said. */
  async start(args: string[]): Promise<{ pid: number; line: string }> {
    this.#said = ''
    const { pid, line } = await this.#ask({ start: args })
    if (!pid || !line) throw new Error(`The server did not start:\n${this.#said}`)
    return { pid, line }
  }

  /** Ends a server by a signal's number, and waits until it is gone. */
  async end(pid: number, signal: number): Promise<void> {
    await this.#ask({ end: pid, signal })
  }

  #ask(what: object): Promise<Answer> {
    return new Promise((tell, fail) => {
      this.#waiting.push({ tell, fail })
      this.#process.stdin.write(`${JSON.stringify(what)}\n`)
    })
  }
}
