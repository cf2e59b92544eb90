/**
 * Damage to a device's database that nothing notices at once: a write that never reached the disk,
 * a record of a life before. Only what has no unsent edits is touched; those exist nowhere else.
 */
import type { Kept } from '../../extension/src/background/database'
import type { Device } from './device'
import type { Random } from './random'

/** Old versions of records, by device, from when it was last spoilt. */
const seen = new WeakMap<Device, Kept[]>()

export async function spoil(device: Device, page: string, random: Random): Promise<void> {
  const { database } = device
  const waiting = new Set((await database.getAll('outbox')).map(({ id }) => id))
  const calm = (kept: Kept) => kept.annotation.url === page && !waiting.has(kept.id)
  const whole = await database.getAll('annotations')
  const known = whole
    .filter((kept) => calm(kept) && kept.annotation.rev > 0)
    .sort((a, b) => (a.annotation.note < b.annotation.note ? -1 : 1))
  const old = (seen.get(device) ?? []).filter(calm)
  seen.set(device, structuredClone(known))
  switch (random.pick(['forget', 'forget all', 'old', 'miscount'] as const)) {
    case 'forget': {
      if (known.length) await database.delete('annotations', random.pick(known).id)
      return
    }
    case 'forget all': {
      for (const { id } of known) await database.delete('annotations', id)
      return
    }
    case 'old': {
      for (const kept of old) await database.put('annotations', kept)
      return
    }
    case 'miscount': {
      const digest = new Uint8Array(32).fill(random.below(256))
      await database.put('settings', { count: random.below(9), digest }, 'held')
    }
  }
}
