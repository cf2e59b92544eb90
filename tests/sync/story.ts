/**
 * One seeded story: devices edit, sync over a bad line, are restarted and wiped, the server is
 * killed or put back from an old copy of its files. Then all lines are mended, everybody syncs, and
 * it is checked that nothing is lost, doubled or different anywhere.
 *
 * What counts as lost: a text that somebody typed, that nobody who saw it has rewritten or deleted
 * since, and that no note says any more.
 */
import type { Annotation } from '../../extension/src/model'
import type { Device, Weather } from './device'
import { Random } from './random'

export interface Step {
  device: number
  act: Act
  /** Chance for the act's own choices, so that a step means the same in a shortened story. */
  salt: number
}

export type Act =
  | 'write'
  | 'rewrite'
  | 'recolour'
  | 'tag'
  | 'delete'
  | 'sync'
  | 'restart'
  | 'wipe'
  | 'kill'
  | 'copy'
  | 'put-back'

/** The world a story happens in. `kill`, `copy` and `putBack` are for servers of its own. */
export interface Stage {
  devices: Device[]
  page: string
  kill(): Promise<void>
  copy(): Promise<void>
  putBack(): Promise<void>
  /** The live notes the server holds of this story's page. */
  served(): Promise<Annotation[]>
}

export const MOST_DEVICES = 5

const CALM: Partial<Record<Act, number>> = {
  write: 4,
  rewrite: 6,
  recolour: 2,
  tag: 2,
  delete: 1.5,
  sync: 8,
  restart: 1,
  wipe: 0.2,
}
const ROUGH: Partial<Record<Act, number>> = {
  ...CALM,
  sync: 12,
  kill: 0.5,
  copy: 1.5,
  'put-back': 1,
}

export function tell(seed: number, rough: boolean): { devices: number; steps: Step[] } {
  const random = new Random(seed)
  const devices = 2 + random.below(MOST_DEVICES - 1)
  const steps = Array.from({ length: 20 + random.below(30) }, (_, number) => ({
    device: random.below(devices),
    act: random.choose((rough ? ROUGH : CALM) as Record<Act, number>),
    salt: seed * 1000 + number,
  }))
  return { devices, steps }
}

/** Act it out. Answers what is wrong in the end, in sentences; nothing when all is well. */
export async function play(stage: Stage, steps: readonly Step[]): Promise<string[]> {
  const texts = new Texts()
  let restored = false
  for (const [number, step] of steps.entries()) {
    const device = stage.devices[step.device % stage.devices.length]!
    restored ||= step.act === 'put-back'
    await take(step, `${step.salt}.${number}`, device, stage, texts)
  }
  const requests = stage.devices.map((device) => device.requests)
  await heal(stage)
  const healing = stage.devices.map((device, index) => device.requests - requests[index]!)
  return check(stage, texts, healing, restored)
}

/** Which texts must still be found: the ends of all chains of rewriting. */
class Texts {
  #alive = new Set<string>()

  typed(text: string, over?: string): void {
    if (over !== undefined) this.#alive.delete(over)
    this.#alive.add(text)
  }

  gone(text: string): void {
    this.#alive.delete(text)
  }

  get alive(): string[] {
    return [...this.#alive]
  }
}

async function take(
  { act, salt }: Step,
  name: string,
  device: Device,
  stage: Stage,
  texts: Texts,
): Promise<void> {
  const random = new Random(salt)
  const notes = (await device.live()).filter(({ url }) => url === stage.page)
  const note = notes.length ? random.pick(notes.sort((a, b) => (a.id < b.id ? -1 : 1))) : undefined
  switch (act) {
    case 'write':
      await device.write(stage.page, `text ${name}`)
      return texts.typed(`text ${name}`)
    case 'rewrite':
      if (!note) return
      await device.edit(note.id, { set: { note: `text ${name}` }, base: note.rev })
      return texts.typed(`text ${name}`, note.note)
    case 'recolour':
      if (!note) return
      return device.edit(note.id, { set: { color: random.pick(['blue', 'pink', 'green']) } })
    case 'tag':
      if (!note) return
      return device.edit(note.id, {
        tags_add: [`tag ${random.below(5)}`],
        tags_remove: note.tags.slice(0, 1),
      })
    case 'delete':
      if (!note) return
      await device.delete(note.id)
      return texts.gone(note.note)
    case 'sync':
      device.weather = Array.from({ length: 12 }, () =>
        random.choose<Weather>({ fair: 8, lost: 1, unanswered: 1, doubled: 1 }),
      )
      await device.sync()
      device.weather = []
      return
    case 'restart':
      return device.restart()
    case 'wipe':
      for (const text of await onlyOn(device, stage, texts.alive)) texts.gone(text)
      return device.wipe()
    case 'kill':
      return stage.kill()
    case 'copy':
      return stage.copy()
    case 'put-back':
      return stage.putBack()
  }
}

/** What goes with this device, since neither the server nor another device has it. */
async function onlyOn(device: Device, stage: Stage, texts: string[]): Promise<string[]> {
  const others = stage.devices.filter((other) => other !== device)
  const elsewhere = [await stage.served(), ...(await Promise.all(others.map((one) => one.live())))]
  const safe = new Set(elsewhere.flat().map(({ note }) => note))
  return texts.filter((text) => !safe.has(text))
}

async function heal({ devices }: Stage): Promise<void> {
  for (let round = 0; round < 3; round++) {
    for (const device of devices) {
      const { failure } = await device.sync()
      if (failure) throw new Error(`${device.name} cannot sync: ${JSON.stringify(failure)}`)
    }
  }
}

async function check(
  stage: Stage,
  texts: Texts,
  requests: number[],
  restored: boolean,
): Promise<string[]> {
  const wrong: string[] = []
  const served = await stage.served()
  for (const device of stage.devices) {
    const held = (await device.live()).filter(({ url }) => url === stage.page)
    const [here, there] = [held, served].map(summary)
    if (here !== there) wrong.push(`${device.name} holds\n${here}\nbut the server\n${there}`)
    const left = (await device.database.getAll('outbox')).length
    if (left) wrong.push(`${device.name} still has ${left} unsent changes.`)
  }
  const found = served.map(({ note }) => note)
  for (const text of texts.alive) {
    if (!found.includes(text)) wrong.push(`"${text}" is lost.`)
  }
  // After a restore a text may stand twice, once in an older wording's copy: never lost is first.
  const doubled = found.filter((text, index) => found.indexOf(text) !== index)
  if (doubled.length && !restored) wrong.push(`Doubled: ${doubled.join(', ')}`)
  for (const [index, count] of requests.entries()) {
    if (count > 60) wrong.push(`Device ${index} needed ${count} requests to heal.`)
  }
  return wrong
}

function summary(notes: readonly Annotation[]): string {
  return notes
    .map(({ id, rev, note, color, tags }) => `  ${id} r${rev} "${note}" ${color} [${tags.join()}]`)
    .sort()
    .join('\n')
}
