/** Where highlights overlap: a short list of them, to say which one is meant. */

import { t } from '../ui/strings'
import { Card, type CardOptions } from './card'
import { h, secret } from './element'
import type { Host } from './host'
import type { Mark } from './mark'
import { rove } from './roving'
import { shorten } from './shorten'

export interface ChooserOptions extends Omit<CardOptions, 'label'> {
  marks: readonly Mark[]
  choose: (mark: Mark) => void
  /** Points at the one the pointer or the focus is on. */
  consider: (mark: Mark) => void
}

export function openChooser(host: Host, options: ChooserOptions, signal: AbortSignal): Card {
  const { marks, choose, consider } = options
  const items = marks.map((mark) => {
    const { color, quote, note } = mark.annotation
    const button = h(
      'button',
      { type: 'button', class: `choice ${color}`, role: 'menuitem' },
      h('span', { class: 'dot' }),
      h('span', { class: 'said', dir: 'auto' }, shorten(quote?.exact ?? '', 60)),
      note && h('span', { class: 'glimpse', ...secret(shorten(note, 60)) }),
    )
    button.addEventListener('click', () => choose(mark))
    for (const type of ['pointerenter', 'focus']) {
      button.addEventListener(type, () => consider(mark))
    }
    return button
  })
  const menu = h('div', { class: 'chooser', role: 'menu' }, ...items)
  menu.addEventListener('mousedown', (event) => event.preventDefault())
  rove(menu, 'list')
  return new Card(host, menu, { ...options, label: t('pageWhichHighlight') }, signal)
}
