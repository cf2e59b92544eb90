/**
 * The first frame of one of our pages. All that can wait until it is on the screen, and not only
 * handed to it, does so: background, for to start it takes a processor; what is out of sight; and
 * numbers and dates, for the first of them in a process has the browser look through every language
 * it knows, which takes longer than all else that is drawn.
 */
import { useEffect, useState } from 'preact/hooks'

/** A page that nobody looks at is not drawn. */
const AT_LAST_MS = 1000

let seen = false
const waiting = new Set<() => void>()

/** To be called when the page was given its content. */
export function watchForFrame(): void {
  const tell = () => {
    seen = true
    for (const act of waiting) act()
    waiting.clear()
  }
  const painted = new PerformanceObserver((list) => {
    if (list.getEntriesByName('first-contentful-paint').length) tell()
  })
  painted.observe({ type: 'paint', buffered: true })
  setTimeout(tell, AT_LAST_MS)
}

/** Once, at once where it was seen; answers what takes it back. */
export function onceSeen(act: () => void): () => void {
  if (seen) act()
  else waiting.add(act)
  return () => {
    waiting.delete(act)
  }
}

/** Whether it was seen; what asks is drawn again when it was. */
export function useSeen(): boolean {
  const [now, see] = useState(seen)
  useEffect(() => onceSeen(() => see(true)), [])
  return now
}
