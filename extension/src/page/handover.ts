/**
 * What a script holds when another copy of the extension takes the place of its own. It can't tell
 * background any more, so it is laid down in our own closed tree, where no page reads it, for the
 * newcomer to take (`background/handover.ts`).
 */

import type { Handover } from '../model'
import { h } from './element'
import type { Host } from './host'

export interface Laid {
  /** Once the newcomer has taken it. */
  taken: Promise<void>
  fill(handover: Handover): void
  drop(): void
}

/** Empty at first: it tells the newcomer that something may come. */
export function layDown(host: Host): Laid {
  const data = h('data', { hidden: true })
  host.add(data)
  const taken = new Promise<void>((resolve) => {
    const look = () => data.parentNode || resolve()
    new MutationObserver(look).observe(data.parentNode!, { childList: true })
  })
  return {
    taken,
    fill: (handover) => (data.value = JSON.stringify(handover)),
    drop: () => data.remove(),
  }
}
