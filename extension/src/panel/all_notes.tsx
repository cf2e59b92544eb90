/** A search over every note, in the store's own query language; with nothing asked, all of them. */
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Annotation, FoundPage, Problem } from '../model'
import { counted, t } from '../ui/strings'
import { Failed, Loading } from './empty'
import { LongList } from './long_list'
import { NoteCard } from './note_card'
import { SearchField } from './search_field'
import { useBodies } from './use_bodies'
import { useFound } from './use_found'

type Row = { kind: 'page'; found: FoundPage } | { kind: 'note'; id: string }

export function AllNotes(props: { query: string; ask: (query: string) => void }) {
  const { query, ask } = props
  const { found, by, problem, again } = useFound(query)
  const { bodies, want } = useBodies()
  const rows = useMemo(() => (found ? rowsOf(found) : []), [found])
  const searched = useRef<HTMLInputElement>(null)
  useEffect(() => searched.current?.focus(), [])

  const draw = (row: Row) => {
    if (row.kind === 'page') return <PageRow found={row.found} />
    const annotation = bodies.get(row.id)
    if (!annotation) return <div class="note blank" />
    return <Note annotation={annotation} bodies={bodies} />
  }
  return (
    <>
      <h1 class="visually-hidden">{t('panelAllNotes')}</h1>
      <SearchField field={searched} query={query} ask={ask} said={saidOf(found, by)} />
      {problem && isMistake(problem) ? (
        <p class="problem mistake" role="alert">
          {problem.detail}
        </p>
      ) : problem ? (
        <Failed problem={problem} again={again} />
      ) : !found ? (
        <Loading />
      ) : rows.length ? (
        <LongList
          rows={rows}
          of={by}
          label={t('panelAllNotes')}
          keyOf={(row) => (row.kind === 'page' ? `page ${row.found.page}` : row.id)}
          guess={(row) => (row.kind === 'page' ? 54 : 120)}
          draw={draw}
          near={(near) => want(near.flatMap((row) => (row.kind === 'note' ? [row.id] : [])))}
        />
      ) : (
        <p class="empty">{t(by.trim() ? 'panelNothingFound' : 'panelNoNotes')}</p>
      )}
    </>
  )
}

function rowsOf(pages: readonly FoundPage[]): Row[] {
  return pages.flatMap((found): Row[] => [
    { kind: 'page', found },
    ...found.ids.map((id): Row => ({ kind: 'note', id })),
  ])
}

/** What was asked cannot be meant: asking again is of no use, and the sentence says what is. */
function isMistake({ type }: Problem): boolean {
  return !/^(storage|gone)/.test(type)
}

/** Empty while there is nothing to tell. */
function saidOf(found: readonly FoundPage[] | null, query: string): string {
  if (!found || (!found.length && !query.trim())) return ''
  const notes = found.reduce((sum, { ids }) => sum + ids.length, 0)
  return t('panelFound', counted('popupCount', notes), counted('panelPages', found.length))
}

function PageRow({ found }: { found: FoundPage }) {
  const host = URL.parse(found.url)?.host || t('popupFile')
  return (
    <header class="page-row">
      <h2 dir="auto">
        <a href={found.url} title={found.title} target="_blank" rel="noopener noreferrer">
          {found.title || host}
        </a>
      </h2>
      <p class="quiet">{t('popupSubtitle', host, counted('popupCount', found.ids.length))}</p>
    </header>
  )
}

function Note(props: { annotation: Annotation; bodies: ReadonlyMap<string, Annotation> }) {
  const { annotation, bodies } = props
  const original = bodies.get(annotation.conflict_of ?? '')
  return <NoteCard annotation={annotation} original={original} place={undefined} tab={null} />
}
