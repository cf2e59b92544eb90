/** A glance at a note, beside its highlight: text only, nothing to press. */

import { t } from '../ui/strings'
import { h, secret } from './element'
import type { Host } from './host'
import { headingOf, linesOf, view } from './lines'
import type { Mark } from './mark'
import { place } from './placing'

export class Preview {
  #shown: HTMLElement | null = null
  #mark: Mark | null = null

  constructor(readonly host: Host) {}

  show(mark: Mark): void {
    if (mark === this.#mark) return
    this.hide()
    const heading = mark.place.kind === 'page' ? headingOf(document) : null
    const lines = mark.range
      ? linesOf([mark.range])
      : heading
        ? [heading.getBoundingClientRect()]
        : []
    if (!lines.length) return
    const { note, tags } = mark.annotation
    const shown = h(
      'div',
      { class: 'preview', role: 'tooltip', id: 'preview' },
      note && h('p', { class: 'glance', ...secret(note.slice(0, 2000)) }),
      tags.length > 0 &&
        h(
          'ul',
          { class: 'chips', 'aria-label': t('pageTags') },
          ...tags.map((tag) => h('li', { class: 'chip', ...secret(tag) })),
        ),
    )
    this.host.add(shown, mark.range?.startContainer)
    const { offsetWidth: width, offsetHeight: height } = shown
    const { x, y } = place(lines, { width, height }, view(), 'below')
    Object.assign(shown.style, { left: `${Math.round(x)}px`, top: `${Math.round(y)}px` })
    this.#shown = shown
    this.#mark = mark
  }

  hide(): void {
    this.#shown?.remove()
    this.#shown = this.#mark = null
  }
}
