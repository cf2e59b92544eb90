/**
 * While a page of the extension is open, what another machine changes shows here at once: one
 * request waits at the server (a *long poll*) and is answered when something is new.
 *
 * It only rings the bell. What is new is pulled by an ordinary sync, so that there is still one
 * writer, and a request that waits never keeps one that has something to say. Each page holds a
 * port open; when the browser ends this script, the page sees its port close, and opens another.
 */
import type { Client } from './client'
import { Failed } from './client'

/** What the loop needs of the world; Node has it too. */
export interface Surroundings {
  /** Null while there is nobody to listen to: unpaired, or not let in. */
  server(): Promise<{ client: Client; cursor: string | undefined } | null>
  sync(): Promise<void>
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
}

const SECONDS = 25
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 30_000

/** Listen until the signal is aborted. Whatever happens, it never asks in a tight circle. */
export async function listen(around: Surroundings, signal: AbortSignal): Promise<void> {
  let vain = 0
  while (!signal.aborted) {
    const useful = await listenOnce(around, signal).catch(() => false)
    vain = useful ? 0 : vain + 1
    if (vain) await around.pause(Math.min(FIRST_PAUSE * 2 ** (vain - 1), LONGEST_PAUSE), signal)
  }
}

/** False where asking again at once would be of no use. */
async function listenOnce(around: Surroundings, signal: AbortSignal): Promise<boolean> {
  const server = await around.server()
  if (!server) return false
  const { client, cursor } = server
  const began = performance.now()
  const news = await client.news(cursor, SECONDS, signal).catch((error: unknown) => {
    // The history is another one now: the sync will find out what to do.
    if (error instanceof Failed && error.status === 410) return true
    throw error
  })
  if (signal.aborted) return true
  // A server where too many wait answers at once, and with nothing.
  if (!news) return performance.now() - began > FIRST_PAUSE
  await around.sync()
  return (await around.server())?.cursor !== cursor
}

/** Holds the loop running as long as anybody is there. */
export class Audience {
  #here = new Set<object>()
  #loop: AbortController | null = null

  constructor(readonly around: Surroundings) {}

  /** Answers how to leave. */
  join(): () => void {
    const one = {}
    this.#here.add(one)
    if (!this.#loop) this.stir()
    return () => {
      this.#here.delete(one)
      if (this.#here.size) return
      this.#loop?.abort()
      this.#loop = null
    }
  }

  /** There is another server to listen to, or the old one again: no need to wait any longer. */
  stir(): void {
    if (!this.#here.size) return
    this.#loop?.abort()
    this.#loop = new AbortController()
    void listen(this.around, this.#loop.signal)
  }
}

export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const over = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, milliseconds)
    signal.addEventListener('abort', over)
  })
}
