/** Known to the copies of this extension, one after the other, and to the scripts they load. */
import type { Database } from './database'

export async function handoverKey(database: Database): Promise<string> {
  const { store, done } = database.transaction('settings', 'readwrite')
  const known = (await store.get(KEY)) as string | undefined
  const key = known ?? crypto.randomUUID()
  if (known === undefined) await store.put(key, KEY)
  await done
  return key
}

const KEY = 'handoverKey'
