/** The tags in use, for completing one that is being typed. */
import type { Database } from './database'

/** Who has more does not find one by scrolling. */
const MOST = 2000

export async function allTags(database: Database): Promise<string[]> {
  const uses = new Map<string, number>()
  const { store } = database.transaction('annotations')
  for (let at = await store.openCursor(); at; at = await at.continue()) {
    const { deleted, tags } = at.value.annotation
    if (!deleted) for (const tag of tags) uses.set(tag, (uses.get(tag) ?? 0) + 1)
  }
  const collator = new Intl.Collator()
  return [...uses]
    .sort(([a, m], [b, n]) => n - m || collator.compare(a, b))
    .slice(0, MOST)
    .map(([tag]) => tag)
}
