/**
 * A line at the foot of a page of the extension: what was done, and a way back, which is Ctrl+Z
 * too. When the line goes, the focus that was in it returns to where it came from.
 */
import { createContext, type ComponentChildren } from 'preact'
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks'
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

  const line = useRef<HTMLDivElement>(null)
  const before = useRef<EventTarget | null>(null)
  const close = () => {
    const focused = line.current?.contains(document.activeElement)
    setDone(null)
    if (focused && before.current instanceof HTMLElement) before.current.focus()
  }
  const undo = async () => {
    const answer = await done?.undo()
    if (answer && 'problem' in answer) setProblem(answer.problem)
    else close()
  }
  useEffect(() => {
    if (!done || problem) return
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !isUndo(event) || isField(event.target)) return
      event.preventDefault()
      void undo()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [done, problem])
  return (
    <Offer.Provider value={offer}>
      {children}
      <div class="undo-line" role="status">
        {done && (
          <div
            ref={line}
            class="undo"
            onPointerEnter={() => setHeld(true)}
            onPointerLeave={() => setHeld(false)}
            onFocusIn={({ relatedTarget }) => {
              if (!line.current?.contains(relatedTarget as Node)) before.current = relatedTarget
              setHeld(true)
            }}
            onFocusOut={() => setHeld(false)}
          >
            <p class={problem ? 'problem' : ''}>{problem ? problem.detail : done.words}</p>
            {!problem && (
              <button type="button" class="plain" onClick={() => void undo()}>
                {t('pageUndo')}
              </button>
            )}
            <button type="button" class="plain" onClick={close}>
              {t('pageClose')}
            </button>
          </div>
        )}
      </div>
    </Offer.Provider>
  )
}

function isUndo({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'z' && (ctrlKey || metaKey) && !shiftKey && !altKey
}

/** Where Ctrl+Z takes back what was typed. */
function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea')
}
