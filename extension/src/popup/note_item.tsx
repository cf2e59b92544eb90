/** One note in the popup: shown, gone to, rewritten, deleted and brought back. */
import { useState } from 'preact/hooks'
import type { Annotation, Announcement, Place, Problem } from '../model'
import { ask } from '../ui/ask'
import { Conflict } from '../ui/conflict'
import { Quote, Tags, Written } from '../ui/note_text'
import { t } from '../ui/strings'
import { useUndo } from '../ui/undo'

interface Props {
  tab: number
  annotation: Annotation
  place: Place | undefined
  /** Where this is a conflict copy: the note it is a copy of. */
  original: Annotation | undefined
}

export function NoteItem({ tab, annotation, place, original }: Props) {
  const [editing, setEditing] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  const offerUndo = useUndo()

  const remove = async () => {
    const { id } = annotation
    const answer = await ask('note:delete', { id })
    if ('problem' in answer) setProblem(answer.problem)
    else offerUndo({ words: t('pageDeleted'), undo: () => ask('note:restore', { id }) })
  }
  const reachable = annotation.quote !== null && place?.kind !== 'orphan'
  return (
    <li class={`note ${annotation.color}`}>
      {reachable ? (
        <button
          type="button"
          class="go"
          title={t('noteShow')}
          onClick={() => void show(tab, annotation)}
        >
          <Quote annotation={annotation} />
        </button>
      ) : (
        <Quote annotation={annotation} />
      )}
      {place?.kind === 'changed' && (
        <p class="quiet now" dir="auto">
          {t('noteNow', place.now)}
        </p>
      )}
      {editing ? (
        <Editor annotation={annotation} done={() => setEditing(false)} />
      ) : (
        <Written annotation={annotation} />
      )}
      <Tags annotation={annotation} />
      {problem && (
        <p class="problem" role="alert">
          {problem.detail}
        </p>
      )}
      {annotation.conflict_of !== undefined && <Conflict copy={annotation} original={original} />}
      {!editing && (
        <div class="deeds">
          <button type="button" class="plain" onClick={() => setEditing(true)}>
            {t(annotation.note ? 'noteEdit' : 'noteAdd')}
          </button>
          <button type="button" class="plain danger" onClick={() => void remove()}>
            {t('noteDelete')}
          </button>
        </div>
      )}
    </li>
  )
}

function Editor({ annotation, done }: { annotation: Annotation; done: () => void }) {
  const [text, setText] = useState(annotation.note)
  const [base] = useState(annotation.rev)
  const [problem, setProblem] = useState<Problem | null>(null)

  const save = async () => {
    if (text === annotation.note) return done()
    const answer = await ask('note:edit', { id: annotation.id, set: { note: text }, base })
    if ('problem' in answer) setProblem(answer.problem)
    else done()
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save()
    if (event.key === 'Escape' && text === annotation.note) {
      // Else the browser takes it for the end of the popup.
      event.preventDefault()
      done()
    }
  }
  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <textarea
        aria-label={t('noteField')}
        dir="auto"
        value={text}
        ref={(field) => field?.focus()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={keys}
      />
      {problem && (
        <p class="problem" role="alert">
          {problem.detail}
        </p>
      )}
      <div class="deeds">
        <button type="submit" class="primary">
          {t('noteSave')}
        </button>
        <button type="button" class="plain" onClick={done}>
          {t('noteCancel')}
        </button>
      </div>
    </form>
  )
}

/** The page scrolls to the note; the popup is then in the way. */
async function show(tab: number, annotation: Annotation): Promise<void> {
  const announcement: Announcement = { type: 'note:show', id: annotation.id }
  await chrome.tabs.sendMessage(tab, announcement).catch(() => {})
  window.close()
}
