/** Plays seeds against the real server, and finds the shortest story that still goes wrong. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Annotation } from '../../extension/src/model'
import { PostilServer } from '../e2e/server'
import { Device } from './device'
import { MOST_DEVICES, play, tell, type Stage, type Step } from './story'

/** Every so many seeds have a server of their own, which is killed and put back. */
const ROUGH_EVERY = 3

/** A server of many stories is replaced now and then: each story's devices pull all it holds. */
const STORIES_PER_SERVER = 20

interface Served {
  server: PostilServer
  /** Paired once each, for all stories: a server lets in only so many a minute. */
  tokens: string[]
}

export class Simulation {
  #shared: Served | null = null
  #stories = 0

  /** What goes wrong with this seed: nothing, or sentences and the shortest story found. */
  async run(seed: number): Promise<string | null> {
    const rough = seed % ROUGH_EVERY === 0
    const { devices, steps } = tell(seed, rough)
    let wrong = await this.#play(devices, steps, rough)
    if (!wrong.length) return null
    let shortest = steps
    for (let at = 0; at < shortest.length; ) {
      const shorter = shortest.toSpliced(at, 1)
      const still = await this.#play(devices, shorter, rough)
      if (still.length) [shortest, wrong] = [shorter, still]
      else at += 1
    }
    const story = shortest.map(({ device, act, salt }) => `  device ${device}: ${act} (${salt})`)
    return `Seed ${seed} goes wrong:\n${wrong.join('\n')}\nThe story:\n${story.join('\n')}`
  }

  async close(): Promise<void> {
    await this.#shared?.server.remove()
    this.#shared = null
  }

  async #play(devices: number, steps: readonly Step[], rough: boolean): Promise<string[]> {
    this.#stories += 1
    if (this.#stories % STORIES_PER_SERVER === 0) await this.close()
    const { server, tokens } = rough ? await serve() : (this.#shared ??= await serve())
    const copies = await mkdtemp(join(tmpdir(), 'postil-copy-'))
    const page = `https://example.org/story/${this.#stories}`
    let copied = false
    const stage: Stage = {
      devices: [],
      page,
      kill: async () => {
        await server.kill()
        await server.startAgain()
      },
      copy: async () => {
        await cp(server.data, copies, { recursive: true, force: true })
        copied = true
      },
      putBack: async () => {
        if (!copied) return
        await server.kill()
        await rm(server.data, { recursive: true })
        await cp(copies, server.data, { recursive: true })
        await server.startAgain()
      },
      served: () => served(server.url, tokens[0]!, page),
    }
    try {
      for (let index = 0; index < devices; index++) {
        const line = { url: server.url, token: tokens[index]! }
        stage.devices.push(await Device.start(`device ${index}`, line))
      }
      return await play(stage, steps)
    } finally {
      if (rough) await server.remove()
      await rm(copies, { recursive: true, force: true })
    }
  }
}

async function serve(): Promise<Served> {
  const server = await PostilServer.start()
  const operator = await readFile(join(server.data, 'server.json'), 'utf8')
  const { token } = JSON.parse(operator) as { token: string }
  const tokens: string[] = []
  for (let index = 0; index < MOST_DEVICES; index++) {
    const grant = await post(server.url, 'grants', { kind: 'pair' }, token)
    const code = String(grant['secret'])
    const paired = await post(server.url, 'pair', { code, name: `Device ${index}` })
    tokens.push(String(paired['token']))
  }
  return { server, tokens }
}

async function post(
  url: string,
  resource: string,
  body: object,
  token?: string,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/api/${resource}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${resource}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
}

async function served(url: string, token: string, page: string): Promise<Annotation[]> {
  const asked = `${url}/api/annotations?${new URLSearchParams({ url: page })}`
  const response = await fetch(asked, { headers: { Authorization: `Bearer ${token}` } })
  return ((await response.json()) as { annotations: Annotation[] }).annotations
}
