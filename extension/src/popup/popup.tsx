import type { Annotation, Place, SyncState, TabState } from '../model'
import { ask } from '../ui/ask'
import { counted, t } from '../ui/strings'
import { syncWords } from '../ui/sync_words'
import { Undo } from '../ui/undo'
import { useAnswer, useSyncState } from '../ui/use_answer'
import { NoteItem } from './note_item'

export function Popup({ tab }: { tab: number }) {
  const { value: state, problem } = useAnswer('tab:state', { tab }, ({ type }) =>
    ['notes:changed', 'site:changed'].includes(type),
  )
  const [sync] = useSyncState()
  return (
    <>
      <header>
        <img src="icons/icon.svg" alt="" width="28" height="28" />
        <div class="page">
          <h1 dir="auto">{state?.page?.title || t('extensionName')}</h1>
          <p class="quiet">{subtitle(state)}</p>
        </div>
      </header>
      <main>
        {problem && (
          <p class="problem" role="alert">
            {problem.detail}
          </p>
        )}
        <Undo>{state && <Page tab={tab} state={state} />}</Undo>
      </main>
      <footer>
        {sync && <Sync sync={sync} />}
        <nav>
          {state?.page && <Pause url={state.page.url} paused={state.paused} />}
          {sync?.paired && (
            <a href={`${sync.paired.server}/`} target="_blank" rel="noreferrer">
              {t('popupLibrary')}
            </a>
          )}
          <button type="button" class="plain" onClick={() => void chrome.runtime.openOptionsPage()}>
            {t('popupOptions')}
          </button>
        </nav>
      </footer>
    </>
  )
}

function Page({ tab, state }: { tab: number; state: TabState }) {
  if (!state.page) return <p class="empty">{t('popupNoPage')}</p>
  const found = state.annotations.filter(({ id }) => !isOrphan(state.places[id]))
  const orphans = state.annotations.filter(({ id }) => isOrphan(state.places[id]))
  if (state.paused) return <p class="empty">{t('popupPaused')}</p>
  if (!state.annotations.length) return <p class="empty">{t('popupEmpty')}</p>
  return (
    <>
      <Notes tab={tab} state={state} notes={found} label={t('popupNotes')} />
      {orphans.length > 0 && (
        <section aria-labelledby="orphans">
          <h2 id="orphans">{t('popupOrphans')}</h2>
          <p class="quiet">{t('popupOrphansWhy')}</p>
          <Notes tab={tab} state={state} notes={orphans} label={t('popupOrphans')} />
        </section>
      )}
    </>
  )
}

function Notes(props: { tab: number; state: TabState; notes: Annotation[]; label: string }) {
  const { annotations, places } = props.state
  return (
    <ul class="notes" aria-label={props.label}>
      {props.notes.map((note) => (
        <NoteItem
          key={note.id}
          tab={props.tab}
          annotation={note}
          place={places[note.id]}
          original={annotations.find(({ id }) => id === note.conflict_of)}
        />
      ))}
    </ul>
  )
}

function Sync({ sync }: { sync: SyncState }) {
  const parked = sync.parked.length
  return (
    <div class="sync">
      <p role="status" class={sync.problem ? '' : 'quiet'}>
        {syncWords(sync)}
      </p>
      {sync.problem && <p class="problem">{sync.problem.detail}</p>}
      {parked > 0 && (
        <p class="problem">
          {counted('syncParked', parked)}{' '}
          <a href="options.html#parked" target="_blank">
            {t('syncParkedShow')}
          </a>
        </p>
      )}
      {sync.paired && (
        <button
          type="button"
          class="plain"
          disabled={sync.running}
          onClick={() => void ask('sync:now', {})}
        >
          {t('syncNow')}
        </button>
      )}
    </div>
  )
}

function Pause({ url, paused }: { url: string; paused: boolean }) {
  const toggle = () => void ask('site:pause', { url, paused: !paused })
  return (
    <button type="button" class="plain" aria-pressed={paused} onClick={toggle}>
      {t(paused ? 'popupResume' : 'popupPause')}
    </button>
  )
}

function subtitle(state: TabState | null): string {
  if (!state?.page) return t('popupTagline')
  const host = new URL(state.page.url).host || t('popupFile')
  if (!state.annotations.length) return host
  return t('popupSubtitle', host, counted('popupCount', state.annotations.length))
}

function isOrphan(place: Place | undefined): boolean {
  return place?.kind === 'orphan'
}
