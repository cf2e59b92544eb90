/** What waits for the server, and what it refused: all of it still here, and to be seen. */
import { useEffect, useState } from 'preact/hooks'
import type { Annotation, Problem, SyncState } from '../model'
import { ask } from '../ui/ask'
import { Quote, Written } from '../ui/note_text'
import { counted, t } from '../ui/strings'
import { useAnswer } from '../ui/use_answer'

/** More than this nobody reads through; the count says the rest. */
const MOST = 50

export function Unsent({ sync }: { sync: SyncState }) {
  const { value, problem, refresh } = useAnswer('sync:unsent', {}, ({ type }) =>
    ['notes:changed', 'sync:changed'].includes(type),
  )
  const change = `${sync.waiting} ${sync.parked.length}`
  useEffect(() => void refresh(), [change])
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
            {parked.map(({ annotation, reason }) => (
              <Parked key={annotation.id} annotation={annotation} reason={reason} />
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

/** The next edit sends it again, so it can be edited right here. */
function Parked({ annotation, reason }: { annotation: Annotation; reason: string }) {
  const [text, setText] = useState(annotation.note)
  const [problem, setProblem] = useState<Problem | null>(null)
  const save = async () => {
    const { id, rev: base } = annotation
    const answer = await ask('note:edit', { id, set: { note: text }, base })
    if ('problem' in answer) setProblem(answer.problem)
  }
  return (
    <li class={`note ${annotation.color}`}>
      <Where annotation={annotation} />
      <p class="problem">{reason}</p>
      <Quote annotation={annotation} />
      <textarea
        aria-label={t('noteField')}
        dir="auto"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {problem && (
        <p class="problem" role="alert">
          {problem.detail}
        </p>
      )}
      <div class="deeds">
        <button type="button" onClick={() => void save()}>
          {t('optionsSendAgain')}
        </button>
      </div>
    </li>
  )
}

function Where({ annotation }: { annotation: Annotation }) {
  return (
    <a class="where" href={annotation.url} target="_blank" rel="noreferrer" dir="auto">
      {annotation.title || annotation.url}
    </a>
  )
}
