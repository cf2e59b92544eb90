/** What page this is, how much is noted on it, and where older copies of it are. */
import type { Listed, PageAddress } from '../model'
import { Icon } from '../ui/icon'
import { counted, t } from '../ui/strings'
import { archiveOf } from './archive'

interface Props {
  page: PageAddress
  annotations: readonly Listed[]
}

export function PageHead({ page, annotations }: Props) {
  const host = new URL(page.url).host || t('popupFile')
  const count = annotations.length
  const archive = archiveOf(page.url)
  return (
    <header class="page-head">
      <div>
        <h1 dir="auto" title={page.title}>
          {page.title || host}
        </h1>
        <p class="quiet">{count ? t('popupSubtitle', host, counted('popupCount', count)) : host}</p>
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
