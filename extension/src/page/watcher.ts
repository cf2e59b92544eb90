/**
 * The living page: text that comes late, nodes a framework replaces, articles swapped without a
 * new document. After each burst of changes the marks it touched are looked at, those that fell
 * are sought again, and so are the lost ones once enough text came to hold them.
 *
 * The work is bounded, whatever a page does: while it does not rest it is looked at once a second,
 * and what reads the whole page (seeking) takes a twentieth of the time at most.
 */

import { inSlices } from '../anchoring'
import { Changes, type Touched } from './changes'
import type { Host } from './host'
import type { Mark } from './mark'
import { onNavigate } from './navigation'
import type { Notes } from './notes'
import { shadowTrees } from './shadow-trees'
import { fallen, isOff } from './standing'

/** A burst is over after so long a quiet, or is looked at in between. */
const QUIET_MS = 80
const LONGEST_MS = 1000

/** What reads the whole page rests for so many times as long as it took. */
const REST = 20

/** Of a page that never stops to write (logs, chats) lost notes are sought ever more rarely. */
const MAX_PATIENCE_MS = 5000

/** A shadow tree comes into being unheard of; what is lost may be in one. */
const SECOND_LOOKS_MS = [1000, 4000, 15_000]

export function watch(
  notes: Notes,
  host: Host,
  navigated: () => void,
  signal: AbortSignal,
): void {
  let key = notes.key
  let timer = 0
  /** When the burst began. */
  let since = 0
  let looking = false
  /** Those that fell, and could not be sought yet. */
  const owed = new Set<Mark>()
  /** Characters that came since lost notes were sought. */
  let came = 0
  let patience = 0
  /** Not before then: to seek at all, to seek what is lost, to look for shadow trees. */
  const soonest = { seek: 0, lost: 0, trees: 0 }
  let secondLooks: number[] = []

  const changes = new Changes(notes.ground, (node) => host.owns(node), () => later(), signal)

  const later = () => {
    const now = performance.now()
    since ||= now
    lookAt(Math.min(now + QUIET_MS, since + LONGEST_MS))
  }
  const lookAt = (time: number) => {
    clearTimeout(timer)
    timer = setTimeout(look, Math.max(0, time - performance.now()))
  }
  const look = async () => {
    since = 0
    if (leftPage()) return
    if (looking) return later()
    looking = true
    const { pageSignal } = notes
    try {
      await see(changes.take(), pageSignal)
    } catch (error) {
      if (!pageSignal.aborted) throw error
    } finally {
      looking = false
    }
  }

  const see = async (touched: Touched, pageSignal: AbortSignal) => {
    const marks = notes.all().filter((mark) => mark.annotation.quote)
    const doubtful = marks.filter((mark) => touched.marks?.has(mark) ?? true)
    for (const mark of marks) if (isOff(mark)) owed.add(mark)
    for (const mark of await fallen(doubtful, pageSignal)) owed.add(mark)
    const lost = marks.filter((mark) => !mark.range && !owed.has(mark))
    came += touched.came
    for (const element of touched.added) await meetTrees(element)
    if (lost.length || !touched.marks) await meetAllTrees()

    const hope = lost.length > 0 && came >= shortest(lost) / 2
    if (!owed.size && !hope) return
    const now = performance.now()
    const time = owed.size ? soonest.seek : Math.max(soonest.seek, soonest.lost)
    if (now < time) {
      // Rather nothing than a wrong place.
      notes.lift(owed)
      return lookAt(time)
    }
    const sought = [...owed, ...lost]
    owed.clear()
    came = 0
    await notes.find(sought)
    const took = performance.now() - now
    const found = lost.some((mark) => mark.range)
    patience = found || !lost.length ? 0 : Math.min(MAX_PATIENCE_MS, patience * 2 + QUIET_MS)
    soonest.seek = now + took * REST
    soonest.lost = now + took + patience
  }

  /** What happens in a tree that is new is heard from now on; what is in it already came. */
  const meetTrees = async (within: Document | Element) => {
    for (const tree of await inSlices(shadowTrees(within), signal)) {
      if (changes.observe(tree)) came = Infinity
    }
  }
  const meetAllTrees = async () => {
    const now = performance.now()
    if (now < soonest.trees) return
    await meetTrees(document)
    soonest.trees = now + (performance.now() - now) * REST
  }

  const leftPage = () => {
    if (notes.key === key) return false
    key = notes.key
    owed.clear()
    came = patience = soonest.lost = 0
    notes.leave()
    navigated()
    void notes.load()
    lookAgain()
    return true
  }
  const lookAgain = () => {
    for (const one of secondLooks) clearTimeout(one)
    secondLooks = SECOND_LOOKS_MS.map((milliseconds) => setTimeout(later, milliseconds))
  }

  changes.observe(document)
  meetAllTrees().catch(() => {})
  lookAgain()
  onNavigate(leftPage, signal)
  addEventListener('pageshow', (event) => event.persisted && notes.load(), { signal })
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    for (const one of secondLooks) clearTimeout(one)
  })
}

function shortest(marks: readonly Mark[]): number {
  return Math.min(...marks.map(({ annotation }) => annotation.quote!.exact.length))
}
