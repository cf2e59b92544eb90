/**
 * The pages that look different since a sync, until everybody who may show them was told. It is
 * written with the notes themselves: a script that the browser ends in between tells of them when
 * it starts again, for by then nothing would be new to the next sync.
 */
import { keepSetting, setting, type Writing } from './database'

export async function owe(tx: Writing, keys: ReadonlySet<string>): Promise<void> {
  if (!keys.size) return
  const owed = (await setting(tx, 'untold')) ?? []
  await keepSetting(tx, 'untold', [...new Set([...owed, ...keys])])
}
