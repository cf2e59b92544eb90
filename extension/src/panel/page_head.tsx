/** What page this is, how much is noted on it, and where older copies of it are. */
import type { PageAddress } from '../model'
import { useSeen } from '../ui/first_frame'
import { Icon } from '../ui/icon'
import { counted, t } from '../ui/strings'
import { archiveOf } from './archive'

interface Props {
  page: PageAddress
  /** How many there are. */
  notes: number
  /** Which of them are shown; empty where all are. */
  said: string
}

export function PageHead({ page, notes, said }: Props) {
  const host = new URL(page.url).host || t('popupFile')
  const seen = useSeen()
  const count = said || (seen && notes ? counted('popupCount', notes) : '')
  const archive = archiveOf(page.url)
  return (
    <header class="page-head">
      <div>
        <h1 dir="auto" title={page.title}>
          {page.title || host}
        </h1>
        <p class="quiet">{count ? t('popupSubtitle', host, count) : host}</p>
      </div>
      {archive && (
        <a
          class="tool"
          href={archive}
          target="_blank"
          rel="noopener noreferrer"
          title={t('panelArchive')}
          aria-label={t('panelArchive')}
        >
          <Icon name="archive" />
        </a>
      )}
    </header>
  )
}
