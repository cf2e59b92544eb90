/** What can happen in a story, and how one is told from a seed. */
import { Random } from './random'

export interface Step {
  device: number
  act: Act
  /** Chance for the act's own choices, so that a step means the same in a shortened story. */
  salt: number
}

export type Act = keyof typeof ROUGH

export const MOST_DEVICES = 5

/** What readers and machines do, by how often. */
const CALM = {
  write: 4,
  rewrite: 6,
  recolour: 2,
  tag: 2,
  delete: 1.5,
  /** Take a deletion back. */
  restore: 1,
  /** Say which text of a conflict stays. */
  settle: 1.5,
  sync: 8,
  /** Wait for news (a long poll) while others go on. */
  listen: 0.5,
  /** What was given up on the way arrives after all. */
  late: 1.5,
  restart: 1,
  wipe: 0.2,
  /** A backup of the machine is made, and put back later. */
  'copy-profile': 0.5,
  'old-profile': 0.25,
  /** The machine's clock jumps, by years perhaps. */
  clock: 0.4,
  /** The device's database loses something, or tells of what is long gone. */
  spoil: 0.5,
}

/** With a server of its own, that is killed and put back. */
const ROUGH = {
  ...CALM,
  sync: 12,
  kill: 0.5,
  /** Keep a copy of the server's files, a backup made by the server itself. */
  copy: 1.5,
  backup: 1.5,
  /** Put the files back under a server that knows nothing of it; restore the backup. */
  'put-back': 0.7,
  'restore-backup': 1,
}

export interface Story {
  devices: number
  steps: Step[]
}

export function tell(seed: number, rough: boolean): Story {
  const random = new Random(seed)
  const devices = 2 + random.below(MOST_DEVICES - 1)
  const steps = Array.from({ length: 20 + random.below(30) }, (_, number) => ({
    device: random.below(devices),
    act: random.choose<Act>(rough ? ROUGH : { ...NEVER, ...CALM }),
    salt: seed * 1000 + number,
  }))
  return { devices, steps }
}

const NEVER = { kill: 0, copy: 0, backup: 0, 'put-back': 0, 'restore-backup': 0 }
