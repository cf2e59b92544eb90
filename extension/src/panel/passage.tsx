/**
 * A note's passage: the way to it in the page; what became of it, where the page was edited; and
 * what can be done where it is not found.
 */
import { useMemo, useState } from 'preact/hooks'
import { difference } from '../anchoring/difference'
import type { Annotation, Edit, Passage, Place, Problem } from '../model'
import { ask } from '../ui/ask'
import { askTab, tellTab } from '../ui/ask_tab'
import { Icon } from '../ui/icon'
import { t } from '../ui/strings'
import { useUndo } from '../ui/undo'
import { Lost } from './lost'

interface Props {
  annotation: Annotation
  place: Place | undefined
  tab: number | null
  change: (edit: Edit) => Promise<boolean>
}

export function PassageOf({ annotation, place, tab, change }: Props) {
  const [problem, setProblem] = useState<Problem | null>(null)
  const { id, quote } = annotation
  const attach = useAttach(annotation, change)
  if (tab !== null && quote && place?.kind === 'orphan') {
    return <Lost annotation={annotation} tab={tab} attach={attach} />
  }
  const go = async () => {
    if (tab !== null) return tellTab(tab, { type: 'note:show', id })
    const answer = await ask('note:open', { id })
    setProblem('problem' in answer ? answer.problem : null)
  }
  if (!quote && tab !== null) return <p class="quiet">{t('noteOnPage')}</p>
  return (
    <>
      <button
        type="button"
        class="go"
        title={t(tab === null ? 'panelOpenAtNote' : 'noteShow')}
        onClick={() => void go()}
      >
        {quote ? (
          <span class="quote clamped" dir="auto">
            <mark>{quote.exact}</mark>
          </span>
        ) : (
          <span class="quiet">{t('noteOnPage')}</span>
        )}
      </button>
      {problem && (
        <p class="problem" role="alert">
          {problem.detail}
        </p>
      )}
      {tab !== null && quote && place?.kind === 'changed' && (
        <Changed tab={tab} annotation={annotation} now={place.now} attach={attach} />
      )}
    </>
  )
}

interface ChangedProps {
  tab: number
  annotation: Annotation
  now: string
  attach: (passage: Passage) => Promise<boolean>
}

/** The passage was edited since: word by word, and with the reader's consent the note follows. */
function Changed({ tab, annotation, now, attach }: ChangedProps) {
  const { exact } = annotation.quote!
  const changes = useMemo(() => difference(exact, now), [exact, now])
  const [gone, setGone] = useState(false)
  const accept = async () => {
    const passage = await askTab(tab, 'passage:describe', { id: annotation.id })
    setGone(!passage)
    if (passage) await attach(passage)
  }
  return (
    <div class="changed">
      <p class="quiet">{t('panelChanged')}</p>
      <p class="difference" dir="auto">
        {changes.map(({ kind, text }) =>
          kind === 'same' ? text : kind === 'added' ? <ins>{text}</ins> : <del>{text}</del>,
        )}
      </p>
      {gone && (
        <p class="problem" role="alert">
          {t('panelNotThere')}
        </p>
      )}
      <button type="button" class="plain" onClick={() => void accept()}>
        <Icon name="accept" />
        {t('panelAccept')}
      </button>
    </div>
  )
}

/** Gives the note another passage, which can be taken back. */
function useAttach(annotation: Annotation, change: (edit: Edit) => Promise<boolean>) {
  const offerUndo = useUndo()
  return async ({ quote, position }: Passage): Promise<boolean> => {
    const { id, quote: had, position: stood } = annotation
    const done = await change({ set: { quote, position } })
    if (done) {
      const undo = () => ask('note:edit', { id, set: { quote: had, position: stood } })
      offerUndo({ words: t('panelAttached'), undo })
    }
    return done
  }
}
