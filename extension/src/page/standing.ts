/**
 * Whether marks still stand where they were found. A StaticRange costs the page nothing, and in
 * return knows nothing of what the page does to its nodes: so the words in it are compared.
 */

import { inSlices, type Steps } from '../anchoring'
import type { Mark } from './mark'

/** One live range for all: thousands would make every edit of the page slower. */
const probe = document.createRange()

/** Whether an end of it is not on the page any more. */
export function isOff({ range }: Mark): boolean {
  return range !== null && !(range.startContainer.isConnected && range.endContainer.isConnected)
}

/** What stands in a range now; null where its ends are no longer on the page. */
export function wordsIn(range: StaticRange): string | null {
  if (!range.startContainer.isConnected || !range.endContainer.isConnected) return null
  try {
    probe.setStart(range.startContainer, range.startOffset)
    probe.setEnd(range.endContainer, range.endOffset)
    return probe.toString()
  } catch {
    return null // The text of a node became shorter than the offset in it.
  } finally {
    probe.setStart(document, 0)
    probe.collapse(true)
  }
}

/** Those of the marks that were found and have since been changed by the page. */
export function fallen(marks: readonly Mark[], signal: AbortSignal): Promise<Mark[]> {
  return inSlices(compare(marks), signal)
}

function* compare(marks: readonly Mark[]): Steps<Mark[]> {
  const changed: Mark[] = []
  for (const [at, mark] of marks.entries()) {
    if (mark.range && wordsIn(mark.range) !== mark.words) changed.push(mark)
    if (at % 50 === 49) yield
  }
  return changed
}
