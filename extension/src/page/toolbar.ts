/**
 * The small bar beside a selection or a highlight: five colours and what else can be done with it.
 */

import type { Color } from '../model'
import { t } from '../ui/strings'
import { Card, type CardOptions } from './card'
import { h, icon, type Icon, PAGE } from './element'
import type { Host } from './host'
import { rove } from './roving'
import { swatches } from './swatches'

export interface ToolbarOptions extends Omit<CardOptions, 'label'> {
  label: string
  /** The highlight's colour; null for a selection, which has none yet. */
  color: Color | null
  names: Record<Color, string>
  choose: (color: Color) => void
  note: () => void
  tags: () => void
  copy: () => void
  link: () => void
  /** Of a highlight only. */
  remove?: () => void
  focus?: boolean
}

export function openToolbar(host: Host, options: ToolbarOptions, signal: AbortSignal): Card {
  const { color, names, choose, note, tags, copy, link, remove } = options
  const buttons = [
    ...swatches(PAGE, color, names, choose),
    h('span', { class: 'rule' }),
    button('note', t('pageNote'), note),
    button('tag', t('pageTags'), tags),
    button('copy', t('pageCopyQuote'), copy),
    button('link', t('pageCopyLink'), link),
    remove && button('trash', t('pageDelete'), remove),
  ].filter((one) => one !== undefined)
  const bar = h('div', { class: 'toolbar', role: 'toolbar' }, ...buttons)
  rove(bar, 'row')
  // The page keeps its focus and its selection while the mouse presses a button of ours.
  bar.addEventListener('mousedown', (event) => event.preventDefault())
  const card = new Card(host, bar, options, signal)
  if (options.focus) bar.querySelector('button')?.focus()
  return card
}

function button(name: Icon, label: string, act: () => void): HTMLButtonElement {
  const made = h('button', { type: 'button', class: 'tool', title: label, 'aria-label': label })
  made.append(icon(name))
  made.addEventListener('click', act)
  return made
}
