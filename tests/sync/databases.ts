/** A PostgreSQL of the stories' own: see tests/store/postgresql.py, which is asked line by line. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { python, REPOSITORY } from '../e2e/server'

export class Databases {
  #process: ChildProcess
  #answers: Interface

  private constructor(process: ChildProcess) {
    this.#process = process
    this.#answers = createInterface({ input: process.stdout! })
  }

  static async start(): Promise<Databases> {
    const started = spawn(python(), ['-m', 'tests.store.postgresql'], {
      cwd: REPOSITORY,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    return new Databases(started)
  }

  /** A new one; answers its address. */
  async add(): Promise<string> {
    return this.#ask('add')
  }

  /** A dump of one as it is, while it is used. */
  async copy(url: string): Promise<void> {
    await this.#ask(`copy ${url}`)
  }

  /** The dump in its place; nobody is told. */
  async putBack(url: string): Promise<void> {
    await this.#ask(`put-back ${url}`)
  }

  /** All of it is gone then. */
  async end(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.stdin!.end()
    await ended
  }

  async #ask(command: string): Promise<string> {
    const answered = new AbortController()
    const answer = once(this.#answers, 'line')
    const ended = once(this.#process, 'exit', answered).then(
      () => null,
      () => null,
    )
    this.#process.stdin!.write(`${command}\n`)
    const line = await Promise.race([answer, ended])
    answered.abort() // or each question leaves somebody listening for the end
    if (!line) throw new Error(`PostgreSQL ended while it was asked to ${command}.`)
    return String(line[0])
  }
}
