/** The browsers that stories share: a browser takes longer to start than many a story to tell. */

import { type Kind, Profile } from './profile'
import { Reader } from './reader'

export class Browsers {
  #open = new Map<string, Promise<Reader>>()

  /**
   * A reader whose extension knows nothing and whose tabs are closed. `number` tells machines of
   * one kind apart.
   */
  async take(kind: Kind, number = 1): Promise<Reader> {
    const name = `${kind} ${number}`
    const known = await this.#open.get(name)
    if (known?.profile.browser.connected) {
      await known.beginAnew()
      return known
    }
    const opening = Profile.open(kind).then((profile) => new Reader(profile))
    this.#open.set(name, opening)
    // One that did not start is not what the next story has to go by.
    opening.catch(() => this.#open.delete(name))
    return opening
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(all.map(async (opening) => (await opening).close()))
  }
}
