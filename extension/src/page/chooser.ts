/** Where highlights overlap: a short list of them, to say which one is meant. It is a menu: the focus is in it. */

import { t } from '../ui/strings'
import { Card, type CardOptions } from './card'
import { type Maker, secret } from './element'
import { exposure } from './exposure'
import type { Host } from './host'
import type { Mark } from './mark'
import { Room } from './room'
import { rove } from './roving'
import { shorten } from './shorten'

const WIDEST = 320

export interface ChooserOptions extends Omit<CardOptions, 'label'> {
  marks: readonly Mark[]
  /** `byKey` where that did it, not the pointer. */
  choose: (mark: Mark, byKey: boolean) => void
  /** Points at the one the pointer or the focus is on. */
  consider: (mark: Mark) => void
}

export function openChooser(host: Host, options: ChooserOptions, signal: AbortSignal): Card {
  const label = t('pageWhichHighlight')
  const room = new Room({
    label,
    widest: WIDEST,
    furnish: (make) => menuOf(make, options),
    first: () => room.content?.querySelector('button') ?? null,
    torn: () => card.close(),
  })
  const card = new Card(host, room.element, { ...options, room, label }, signal)
  room.enter()
  return card
}

function menuOf({ h }: Maker, { marks, choose, consider }: ChooserOptions): HTMLElement {
  const items = marks.map((mark) => {
    const { color, quote, note } = mark.annotation
    const button = h(
      'button',
      { type: 'button', class: `choice ${color}`, role: 'menuitem' },
      h('span', { class: 'dot' }),
      h('span', { class: 'said', dir: 'auto' }, shorten(quote?.exact ?? '', 60)),
      exposure.accepted && note && h('span', { class: 'glimpse', ...secret(shorten(note, 60)) }),
    )
    button.addEventListener('click', ({ detail }) => choose(mark, !detail))
    for (const type of ['pointerenter', 'focus']) {
      button.addEventListener(type, () => consider(mark))
    }
    return button
  })
  const menu = h('div', { class: 'chooser', role: 'menu' }, ...items)
  menu.addEventListener('mousedown', (event) => event.preventDefault())
  rove(menu, 'list')
  return menu
}
