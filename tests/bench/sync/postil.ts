/** Postil, spoken to as the extension speaks to it. */

import { EDITS, fieldsOf, idOf, NOTES } from './notes'

const BATCH = 500
const PAGE = 1000
const AT = '2026-11-24T08:00:00.000000Z'

export class Postil {
  #op = 0
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async pair(url: string, code: string): Promise<Postil> {
    const body = JSON.stringify({ code, name: 'bench' })
    const headers = { 'Content-Type': 'application/json' }
    const answer = await fetch(`${url}/api/pair`, { method: 'POST', headers, body })
    return new Postil(url, ((await answer.json()) as { token: string }).token)
  }

  /** Keeps all notes. */
  async fill(): Promise<void> {
    for (let from = 0; from < NOTES; from += BATCH) {
      await this.#push(from, from + BATCH, (number) => ({ base: 0, set: fieldsOf(number) }))
    }
  }

  /** Has the server make its index of what is written. */
  async search(): Promise<void> {
    await (await this.#get('/api/search?q=margin')).text()
  }

  /** Edits that were made offline: the text of a thousand notes. */
  async edit(round: number): Promise<void> {
    for (let from = 0; from < EDITS; from += BATCH) {
      await this.#push(from, from + BATCH, () => ({
        base: 2 ** 53 - 1,
        set: { note: `Edited offline, round ${round}: ${'and then some. '.repeat(8)}` },
      }))
    }
  }

  /** Pulls everything, each page asked for while the one before is read; how many notes came. */
  async pull(): Promise<number> {
    let count = 0
    let coming: Promise<Response> | null = this.#get(`/api/changes?limit=${PAGE}`)
    while (coming) {
      const answer: Response = await coming
      const [, next] = /<(.*)>; rel="next"/.exec(answer.headers.get('Link') ?? '') ?? []
      coming = next === undefined ? null : this.#get(next)
      count += ((await answer.json()) as { changes: unknown[] }).changes.length
    }
    return count
  }

  async #push(from: number, to: number, edit: (number: number) => object): Promise<void> {
    const operations = Array.from({ length: to - from }, (_, index) => ({
      op: ++this.#op,
      id: idOf(from + index),
      at: AT,
      ...edit(from + index),
    }))
    const headers = { ...this.#headers, 'Content-Type': 'application/json' }
    const body = JSON.stringify({ operations })
    const answer = await fetch(`${this.url}/api/changes`, { method: 'POST', headers, body })
    const { results } = (await answer.json()) as { results: { status: string }[] }
    const refused = results.filter(({ status }) => status !== 'created' && status !== 'updated')
    if (refused.length) throw new Error(`Postil answered ${JSON.stringify(refused[0])}`)
  }

  #get(path: string): Promise<Response> {
    return fetch(this.url + path, { headers: this.#headers })
  }

  get #headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.token}` }
  }
}
