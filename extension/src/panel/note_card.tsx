/** One note in a list: its passage, what was written, and all that can be done with it. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Edit, Listed, Place, Problem } from '../model'
import { ask } from '../ui/ask'
import { Conflict } from '../ui/conflict'
import { dayOf, inFull } from '../ui/dates'
import { useSeen } from '../ui/first_frame'
import { Icon } from '../ui/icon'
import { Tags } from '../ui/note_text'
import { t } from '../ui/strings'
import { useUndo } from '../ui/undo'
import { draftFor, pendingOf, useDraft } from '../ui/drafts'
import { NoteEditor } from './note_editor'
import { PassageOf } from './passage'
import { Recolour } from './recolour'
import { Written } from './written'

interface Props {
  annotation: Listed
  /** Where this is a conflict copy: the note it is a copy of. */
  original: Listed | undefined
  /** Undefined while nobody has looked, or where the note is on another page than that of `tab`. */
  place: Place | undefined
  /** The tab that shows its page; null in a list of notes from everywhere. */
  tab: number | null
}

export function NoteCard({ annotation, original, place, tab }: Props) {
  const card = useRef<HTMLElement>(null)
  const [draft, write] = useDraft(annotation.id)
  const [problem, setProblem] = useState<Problem | null>(null)
  const offerUndo = useUndo()

  const change = async (edit: Edit): Promise<boolean> => {
    const answer = await ask('note:edit', { id: annotation.id, ...edit })
    setProblem('problem' in answer ? answer.problem : null)
    return 'ok' in answer
  }
  // An editor in which nothing was written yet shows what was changed elsewhere.
  const stale = draft?.from && !pendingOf(draft) && draft.from.note !== annotation.note
  useEffect(() => {
    if (stale) write(draftFor(annotation))
  }, [stale])
  const close = () => {
    write(null)
    setProblem(null)
    // The button that opened the editor is drawn again first.
    requestAnimationFrame(() => card.current?.querySelector<HTMLElement>('.edit')?.focus())
  }
  const save = async () => {
    const pending = draft && pendingOf(draft)
    const answer = pending && (await ask('note:save', { pending }))
    if (answer && 'problem' in answer) setProblem(answer.problem)
    else close()
  }
  const remove = async () => {
    const { id } = annotation
    const answer = await ask('note:delete', { id })
    if ('problem' in answer) return setProblem(answer.problem)
    focusBeside(card.current)
    offerUndo({ words: t('pageDeleted'), undo: () => ask('note:restore', { id }) })
  }
  return (
    <article ref={card} class={`note ${annotation.color}`}>
      <PassageOf annotation={annotation} place={place} tab={tab} change={change} />
      {draft ? (
        <NoteEditor draft={draft} write={write} save={save} cancel={close} problem={problem} />
      ) : (
        <>
          {annotation.note && <Written text={annotation.note} />}
          <Tags annotation={annotation} />
          {problem && (
            <p class="problem" role="alert">
              {problem.detail}
            </p>
          )}
        </>
      )}
      {annotation.conflict_of !== undefined && <Conflict copy={annotation} original={original} />}
      {!draft && (
        <div class="deeds">
          <Recolour color={annotation.color} choose={(color) => void change({ set: { color } })} />
          <button
            type="button"
            class="plain edit"
            onClick={() => write(draftFor(annotation))}
          >
            <Icon name="edit" />
            {t(annotation.note ? 'noteEdit' : 'noteAdd')}
          </button>
          <Day timestamp={annotation.created} />
          <button
            type="button"
            class="plain danger tool"
            title={t('noteDelete')}
            aria-label={t('noteDelete')}
            onClick={() => void remove()}
          >
            <Icon name="trash" />
          </button>
        </div>
      )}
    </article>
  )
}

function Day({ timestamp }: { timestamp: string }) {
  const seen = useSeen()
  return (
    <time dateTime={timestamp} title={seen ? inFull(timestamp) : undefined}>
      {seen && dayOf(timestamp, new Date())}
    </time>
  )
}

/** What was focused goes with the note; the next one takes it, and after the last the tab. */
function focusBeside(card: HTMLElement | null): void {
  const row = card?.closest('li')
  const rows = [...(row?.parentElement?.children ?? [])]
  const at = rows.findIndex((one) => one === row)
  const near = [...rows.slice(at + 1), ...rows.slice(0, Math.max(0, at)).reverse()]
  const [next] = near.flatMap((one) => one.querySelector<HTMLElement>('button, a') ?? [])
  const tab = document.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')
  ;(next ?? tab)?.focus()
}
