/**
 * The small bar beside a selection or a highlight: five colours and what else can be done with it.
 */

import type { Color } from '../model'
import { t } from '../ui/strings'
import { Card, type CardOptions } from './card'
import { h, icon, type Icon } from './element'
import type { Host } from './host'
import { swatches } from './swatches'

export interface ToolbarOptions extends Omit<CardOptions, 'label'> {
  label: string
  /** The highlight's colour; null for a selection, which has none yet. */
  color: Color | null
  choose: (color: Color) => void
  note: () => void
  copy: () => void
  link: () => void
  /** Of a highlight only. */
  remove?: () => void
  /** Where highlights overlap: shows the next one. */
  next?: () => void
  focus?: boolean
}

export function openToolbar(host: Host, options: ToolbarOptions, signal: AbortSignal): Card {
  const { color, choose, note, copy, link, remove, next } = options
  const buttons = [
    ...swatches(color, choose),
    h('span', { class: 'rule' }),
    button('note', t('pageNote'), note),
    button('copy', t('pageCopyQuote'), copy),
    button('link', t('pageCopyLink'), link),
    remove && button('trash', t('pageDelete'), remove),
    next && button('next', t('pageNextHere'), next),
  ].filter((one) => one !== undefined)
  const bar = h('div', { class: 'toolbar', role: 'toolbar' }, ...buttons)
  rove(bar)
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

/** One stop for Tab; the arrows go along the bar, in the direction it is read. */
function rove(bar: HTMLElement): void {
  const buttons = [...bar.querySelectorAll('button')]
  const stand = (at: number) => buttons.forEach((one, i) => (one.tabIndex = i === at ? 0 : -1))
  stand(Math.max(0, buttons.findIndex((one) => one.getAttribute('aria-pressed') === 'true')))
  bar.addEventListener('keydown', (event) => {
    const at = buttons.findIndex((one) => one.tabIndex === 0)
    const forward = getComputedStyle(bar).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const back = forward === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft'
    const to = new Map([
      [forward, (at + 1) % buttons.length],
      [back, (at + buttons.length - 1) % buttons.length],
      ['Home', 0],
      ['End', buttons.length - 1],
    ]).get(event.key)
    if (to === undefined) return
    event.preventDefault()
    stand(to)
    buttons[to]?.focus()
  })
}
