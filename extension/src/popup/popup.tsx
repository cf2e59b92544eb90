import { useState } from 'preact/hooks'
import type { Problem, TabState } from '../model'
import { ask } from '../ui/ask'
import { Icon, type IconName } from '../ui/icon'
import { NoNotes, useWhyNoNotes } from '../ui/no_notes'
import { openPanel } from '../ui/open_panel'
import { t } from '../ui/strings'
import { SyncLine } from '../ui/sync_line'
import { useAnswer, useSyncState } from '../ui/use_answer'
import { Numbers } from './numbers'

interface Props {
  tab: number
  window: number
}

export function Popup({ tab, window }: Props) {
  const { value: state, problem } = useAnswer('tab:state', { tab }, ({ type }) =>
    ['notes:changed', 'sites:changed'].includes(type),
  )
  return (
    <>
      <header>
        <img src="icons/icon.svg" alt="" width="28" height="28" />
        <div class="page">
          <h1 dir="auto" title={state?.page?.title}>
            {state?.page?.title || t('extensionName')}
          </h1>
          <p class="quiet">{subtitle(state)}</p>
        </div>
      </header>
      <main>
        {problem && (
          <p class="problem" role="alert">
            {problem.detail}
          </p>
        )}
        {state && <ThisPage tab={tab} window={window} state={state} />}
      </main>
      <footer>
        <SyncLine />
        <Ways />
      </footer>
    </>
  )
}

function ThisPage({ tab, window, state }: Props & { state: TabState }) {
  const { page, paused, hidden, annotations } = state
  const open = () => {
    // Not after a wait: see `openPanel`.
    void openPanel(window).then(close, close)
  }
  const why = useWhyNoNotes(tab, page?.url)
  const [problem, setProblem] = useState<Problem | null>(null)
  const note = async () => {
    const answer = await ask('page:note', { tab })
    if ('problem' in answer) setProblem(answer.problem)
    else close()
  }
  return (
    <>
      {page && paused ? (
        <p class="empty">{t('popupPaused')}</p>
      ) : page && annotations.length ? (
        <Numbers state={state} />
      ) : (
        <NoNotes why={why} yet={page ? 'popupEmpty' : 'noNotesBrowser'} />
      )}
      {problem && (
        <p class="problem" role="alert">
          {problem.detail}
        </p>
      )}
      <div class="acts">
        <button type="button" class="primary wide" onClick={open}>
          <Icon name="panel" />
          {t('popupPanel')}
        </button>
        {page && !paused && !why && (
          <Act icon="note" words={t('panelPageNote')} act={() => void note()} />
        )}
        {page && !paused && annotations.length > 0 && (
          <Act
            icon={hidden ? 'show' : 'hide'}
            words={t(hidden ? 'popupShowHighlights' : 'popupHideHighlights')}
            act={() => void ask('tab:hide', { tab, hidden: !hidden })}
          />
        )}
        {page && (
          <Act
            icon={paused ? 'resume' : 'pause'}
            words={t(paused ? 'popupResume' : 'popupPause')}
            act={() => void ask('site:pause', { url: page.url, paused: !paused })}
          />
        )}
      </div>
    </>
  )
}

function Act({ icon, words, act }: { icon: IconName; words: string; act: () => void }) {
  return (
    <button type="button" class="plain" onClick={act}>
      <Icon name={icon} />
      {words}
    </button>
  )
}

function Ways() {
  const [sync] = useSyncState()
  return (
    <nav>
      {sync?.paired && (
        <a href={`${sync.paired.server}/`} target="_blank" rel="noreferrer">
          <Icon name="library" />
          {t('popupLibrary')}
        </a>
      )}
      <button type="button" class="plain" onClick={() => void chrome.runtime.openOptionsPage()}>
        <Icon name="options" />
        {t('popupOptions')}
      </button>
    </nav>
  )
}

function subtitle(state: TabState | null): string {
  if (!state?.page) return t('popupTagline')
  return new URL(state.page.url).host || t('popupFile')
}
