/** Puts one of the extension's own pages into its document, in the reader's language. */
import { render, type ComponentChild } from 'preact'
import { onceSeen, watchForFrame } from './first_frame'
import { stayLive } from './stay_live'
import { t } from './strings'

export function startPage(title: string, content: ComponentChild): void {
  document.title = title
  document.documentElement.lang = t('language')
  document.documentElement.dir = t('direction')
  render(content, document.body)
  watchForFrame()
  onceSeen(stayLive)
}
