/** A line at the foot of a page of the extension: what was done, and a way back. */
import { createContext, type ComponentChildren } from 'preact'
import { useContext, useEffect, useMemo, useState } from 'preact/hooks'
import type { Answer, Problem } from '../model'
import { t } from './strings'

export interface Undoable {
  /** What was done. */
  words: string
  undo(): Promise<Answer<unknown>>
}

const SHOWN_MS = 10_000

const Offer = createContext<(done: Undoable) => void>(() => {})

/** How a part of the page offers a way back; the line is shown by the `Undo` around it. */
export function useUndo(): (done: Undoable) => void {
  return useContext(Offer)
}

export function Undo({ children }: { children: ComponentChildren }) {
  const [done, setDone] = useState<Undoable | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [held, setHeld] = useState(false)
  const offer = useMemo(
    () => (next: Undoable) => {
      setProblem(null)
      setDone(next)
    },
    [],
  )
  // Not while the pointer or the focus rests on it, and never before a problem was read.
  useEffect(() => {
    if (!done || held || problem) return
    const timer = setTimeout(() => setDone(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [done, held, problem])

  const undo = async () => {
    const answer = await done?.undo()
    if (answer && 'problem' in answer) setProblem(answer.problem)
    else setDone(null)
  }
  return (
    <Offer.Provider value={offer}>
      {children}
      <div class="undo-line" role="status">
        {done && (
          <div
            class="undo"
            onPointerEnter={() => setHeld(true)}
            onPointerLeave={() => setHeld(false)}
            onFocusIn={() => setHeld(true)}
            onFocusOut={() => setHeld(false)}
          >
            <p class={problem ? 'problem' : ''}>{problem ? problem.detail : done.words}</p>
            {!problem && (
              <button type="button" class="plain" onClick={() => void undo()}>
                {t('pageUndo')}
              </button>
            )}
            <button type="button" class="plain" onClick={() => setDone(null)}>
              {t('pageClose')}
            </button>
          </div>
        )}
      </div>
    </Offer.Provider>
  )
}
