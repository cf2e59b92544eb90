/** The notes of the page that is read, in its order; below them, what is not found in it. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Listed } from '../model'
import { pageKey } from '../page_key'
import { ask } from '../ui/ask'
import { useWrittenOn } from '../ui/drafts'
import { onceSeen } from '../ui/first_frame'
import { NoNotes, useWhyNoNotes } from '../ui/no_notes'
import { counted, t } from '../ui/strings'
import { useAnswer } from '../ui/use_answer'
import { Failed, Loading, Paused } from './empty'
import type { SeenState } from './first'
import { Filters, matches, noFilter, wordShown, type Filter } from './filters'
import { LongList } from './long_list'
import { NoteCard } from './note_card'
import { PageHead } from './page_head'
import { PageNote } from './page_note'

type Row =
  | { kind: 'note'; annotation: Listed; original: Listed | undefined }
  | { kind: 'orphans'; count: number }

export function ThisPage({ tab, moved }: { tab: number; moved: number }) {
  const live = useAnswer(
    'tab:state',
    { tab },
    ({ type }) => ['notes:changed', 'sites:changed'].includes(type),
    () => postilFirst.take(tab),
  )
  const { problem, refresh } = live
  const state: SeenState | null = live.value
  const [filter, setFilter] = useState<Filter>(noFilter)
  useEffect(() => {
    if (moved) void refresh()
  }, [moved])
  const page = state?.page?.url
  const why = useWhyNoNotes(tab, `${moved} ${page}`)
  useEffect(() => setFilter(noFilter), [page])
  const whole = !state || isWhole(state)
  // After the first of them are seen: all of a thousand would keep the reader waiting.
  useEffect(() => (whole ? undefined : onceSeen(() => void refresh())), [whole])
  const rows = useMemo(() => (state ? rowsOf(state, filter) : []), [state, filter])

  if (problem) return <Failed problem={problem} again={refresh} />
  if (!state) return <Loading />
  if (!state.page) return <NoNotes why={why} yet="noNotesBrowser" />
  const shown = rows.filter(({ kind }) => kind === 'note').length
  const said = wordShown(shown, state.inUse.notes, filter)
  const draw = (row: Row) =>
    row.kind === 'orphans' ? (
      <OrphansHead count={row.count} />
    ) : (
      <NoteCard
        annotation={row.annotation}
        original={row.original}
        place={state.places[row.annotation.id]}
        tab={tab}
      />
    )
  return (
    <>
      <PageHead page={state.page} notes={state.inUse.notes} said={said} />
      {state.hidden && <Hidden tab={tab} />}
      {isWhole(state) && <Gone state={state} tab={tab} />}
      {!why && <PageNote tab={tab} page={state.page} color={state.color} />}
      {state.paused ? (
        <Paused url={state.page.url} />
      ) : state.inUse.notes === 0 ? (
        <NoNotes why={why} yet="panelEmpty" />
      ) : (
        <>
          <Filters
            inUse={state.inUse}
            said={said}
            filter={filter}
            choose={setFilter}
          />
          {rows.length === 0 ? (
            <div class="empty">
              <p>{t('panelNoneMatch')}</p>
              <button type="button" onClick={() => setFilter(noFilter)}>
                {t('panelShowAll')}
              </button>
            </div>
          ) : (
            <LongList
              rows={rows}
              busy={!whole}
              label={t('popupNotes')}
              keyOf={(row) => (row.kind === 'note' ? row.annotation.id : row.kind)}
              guess={guess}
              draw={draw}
            />
          )}
        </>
      )}
    </>
  )
}

function isWhole({ annotations, inUse, kept }: SeenState): boolean {
  return !kept && annotations.length === inUse.notes
}

function rowsOf(state: SeenState, filter: Filter): Row[] {
  const { annotations, places, inUse } = state
  const byId = new Map(annotations.map((one) => [one.id, one]))
  const row = (annotation: Listed): Row => {
    const original = byId.get(annotation.conflict_of ?? '')
    return { kind: 'note', annotation, original }
  }
  const wanted = annotations.filter((one) => matches(one, filter))
  const found = wanted.filter(({ id }) => places[id]?.kind !== 'orphan')
  const orphans = wanted.slice(found.length)
  const count = isWhole(state) ? orphans.length : inUse.lost
  return [
    ...found.map(row),
    ...(orphans.length ? [{ kind: 'orphans', count } as const] : []),
    ...orphans.map(row),
  ]
}

function guess(row: Row): number {
  if (row.kind === 'orphans') return 76
  const { quote, note, tags } = row.annotation
  const lines = (text: string, most: number) => Math.min(most, Math.ceil(text.length / 40)) * 22
  return 64 + lines(quote?.exact ?? '', 4) + lines(note, 8) + (tags.length ? 28 : 0)
}

/**
 * The notes of this page that are being written on and are not there any more: what is written is
 * not taken from under the reader's hands. It alone is drawn anew at each letter.
 */
function Gone({ state, tab }: { state: SeenState; tab: number }) {
  const here = pageKey(state.page?.url ?? '')
  const there = new Set(state.annotations.map(({ id }) => id))
  const gone = useWrittenOn().filter(({ id, url }) => !there.has(id) && pageKey(url) === here)
  return gone.map((annotation) => (
    <div key={annotation.id} class="gone">
      <p class="quiet" role="status">
        {t('panelDeletedMeanwhile')}
      </p>
      <NoteCard annotation={annotation} original={undefined} place={undefined} tab={tab} />
    </div>
  ))
}

function OrphansHead({ count }: { count: number }) {
  return (
    <div class="orphans-head">
      <h2>{counted('panelOrphans', count)}</h2>
      <p class="quiet">{t('popupOrphansWhy')}</p>
    </div>
  )
}

function Hidden({ tab }: { tab: number }) {
  return (
    <p class="band">
      {t('panelHidden')}
      <button
        type="button"
        class="plain"
        onClick={() => void ask('tab:hide', { tab, hidden: false })}
      >
        {t('popupShowHighlights')}
      </button>
    </p>
  )
}
