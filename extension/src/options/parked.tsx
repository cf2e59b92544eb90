/**
 * A note whose change the server refused. The next edit sends it again, so what a reader can have
 * made too long or too many is edited right here: the text, and the tags.
 */
import { useRef, useState } from 'preact/hooks'
import type { Answer, Problem, Unsent } from '../model'
import { ask } from '../ui/ask'
import { draftFor, useDraft } from '../ui/drafts'
import { Icon } from '../ui/icon'
import { Quote } from '../ui/note_text'
import { t } from '../ui/strings'
import { useUndo } from '../ui/undo'
import { Where } from './where'

export function Parked({ annotation, reason }: Unsent['parked'][number]) {
  const [draft, write] = useDraft(annotation.id)
  const [problem, setProblem] = useState<Problem | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const offerUndo = useUndo()
  const { id } = annotation
  const written = draft ?? draftFor(annotation)
  const { note, tags, from } = written

  const take = (answer: Answer<unknown>) => {
    if ('problem' in answer) setProblem(answer.problem)
    return 'ok' in answer
  }
  const save = async () => {
    const dropped = annotation.tags.filter((tag) => !tags.includes(tag))
    const edit = { set: { note }, tags_remove: dropped, base: (from ?? annotation).rev }
    if (take(await ask('note:edit', { id, ...edit }))) write(null)
  }
  const remove = async () => {
    if (!take(await ask('note:delete', { id }))) return
    write(null)
    offerUndo({ words: t('pageDeleted'), undo: () => ask('note:restore', { id }) })
  }
  return (
    <li class={`note ${annotation.color}`}>
      <Where annotation={annotation} />
      <p class="problem">{reason}</p>
      <Quote annotation={annotation} />
      <textarea
        ref={field}
        aria-label={t('noteField')}
        dir="auto"
        value={note}
        onInput={(event) => write({ ...written, note: event.currentTarget.value })}
      />
      {tags.length > 0 && (
        <ul class="tags" aria-label={t('noteTags')}>
          {tags.map((tag) => (
            <li key={tag} class="removable">
              <span dir="auto">{tag}</span>
              <button
                type="button"
                class="plain"
                title={t('optionsDropTag', tag)}
                aria-label={t('optionsDropTag', tag)}
                onClick={() => {
                  write({ ...written, tags: tags.filter((one) => one !== tag) })
                  field.current?.focus()
                }}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {problem && (
        <p class="problem" role="alert">
          {problem.detail}
        </p>
      )}
      <div class="deeds">
        <button type="button" onClick={() => void save()}>
          {t('optionsSendAgain')}
        </button>
        <button type="button" class="plain danger" onClick={() => void remove()}>
          {t('noteDelete')}
        </button>
      </div>
    </li>
  )
}
