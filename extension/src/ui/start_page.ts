/** Puts one of the extension's own pages into its document, in the reader's language. */
import { render, type ComponentChild } from 'preact'
import { stayLive } from './stay_live'
import { t } from './strings'

export function startPage(title: string, content: ComponentChild): void {
  document.title = title
  document.documentElement.lang = t('language')
  document.documentElement.dir = t('direction')
  render(content, document.body)
  afterFrame(stayLive)
}

/** What wakes background waits until something is on the screen: the two would be in each other's way. */
export function afterFrame(act: () => void): void {
  requestAnimationFrame(() => setTimeout(act))
}
