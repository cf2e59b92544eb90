/** What a query finds, kept current: a pause in typing asks, and so does every change to notes. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { FoundPage, Problem } from '../model'
import { ask, onAnnouncement } from '../ui/ask'

const TYPING_MS = 120

/** A sync brings changes in rows; they are read together. */
const CHANGES_MS = 150

interface Found {
  /** Of the query before, while the answer to this one is on its way. */
  found: FoundPage[] | null
  /** The query that found it. */
  by: string
  problem: Problem | null
  again: () => Promise<void>
}

export function useFound(query: string): Found {
  const [state, setState] = useState<Omit<Found, 'again'>>({ found: null, by: '', problem: null })
  const asked = useRef(0)
  const again = useCallback(async () => {
    const turn = ++asked.current
    const answer = await ask('notes:find', { query })
    // A later question may have been answered first.
    if (turn !== asked.current) return
    setState(
      'ok' in answer
        ? { found: answer.ok, by: query, problem: null }
        : { found: null, by: query, problem: answer.problem },
    )
  }, [query])
  useEffect(() => {
    let timer = setTimeout(again, asked.current ? TYPING_MS : 0)
    const later = () => {
      clearTimeout(timer)
      timer = setTimeout(again, CHANGES_MS)
    }
    const open = new AbortController()
    onAnnouncement((news) => {
      if (news.type === 'notes:changed' && news.pages.length) later()
    }, open.signal)
    return () => {
      clearTimeout(timer)
      open.abort()
    }
  }, [again])
  return { ...state, again }
}
