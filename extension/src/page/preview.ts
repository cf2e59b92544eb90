/** A glance at a note, beside its highlight: text only, nothing to press. */

import { t } from '../ui/strings'
import { type Maker, secret } from './element'
import { exposure } from './exposure'
import type { Host } from './host'
import { headingOf, linesOf, view } from './lines'
import type { Mark } from './mark'
import { place } from './placing'
import { Room } from './room'

const WIDEST = 320

export class Preview {
  #shown: Room | null = null
  #mark: Mark | null = null

  constructor(readonly host: Host) {}

  show(mark: Mark): void {
    if (mark === this.#mark) return
    this.hide()
    if (!exposure.accepted || !linesAt(mark).length) return
    const hide = () => this.hide()
    const room = new Room({
      label: t('pageNote'),
      widest: WIDEST,
      furnish: (make) => {
        const glance = make.h('div', { class: 'glance', role: 'tooltip', 'aria-live': 'polite' })
        // A screen reader says what came after it looked; the mark itself must not have the words.
        requestAnimationFrame(() => {
          if (room !== this.#shown) return
          glance.replaceChildren(...wordsOf(make, mark))
          this.#place(room, mark)
        })
        return glance
      },
      torn: hide,
    })
    room.element.classList.add('preview')
    this.#shown = room
    this.#mark = mark
    this.host.add(room.element, mark.range?.startContainer)
    room.fit()
  }

  hide(): void {
    this.#shown?.element.remove()
    this.#shown = this.#mark = null
  }

  #place(room: Room, mark: Mark): void {
    const lines = linesAt(mark)
    room.fit()
    if (!lines.length) return this.hide()
    const { offsetWidth: width, offsetHeight: height } = room.element
    const { x, y } = place(lines, { width, height }, view(), 'below')
    Object.assign(room.element.style, { left: `${Math.round(x)}px`, top: `${Math.round(y)}px` })
    room.element.classList.add('said')
  }
}

function linesAt(mark: Mark) {
  if (mark.range) return linesOf([mark.range])
  const heading = mark.place.kind === 'page' ? headingOf(document) : null
  return heading ? [heading.getBoundingClientRect()] : []
}

function wordsOf({ h }: Maker, { annotation: { note, tags } }: Mark): HTMLElement[] {
  return [
    note && h('p', secret(note.slice(0, 2000))),
    tags.length > 0 &&
      h(
        'ul',
        { class: 'chips', 'aria-label': t('pageTags') },
        ...tags.map((tag) => h('li', { class: 'chip', ...secret(tag) })),
      ),
  ].filter((one) => !!one)
}
