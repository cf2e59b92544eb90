/** Plays seeds against the real server, and finds the shortest story that still goes wrong. */
import { Databases } from './databases'
import { Device } from './device'
import { play, type Stage } from './play'
import { Served } from './served'
import { shorten } from './shorten'
import { tell, type Step } from './story'

/** Every so many seeds are played on a server that is killed and put back. */
const ROUGH_EVERY = 3

/** A server of many stories is replaced now and then: each story's devices pull all it holds. */
const STORIES_PER_SERVER = 20

const MOST_TRIALS = 150
const PORT_TAKEN = 'listens on'

export type Store = 'tinydb' | 'postgresql'

export class Simulation {
  #servers = new Map<boolean, { served: Served; stories: number }>()
  #stories = 0
  #databases: Promise<Databases> | null = null

  constructor(private readonly store: Store) {}

  /** What goes wrong with this seed: nothing, or sentences and the shortest story found. */
  async run(seed: number): Promise<string | null> {
    const rough = seed % ROUGH_EVERY === 0
    const { devices, steps } = tell(seed, rough)
    let wrong = await this.#play(devices, steps, rough)
    // Between its death and its return another program may have taken the server's port.
    if (wrong.some((sentence) => sentence.includes(PORT_TAKEN))) {
      wrong = await this.#play(devices, steps, rough)
    }
    if (!wrong.length) return null
    const goesWrong = async (shorter: readonly Step[]) => {
      const still = await this.#play(devices, shorter, rough)
      if (still.length) wrong = still
      return still.length > 0
    }
    const shortest = await shorten(steps, goesWrong, MOST_TRIALS)
    const story = shortest.map(({ device, act, salt }) => `  device ${device}: ${act} (${salt})`)
    return [
      `Seed ${seed} goes wrong:`,
      ...wrong,
      `The shortest story found has ${shortest.length} of ${steps.length} steps:`,
      ...story,
      `Play it again: make simulate SEED=${seed} STORE=${this.store}`,
    ].join('\n')
  }

  async close(): Promise<void> {
    for (const { served } of this.#servers.values()) await served.remove()
    this.#servers.clear()
    await (await this.#databases)?.end()
  }

  async #play(devices: number, steps: readonly Step[], rough: boolean): Promise<string[]> {
    const served = await this.#serverFor(rough)
    const [used, spare] = [served.accounts.slice(0, devices), served.accounts.slice(devices)]
    const stage: Stage = {
      devices: [],
      page: `https://example.org/story/${++this.#stories}`,
      server: served,
      spare,
    }
    try {
      for (const [index, account] of used.entries()) {
        stage.devices.push(await Device.start(`device ${index}`, account))
      }
      return await play(stage, steps)
    } catch (error) {
      // Whatever state it is in, no other story is to be told on it.
      this.#servers.delete(rough)
      await served.remove()
      return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
    } finally {
      for (const device of stage.devices) await device.leave()
    }
  }

  async #serverFor(rough: boolean): Promise<Served> {
    let running = this.#servers.get(rough)
    if (running && running.stories >= STORIES_PER_SERVER) {
      await running.served.remove()
      running = undefined
    }
    running ??= { served: await Served.start(rough, await this.#databasesNow()), stories: 0 }
    this.#servers.set(rough, running)
    running.stories += 1
    running.served.forgetCopies()
    return running.served
  }

  async #databasesNow(): Promise<Databases | null> {
    if (this.store === 'tinydb') return null
    return (this.#databases ??= Databases.start())
  }
}
