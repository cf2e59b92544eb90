/**
 * A line at the foot of the window: what was done, with a way back, or what went wrong, in words.
 */

import { t } from '../ui/strings'
import { h, icon } from './element'
import type { Host } from './host'

const SHOWN_MS = 8000

/** Where there is nothing to press, only to read. */
const BRIEFLY_MS = 3500

export interface ToastOptions {
  words: string
  action?: { label: string; act: () => void }
  /** Also while it is shown: Ctrl+Z. */
  undo?: boolean
  /** A problem waits to be read. */
  stays?: boolean
}

export class Toasts {
  #shown: AbortController | null = null
  readonly #close = t('pageClose')

  constructor(
    readonly host: Host,
    readonly signal: AbortSignal,
  ) {}

  /** Answers what is aborted once the line is gone. */
  show({ words, action, undo, stays }: ToastOptions): AbortSignal {
    this.#shown?.abort()
    const shown = (this.#shown = new AbortController())
    const signal = AbortSignal.any([this.signal, shown.signal])
    const act = () => {
      shown.abort()
      action?.act()
    }
    const toast = h('div', { class: 'toast', role: 'group', 'aria-label': words })
    toast.append(h('span', { class: 'words' }, words))
    if (action) {
      const button = h('button', { type: 'button', class: 'quiet' }, action.label)
      button.addEventListener('click', act)
      toast.append(button)
    }
    const label = this.#close
    const close = h('button', { type: 'button', class: 'tool', title: label, 'aria-label': label })
    close.append(icon('close'))
    close.addEventListener('click', () => shown.abort())
    toast.append(close)

    this.host.add(toast)
    this.host.announce(words)
    if (!stays) expire(toast, shown, action ? SHOWN_MS : BRIEFLY_MS)
    let returnTo: EventTarget | null = null
    toast.addEventListener('focusin', ({ relatedTarget }) => (returnTo ??= relatedTarget))
    shown.signal.addEventListener('abort', () => {
      const focused = toast.contains(this.host.active)
      toast.remove()
      if (focused && returnTo instanceof HTMLElement) returnTo.focus({ preventScroll: true })
    })
    const escape = (event: KeyboardEvent) => event.key === 'Escape' && shown.abort()
    toast.addEventListener('keydown', escape, { signal })
    if (undo) this.#hearUndo(act, signal)
    return shown.signal
  }

  #hearUndo(act: () => void, signal: AbortSignal): void {
    const hear = (event: KeyboardEvent) => {
      const ours = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey)
      if (!ours || event.shiftKey || event.altKey || isField(event.target)) return
      event.preventDefault()
      event.stopImmediatePropagation()
      act()
    }
    addEventListener('keydown', hear, { capture: true, signal })
  }
}

/** Where Ctrl+Z takes back what was typed. */
function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.matches('input, textarea, select')
}

/** Not while the pointer or the focus rests on it. */
function expire(toast: HTMLElement, shown: AbortController, milliseconds: number): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(() => shown.abort(), milliseconds)
  }
  const hold = () => clearTimeout(timer)
  for (const type of ['pointerenter', 'focusin']) toast.addEventListener(type, hold)
  for (const type of ['pointerleave', 'focusout']) toast.addEventListener(type, wait)
  shown.signal.addEventListener('abort', hold)
  wait()
}
