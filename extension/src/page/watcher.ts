/**
 * The living page: text that comes late, nodes a framework replaces, articles swapped without a
 * new document. After each burst of changes, what may have moved is looked for again.
 */

import type { Host } from './host'
import { onNavigate } from './navigation'
import type { Notes } from './notes'
import { fallen } from './standing'

/** Changes come in bursts; a burst is over after so long a quiet, or is looked at in between. */
const QUIET_MS = 200
const LONGEST_MS = 1000

/** A page that never rests (clocks, tickers) is asked for lost notes ever more rarely. */
const MAX_PATIENCE_MS = 30_000

export function watch(
  notes: Notes,
  host: Host,
  navigated: () => void,
  signal: AbortSignal,
): void {
  let timer = 0
  let since = 0
  let patience = 0
  let soonest = 0
  let key = notes.key

  const look = async () => {
    timer = since = 0
    if (leftPage()) return
    const marks = notes.all().filter((mark) => mark.annotation.quote)
    const broken = await fallen(marks, notes.pageSignal).catch(() => [])
    const lost = performance.now() < soonest ? [] : marks.filter((mark) => !mark.range)
    if (!broken.length && !lost.length) return
    await notes.find([...broken, ...lost])
    const found = lost.some((mark) => mark.range)
    patience = found || broken.length ? 0 : Math.min(MAX_PATIENCE_MS, patience * 2 + QUIET_MS)
    soonest = performance.now() + patience
    if (patience) later(patience)
  }
  const later = (milliseconds = QUIET_MS) => {
    const now = performance.now()
    since ||= now
    clearTimeout(timer)
    timer = setTimeout(look, Math.max(0, Math.min(milliseconds, since + LONGEST_MS - now)))
  }
  const leftPage = () => {
    if (notes.key === key) return false
    key = notes.key
    patience = soonest = 0
    notes.leave()
    navigated()
    void notes.load()
    return true
  }

  const observer = new MutationObserver((records) => {
    if (records.some((record) => !isOurs(record, host))) later()
  })
  observer.observe(document.documentElement, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ['hidden', 'open'],
  })
  onNavigate(leftPage, signal)
  document.addEventListener('toggle', () => later(), { capture: true, signal })
  addEventListener('pageshow', (event) => event.persisted && notes.load(), { signal })
  signal.addEventListener('abort', () => {
    observer.disconnect()
    clearTimeout(timer)
  })
}

function isOurs(record: MutationRecord, host: Host): boolean {
  const nodes = [...record.addedNodes, ...record.removedNodes]
  return nodes.length > 0 && nodes.every((node) => host.owns(node))
}
