/** Answers of the background script, kept current while a page of the extension is open. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Announcement, Answer, Problem, Requests, SyncState } from '../model'
import { ask, onAnnouncement } from './ask'
import { onceSeen } from './first_frame'

export interface Live<T> {
  value: T | null
  problem: Problem | null
  refresh(): Promise<void>
}

/**
 * Ask now, and again whenever an announcement that `concerns` us arrives. `early` is the answer to
 * the same question, where it was asked before anything was drawn; null where that is old by now.
 */
export function useAnswer<T extends keyof Requests>(
  type: T,
  send: Requests[T]['send'],
  concerns: (announcement: Announcement) => boolean,
  early?: () => Promise<Answer<Requests[T]['answer']> | null>,
): Live<Requests[T]['answer']> {
  type Value = Requests[T]['answer']
  const [state, setState] = useState<{ value: Value | null; problem: Problem | null }>({
    value: null,
    problem: null,
  })
  const said = JSON.stringify(send)
  const asked = useRef(0)
  const hear = useCallback(async (answering: Promise<Answer<Value>>) => {
    const turn = ++asked.current
    const answer = await answering
    // A later question was answered first.
    if (turn !== asked.current) return
    setState((before) =>
      'ok' in answer
        ? { value: answer.ok, problem: null }
        : { value: before.value, problem: answer.problem },
    )
  }, [])
  const again = useCallback(
    () => ask(type, JSON.parse(said) as Requests[T]['send']),
    [type, said],
  )
  const refresh = useCallback(() => hear(again()), [hear, again])
  // At once, not after the frame that shows nothing yet: the answer is what is waited for.
  useLayoutEffect(() => {
    const open = new AbortController()
    onAnnouncement((announcement) => {
      if (concerns(announcement)) void refresh()
    }, open.signal)
    void (early ? hear(early().then((answer) => answer ?? again())) : refresh())
    return () => {
      open.abort()
    }
    // `concerns` is the caller's constant question, made anew at each drawing.
  }, [refresh])
  return { ...state, refresh }
}

export function useSyncState(): [SyncState | null, (state: SyncState) => void] {
  const [state, setState] = useState<SyncState | null>(null)
  useEffect(() => {
    const open = new AbortController()
    onAnnouncement((announcement) => {
      if (announcement.type === 'sync:changed') setState(announcement.state)
    }, open.signal)
    const know = () =>
      void ask('sync:state', {}).then((answer) => {
        if ('ok' in answer) setState(answer.ok)
      })
    // Nothing that a page begins with: background may sleep until that is on the screen.
    const leave = onceSeen(know)
    return () => {
      leave()
      open.abort()
    }
  }, [])
  return [state, setState]
}
