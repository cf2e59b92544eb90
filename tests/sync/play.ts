/**
 * Acts a story out. Then all lines are mended, everybody syncs, and it is checked that nothing is
 * lost, doubled or different anywhere.
 */
import { check, checkNothingLost, everywhere } from './check'
import type { Account, Device } from './device'
import { Random } from './random'
import { spoil } from './spoil'
import type { Act, Step } from './story'
import type { Served } from './served'
import { Texts } from './texts'

/** The world a story happens in. */
export interface Stage {
  devices: Device[]
  page: string
  server: Served
  /** For a device whose profile is gone. */
  spare: Account[]
}

/** After these somebody tells of what others know to be over. */
const BACK_IN_TIME = new Set<Act>(['put-back', 'restore-backup', 'old-profile'])

/** Some waits for news are cut from outside, by the server's end or the page's. */
const NEWS_SECONDS = 5

/** Answers what is wrong in the end, in sentences; nothing when all is well. */
export async function play(stage: Stage, steps: readonly Step[]): Promise<string[]> {
  const texts = new Texts()
  let putBack = false
  for (const step of steps) {
    const device = stage.devices[step.device % stage.devices.length]!
    putBack ||= BACK_IN_TIME.has(step.act)
    const wrong = await take(step, device, stage, texts)
    if (wrong.length) return wrong
  }
  const before = stage.devices.map(({ line }) => line.requests)
  const unwell = await heal(stage)
  const requests = stage.devices.map(({ line }, index) => line.requests - before[index]!)
  // One machine has the texts of a conflict change places while another brings one of them back.
  const acts = new Set(steps.map(({ act }) => act))
  const mayDouble = putBack || (acts.has('settle') && acts.has('restore'))
  return [...unwell, ...(await check(stage, texts, requests, { putBack, mayDouble }))]
}

async function take(
  { act, salt }: Step,
  device: Device,
  stage: Stage,
  texts: Texts,
): Promise<string[]> {
  const { page, server } = stage
  const random = new Random(salt)
  const text = `text ${salt}`
  const notes = await device.live(page)
  const note = notes.length ? random.pick(notes) : undefined
  /** What an event may take with it is what nobody else has. */
  const losing = async (event: () => Promise<unknown>) => {
    const wrong = await checkNothingLost(stage, texts)
    await event()
    texts.excuse(texts.missing(await everywhere(stage)))
    return wrong
  }
  switch (act) {
    case 'write':
      await device.write(page, text)
      texts.typed(text)
      return []
    case 'rewrite':
      if (!note) return []
      await device.edit(note.id, { set: { note: text }, base: note.rev })
      texts.typed(text, note.note)
      return []
    case 'recolour':
      if (note) await device.edit(note.id, { set: { color: random.pick(['blue', 'pink']) } })
      return []
    case 'tag':
      if (!note) return []
      await device.edit(note.id, {
        tags_add: [`tag ${random.below(5)}`],
        tags_remove: note.tags.slice(0, 1),
      })
      return []
    case 'delete':
      if (!note) return []
      await device.delete(note.id)
      texts.deleted(note.note, device.name)
      return []
    case 'restore': {
      const trash = await device.trash(page)
      if (!trash.length) return []
      const { id, note } = random.pick(trash)
      await device.restore(id)
      // It may be live already, saying something else: an edit beat the deletion.
      const back = (await device.live(page)).some((one) => one.note === note)
      if (back) texts.restored(note, device.name)
      return []
    }
    case 'settle': {
      const copies = notes.filter(({ conflict_of }) => conflict_of !== undefined)
      if (!copies.length) return []
      const copy = random.pick(copies)
      const original = notes.find(({ id }) => id === copy.conflict_of)
      const keep = random.pick(['this', 'other', 'both'] as const)
      const seen = original ? { copy: copy.rev, original: original.rev } : { copy: copy.rev }
      await device.settle({ id: copy.id, keep, seen })
      if (original && keep !== 'both') {
        texts.deleted(keep === 'this' ? original.note : copy.note, device.name)
      }
      return []
    }
    case 'sync':
      device.line.worsen(random)
      await device.sync()
      device.line.clear()
      return []
    case 'listen':
      return listen(device, stage, random, texts, text)
    case 'late':
      await device.line.deliverLate()
      return []
    case 'restart':
      await device.restart()
      return []
    case 'wipe': {
      const account = stage.spare.pop()
      if (!account) return []
      return losing(() => device.wipe(account))
    }
    case 'copy-profile':
      await device.copyProfile()
      return []
    case 'old-profile':
      return losing(() => device.putProfileBack())
    case 'clock':
      device.skew = (random.next() - 0.5) * 20 * 365 * 86_400_000 * random.pick([1, 0.001])
      return []
    case 'spoil':
      return losing(() => spoil(device, page, random))
    case 'kill':
      await server.kill()
      return []
    case 'copy':
      await server.copy()
      return []
    case 'backup':
      await server.backup()
      return []
    case 'put-back':
      return losing(() => server.putBack())
    case 'restore-backup':
      return losing(() => server.restore())
  }
}

/** A device waits for news; another writes. It has to hear of it, unless it was cut off. */
async function listen(
  device: Device,
  { devices, page, server }: Stage,
  random: Random,
  texts: Texts,
  text: string,
): Promise<string[]> {
  const other = random.pick(devices.filter((one) => one !== device))
  // Twice, so that what it has to say itself is no news any more.
  for (const { failure } of [await device.sync(), await device.sync()]) {
    if (failure) return [`${device.name} cannot sync: ${JSON.stringify(failure)}`]
  }
  const hangUp = new AbortController()
  const waiting = device.listen(NEWS_SECONDS, hangUp.signal).catch(() => null)
  const ending = random.choose({ news: 3, hangUp: 1, kill: server.mayDie ? 1 : 0 })
  await other.write(page, text)
  texts.typed(text)
  if (ending === 'hangUp') hangUp.abort()
  if (ending === 'kill') await server.kill()
  await other.sync()
  const heard = await waiting
  if (ending !== 'news') return []
  if (heard !== true) return [`${device.name} did not hear that ${other.name} wrote.`]
  await device.sync()
  const here = (await device.live(page)).some(({ note }) => note === text)
  return here ? [] : [`${device.name} heard of "${text}", and does not have it.`]
}

/** All lines are fair; what was late arrives in the middle of it. */
async function heal({ devices }: Stage): Promise<string[]> {
  for (let round = 0; round < 4; round++) {
    for (const device of devices) {
      device.skew += 2 * 86_400_000
      const { failure } = await device.sync()
      if (failure) return [`${device.name} cannot sync: ${JSON.stringify(failure)}`]
    }
    if (round === 0) for (const { line } of devices) await line.deliverLate()
  }
  return []
}
