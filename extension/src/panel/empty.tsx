/** Where there are no notes to list: why, and what to do. */
import type { Problem } from '../model'
import { ask } from '../ui/ask'
import { t } from '../ui/strings'

/** Says so only where it takes a moment: what flashes by is noise. */
export function Loading() {
  return (
    <p class="empty late" role="status">
      {t('panelLoading')}
    </p>
  )
}

export function Failed({ problem, again }: { problem: Problem; again: () => unknown }) {
  return (
    <div class="empty">
      <p class="problem" role="alert">
        {problem.detail}
      </p>
      <button type="button" onClick={() => void again()}>
        {t('pageTryAgain')}
      </button>
    </div>
  )
}

export function Paused({ url }: { url: string }) {
  return (
    <div class="empty">
      <p>{t('popupPaused')}</p>
      <button type="button" onClick={() => void ask('site:pause', { url, paused: false })}>
        {t('popupResume')}
      </button>
    </div>
  )
}
