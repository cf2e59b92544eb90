/** What waits for the server, and what it refused: all of it still here, and to be seen. */
import { useEffect } from 'preact/hooks'
import type { SyncState } from '../model'
import { Quote, Written } from '../ui/note_text'
import { counted, t } from '../ui/strings'
import { useAnswer } from '../ui/use_answer'
import { Parked } from './parked'
import { Where } from './where'

/** More than this nobody reads through; the count says the rest. */
const MOST = 50

export function Unsent({ sync }: { sync: SyncState }) {
  const { value, problem, refresh } = useAnswer('sync:unsent', {}, ({ type }) =>
    ['notes:changed', 'sync:changed'].includes(type),
  )
  const change = `${sync.waiting} ${sync.parked.length}`
  useEffect(() => void refresh(), [change])
  const refused = value !== null && value.parked.length > 0
  // The popup's link leads here, before there is anything to scroll to.
  useEffect(() => {
    if (refused && location.hash === '#parked') document.querySelector('#parked')?.scrollIntoView()
  }, [refused])
  if (problem) {
    return (
      <p class="problem" role="alert">
        {problem.detail}
      </p>
    )
  }
  if (!value) return null
  const { waiting, parked } = value
  return (
    <>
      {parked.length > 0 && (
        <section class="card" aria-labelledby="parked">
          <h2 id="parked">{counted('optionsParked', parked.length)}</h2>
          <p class="quiet">{t('optionsParkedWhy')}</p>
          <ul class="notes">
            {parked.map((one) => (
              <Parked key={one.annotation.id} {...one} />
            ))}
          </ul>
        </section>
      )}
      {sync.paired && waiting.length > 0 && (
        <section class="card" aria-labelledby="waiting">
          <h2 id="waiting">{counted('optionsWaiting', waiting.length)}</h2>
          <ul class="notes">
            {waiting.slice(0, MOST).map((annotation) => (
              <li key={annotation.id} class={`note ${annotation.color}`}>
                <Where annotation={annotation} />
                <Quote annotation={annotation} />
                <Written annotation={annotation} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
