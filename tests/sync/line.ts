/**
 * The line between a device and the server, and its weather. Requests and answers get lost, come
 * twice, or come after all that was said later; a cache on the way answers what it once heard.
 */
import type { Random } from './random'

/** What becomes of a request. */
export type Weather =
  | 'fair'
  /** Cut before it arrived. */
  | 'lost'
  /** Cut before the answer arrived. */
  | 'unanswered'
  /** It arrives twice. */
  | 'doubled'
  /** Its sender gave it up; it arrives after later ones. */
  | 'late'
  /** Answered by a cache, with what was answered to the same question before. */
  | 'stale'

const BAD: Record<Weather, number> = {
  fair: 12,
  lost: 1.5,
  unanswered: 1.5,
  doubled: 1.5,
  late: 1.5,
  stale: 1,
}

interface Request {
  url: string
  init: RequestInit
}

export class Line {
  requests = 0
  /** Null while all is fair. */
  #chance: Random | null = null
  #late: Request[] = []
  #heard = new Map<string, string>()

  worsen(chance: Random): void {
    this.#chance = chance
  }

  clear(): void {
    this.#chance = null
  }

  /** What was given up long ago arrives now. Nobody hears the answers. */
  async deliverLate(): Promise<void> {
    for (const { url, init } of this.#late.splice(0)) await arrive(url, init).catch(() => null)
  }

  send: typeof fetch = async (input, init = {}) => {
    this.requests += 1
    const url = String(input)
    const weather = this.#chance?.choose(BAD) ?? 'fair'
    if (weather === 'lost') throw new TypeError('The line was cut before the request arrived.')
    if (weather === 'late') {
      this.#late.push({ url, init })
      throw new TypeError('Nobody answered in time.')
    }
    const known = this.#heard.get(url)
    if (weather === 'stale' && known !== undefined) return new Response(known)
    if (weather === 'doubled') await arrive(url, init)
    const { text, response } = await arrive(url, init)
    if (weather === 'unanswered') {
      throw new TypeError('The line was cut before the answer arrived.')
    }
    if (init.method === undefined && response.ok) this.#heard.set(url, text)
    return new Response(text, response)
  }
}

async function arrive(url: string, init: RequestInit) {
  const response = await fetch(url, init)
  return { text: await response.text(), response }
}
