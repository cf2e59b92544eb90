/**
 * The notes themselves, of those rows that are near the window: a search answers with ids only,
 * for ten thousand notes would take long to hand over, and nobody reads them all.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Annotation } from '../model'
import { ask, onAnnouncement } from '../ui/ask'

export interface Bodies {
  bodies: ReadonlyMap<string, Annotation>
  /** Says which are wanted now; what is held of others is let go of in time. */
  want: (ids: readonly string[]) => void
}

/** More are let go of. */
const MOST = 2000

export function useBodies(): Bodies {
  const [bodies, setBodies] = useState<ReadonlyMap<string, Annotation>>(new Map())
  const held = useRef(bodies)
  const wanted = useRef<readonly string[]>([])

  const read = useCallback(async (ids: readonly string[]) => {
    if (!ids.length) return
    const answer = await ask('notes:get', { ids: [...ids] })
    if (!('ok' in answer)) return
    const kept = held.current.size > MOST ? pick(held.current, wanted.current) : held.current
    const next = new Map(kept)
    for (const id of ids) next.delete(id)
    for (const annotation of answer.ok) next.set(annotation.id, annotation)
    held.current = next
    setBodies(next)
  }, [])
  const want = useCallback(
    (ids: readonly string[]) => {
      wanted.current = ids
      void read(ids.filter((id) => !held.current.has(id)))
    },
    [read],
  )
  useEffect(() => {
    const open = new AbortController()
    onAnnouncement((news) => {
      if (news.type !== 'notes:changed' || !news.pages.length) return
      held.current = pick(held.current, wanted.current)
      void read(wanted.current)
    }, open.signal)
    return () => {
      open.abort()
    }
  }, [read])
  return { bodies, want }
}

function pick(from: ReadonlyMap<string, Annotation>, ids: readonly string[]) {
  return new Map(ids.flatMap((id) => (from.has(id) ? [[id, from.get(id)!] as const] : [])))
}
