/**
 * A note's passage: the way to it in the page; what became of it, where the page was edited; and
 * what can be done where it is not found.
 */
import { useMemo, useState } from 'preact/hooks'
import { difference } from '../anchoring/difference'
import type { Edit, Listed, Passage, Place, Problem } from '../model'
import { ask } from '../ui/ask'
import { askTab, tellTab } from '../ui/ask_tab'
import { Icon } from '../ui/icon'
import { t } from '../ui/strings'
import { useUndo } from '../ui/undo'
import { Lost } from './lost'

interface Props {
  annotation: Listed
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
  // The page has yet to tell of a passage that was just accepted as it is.
  const edited = place?.kind === 'changed' && place.now !== quote?.exact
  const now = tab !== null && edited ? place.now : null
  return (
    <>
      {quote && now !== null && <p class="quiet reads">{t('panelChanged')}</p>}
      <button
        type="button"
        class="go"
        title={t(tab === null ? 'panelOpenAtNote' : 'noteShow')}
        onClick={() => void go()}
      >
        {!quote ? (
          <span class="quiet">{t('noteOnPage')}</span>
        ) : now !== null ? (
          <Difference before={quote.exact} now={now} />
        ) : (
          <span class="quote clamped" dir="auto">
            <mark>{quote.exact}</mark>
          </span>
        )}
      </button>
      {problem && (
        <p class="problem" role="alert">
          {problem.detail}
        </p>
      )}
      {tab !== null && now !== null && <Accept id={id} tab={tab} attach={attach} />}
    </>
  )
}

/** What was removed and what was added since, word by word. */
function Difference({ before, now }: { before: string; now: string }) {
  const changes = useMemo(() => difference(before, now), [before, now])
  return (
    <span class="quote difference" dir="auto">
      {changes.map(({ kind, text }) =>
        kind === 'same' ? text : kind === 'added' ? <ins>{text}</ins> : <del>{text}</del>,
      )}
    </span>
  )
}

interface AcceptProps {
  id: string
  tab: number
  attach: (passage: Passage) => Promise<boolean>
}

/** With the reader's consent, the note belongs to the passage as it reads today. */
function Accept({ id, tab, attach }: AcceptProps) {
  const [gone, setGone] = useState(false)
  const accept = async () => {
    const passage = await askTab(tab, 'passage:describe', { id })
    setGone(!passage)
    if (passage) await attach(passage)
  }
  return (
    <div class="deeds">
      <button type="button" class="plain" onClick={() => void accept()}>
        <Icon name="accept" />
        {t('panelAccept')}
      </button>
      {gone && (
        <p class="problem" role="alert">
          {t('panelNotThere')}
        </p>
      )}
    </div>
  )
}

/** Gives the note another passage, which can be taken back. */
function useAttach(annotation: Listed, change: (edit: Edit) => Promise<boolean>) {
  const offerUndo = useUndo()
  return async ({ quote, position }: Passage): Promise<boolean> => {
    const { id } = annotation
    const answer = await ask('notes:get', { ids: [id] })
    const [had] = 'ok' in answer ? answer.ok : []
    const done = await change({ set: { quote, position } })
    if (done && had) {
      const undo = () =>
        ask('note:edit', { id, set: { quote: had.quote, position: had.position } })
      offerUndo({ words: t('panelAttached'), undo })
    }
    return done
  }
}
