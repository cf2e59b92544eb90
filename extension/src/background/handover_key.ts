/** Known to the copies of this extension, one after the other, and to the scripts they load. */
import type { Database } from './database'

const KEY = 'handoverKey'

export async function handoverKey(database: Database): Promise<string> {
  const known = (await database.get('settings', KEY)) as string | undefined
  return known ?? make(database)
}

/** Once: two pages may ask at the same time. */
async function make(database: Database): Promise<string> {
  const { store, done } = database.transaction('settings', 'readwrite')
  const made = (await store.get(KEY)) as string | undefined
  const key = made ?? crypto.randomUUID()
  if (made === undefined) await store.put(key, KEY)
  await done
  return key
}
