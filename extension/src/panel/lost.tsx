/** A passage that is not found in the page: its words, where to look for them, and a new place. */
import { useState } from 'preact/hooks'
import type { Listed, Passage, Sought } from '../model'
import { askTab } from '../ui/ask_tab'
import { Icon } from '../ui/icon'
import { counted, t } from '../ui/strings'
import { archiveOf } from './archive'

interface Props {
  annotation: Listed
  tab: number
  attach: (passage: Passage) => Promise<boolean>
}

export function Lost({ annotation, tab, attach }: Props) {
  const [said, setSaid] = useState('')
  const { id, quote } = annotation
  const { exact } = quote!
  const archive = archiveOf(annotation.url)
  const seek = async () => {
    const sought = await askTab(tab, 'passage:seek', { id, quote: exact })
    setSaid(sought ? wordSought(sought) : t('panelNotThere'))
  }
  const take = async () => {
    const passage = await askTab(tab, 'selection:describe', { id })
    if (!passage) setSaid(t('panelNothingSelected'))
    else if (await attach(passage)) setSaid('')
  }
  return (
    <div class="lost">
      <blockquote class="quote" dir="auto" tabIndex={0}>
        {exact}
      </blockquote>
      <p class="said" role="status">
        {said}
      </p>
      <div class="deeds">
        <button type="button" class="plain" onClick={() => void seek()}>
          <Icon name="search" />
          {t('panelSeek')}
        </button>
        <button type="button" class="plain" onClick={() => void take()}>
          <Icon name="attach" />
          {t('panelAttach')}
        </button>
        {archive && (
          <a class="plain" href={archive} target="_blank" rel="noopener noreferrer">
            <Icon name="archive" />
            {t('panelArchive')}
          </a>
        )}
      </div>
    </div>
  )
}

function wordSought({ found, places, at }: Sought): string {
  if (found === 'nothing') return t('panelSoughtNothing')
  const which = counted('panelSoughtPlaces', places, at + 1)
  return `${t(found === 'whole' ? 'panelSoughtWhole' : 'panelSoughtPart')} ${which}`
}
