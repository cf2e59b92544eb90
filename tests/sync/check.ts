/** What has to be true when a story is over, and what must be true all the time. */
import type { Annotation } from '../../extension/src/model'
import { digestOf, recount } from '../../extension/src/background/held'
import { setting } from '../../extension/src/background/database'
import { change } from '../../extension/src/background/transaction'
import type { Device } from './device'
import type { Stage } from './play'
import type { Texts } from './texts'

/** Four syncs of a few pages each, a resync or two among them. */
const MOST_REQUESTS = 60

export async function check(
  stage: Stage,
  texts: Texts,
  requests: readonly number[],
  { putBack, mayDouble }: { putBack: boolean; mayDouble: boolean },
): Promise<string[]> {
  const wrong: string[] = []
  const served = await stage.server.live(stage.page)
  const there = summary(served)
  for (const device of stage.devices) {
    const here = summary(await device.live(stage.page))
    if (here !== there) wrong.push(`${device.name} holds\n${here}\nbut the server\n${there}`)
    wrong.push(...(await checkDevice(device)))
  }
  wrong.push(...(await checkNothingLost(stage, texts)))
  const live = new Set(served.map(({ note }) => note))
  // After a restore there is no telling whether a note was deleted before it was written or after.
  if (!putBack) for (const text of texts.missingLive(live)) wrong.push(`"${text}" is in no note.`)
  // After a restore a text may stand twice, once in an older wording's copy: never lost is first.
  const said = served.map(({ note }) => note)
  const doubled = said.filter((text, index) => said.indexOf(text) !== index)
  if (doubled.length && !mayDouble) wrong.push(`Doubled: ${doubled.join(', ')}`)
  for (const [index, count] of requests.entries()) {
    if (count > MOST_REQUESTS) wrong.push(`device ${index} needed ${count} requests to heal.`)
  }
  return wrong
}

/** At no time is a text nowhere. */
export async function checkNothingLost(stage: Stage, texts: Texts): Promise<string[]> {
  return texts.missing(await everywhere(stage)).map((text) => `"${text}" is nowhere.`)
}

/** All texts in any note or trash, of the server or a device. */
export async function everywhere({ devices, page, server }: Stage): Promise<Set<string>> {
  const places = await Promise.all([
    server.live(page),
    server.trash(page),
    ...devices.map((device) => device.live(page)),
    ...devices.map((device) => device.trash(page)),
  ])
  return new Set(places.flat().map(({ note }) => note))
}

async function checkDevice({ name, database }: Device): Promise<string[]> {
  const wrong: string[] = []
  const left = await database.count('outbox')
  if (left) wrong.push(`${name} still has ${left} unsent changes.`)
  const tally = digestOf(await setting(database, 'held'))
  const counted = await change(database, async (tx) => digestOf(await recount(tx)))
  if (tally !== counted) wrong.push(`${name} has miscounted what it holds.`)
  return wrong
}

function summary(notes: readonly Annotation[]): string {
  return notes
    .map(({ id, rev, note, color, tags, conflict_of }) => {
      const copy = conflict_of === undefined ? '' : ` beside ${conflict_of}`
      return `  ${id} r${rev} "${note}" ${color} [${tags.join()}]${copy}`
    })
    .sort()
    .join('\n')
}
