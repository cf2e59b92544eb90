/**
 * Where a note is written. It saves after each pause of typing and when it is closed: closing
 * never asks and never throws away what was typed.
 */

import type { Color, Edit, Problem } from '../model'
import { t } from '../ui/strings'
import { Card, type CardOptions } from './card'
import { h, icon } from './element'
import type { Host } from './host'
import { editOf, isEmpty, type Mark } from './mark'
import { Room } from './room'
import { shorten } from './shorten'
import { swatches } from './swatches'
import { tagField } from './tags'

/** The pause of typing after which a note is saved. */
const PAUSE_MS = 800

/** Who never pauses is saved all the same. */
const LONGEST_MS = 5000

/** Where the writing begins. */
export type Field = 'note' | 'tags'

export interface EditorOptions extends Omit<CardOptions, 'label' | 'onClose' | 'stays'> {
  mark: Mark
  begin: Field
  names: Record<Color, string>
  knownTags: () => Promise<string[]>
  /** Shows the change and has it saved; null once it is. */
  save: (change: Edit) => Promise<Problem | null>
  remove: () => void
  /** The page took it out: closed, and to be opened anew. */
  torn: () => void
  closed: (outcome: Promise<Problem | null>) => void
}

export function openEditor(host: Host, options: EditorOptions, signal: AbortSignal): Card {
  const { mark } = options
  const { color } = mark.annotation
  const note = h('textarea', {
    class: 'note',
    'aria-label': t('pageNote'),
    placeholder: t('pageNotePlaceholder'),
    rows: 3,
    dir: 'auto',
  })
  note.value = mark.annotation.note
  const status = h('span', { class: 'status', role: 'status' })
  const tags = tagField(mark.annotation.tags, {
    changed: () => later(),
    resized: () => card.place(),
    known: options.knownTags,
  })
  const colors = h('div', { class: 'colors', role: 'group', 'aria-label': t('pageColor') })
  const trash = h('button', {
    type: 'button',
    class: 'tool',
    title: t('pageDelete'),
    'aria-label': t('pageDelete'),
  })
  trash.append(icon('trash'))
  const done = h('button', { type: 'button', class: 'primary' }, t('pageDone'))
  const quote = mark.annotation.quote?.exact
  const dialog = h(
    'section',
    { class: 'editor', role: 'dialog', 'aria-modal': 'false' },
    quote === undefined
      ? h('p', { class: `quote ${color}` }, t('pageWholePage'))
      : h('blockquote', { class: `quote ${color}`, dir: 'auto' }, shorten(quote, 150)),
    note,
    tags.element,
    h('div', { class: 'foot' }, colors, status, trash, done),
  )

  /** What the reader was shown, to tell what they changed from what others changed meanwhile. */
  let shown = { note: note.value, tags: mark.annotation.tags, rev: mark.annotation.rev }
  let timer: ReturnType<typeof setTimeout> | undefined
  let unsavedSince = 0
  let saved: Promise<Problem | null> = Promise.resolve(mark.problem)
  const show = (problem: Problem | null) => {
    const saved = [icon('check'), h('span', { class: 'unseen' }, t('pageNoteSaved'))]
    status.replaceChildren(...(problem ? [problem.detail] : saved))
    status.classList.toggle('problem', problem !== null)
    card.place()
  }
  const save = (color?: Color) => {
    clearTimeout(timer)
    unsavedSince = 0
    const { annotation } = mark
    const now = { note: note.value, tags: tags.value() }
    const written = now.note !== shown.note
    const fields = {
      ...(written && { note: now.note }),
      ...(color && color !== annotation.color && { color }),
    }
    const replaced = annotation.note !== shown.note
    const base = written && replaced ? shown.rev : undefined
    const change = editOf(fields, shown.tags, now.tags, base)
    if (isEmpty(change) && mark.stored && !mark.unsaved) return saved
    shown = { ...now, rev: annotation.rev }
    saved = options.save(change)
    void saved.then((problem) => show(problem))
    return saved
  }
  /** Where there may be no later: half a tag is better kept than lost. */
  const saveAll = () => {
    tags.take()
    return save()
  }
  /** A change made elsewhere is shown, unless the reader is in the middle of one here. */
  const refresh = () => {
    const { annotation } = mark
    if (note.value !== shown.note || tags.touched(shown.tags)) return
    if (note.value !== annotation.note) note.value = annotation.note
    tags.show(annotation.tags)
    shown = { note: annotation.note, tags: annotation.tags, rev: annotation.rev }
    paintColors()
  }
  const later = () => {
    const now = performance.now()
    unsavedSince ||= now
    clearTimeout(timer)
    status.replaceChildren()
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE_MS, unsavedSince + LONGEST_MS - now)))
    card.place()
  }
  const paintColors = () => {
    const { color } = mark.annotation
    if (colors.dataset['color'] === color) return
    const focused = colors.matches(':focus-within')
    colors.dataset['color'] = color
    colors.replaceChildren(...swatches(color, options.names, (chosen) => void save(chosen)))
    dialog.querySelector('.quote')?.setAttribute('class', `quote ${color}`)
    if (focused) colors.querySelector<HTMLElement>('[aria-pressed=true]')?.focus()
  }
  paintColors()

  const room = new Room(dialog, t('pageNote'), () => {
    card.close()
    options.torn()
  })
  const card = new Card(
    host,
    room.element,
    {
      ...options,
      room,
      label: t('pageNote'),
      stays: true,
      refresh,
      onClose: () => options.closed(saveAll()),
    },
    signal,
  )
  const open = { signal: AbortSignal.any([signal, card.closed]) }
  note.addEventListener('input', later, open)
  done.addEventListener('click', () => card.close())
  trash.addEventListener('click', () => {
    card.close()
    options.remove()
  })
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    card.close()
  })
  // A page that goes away does not wait for the pause; what it has is told right after (notes.ts).
  const first = { ...open, capture: true }
  addEventListener('pagehide', saveAll, first)
  document.addEventListener('visibilitychange', () => document.hidden && saveAll(), first)
  if (mark.problem) show(mark.problem)
  note.setSelectionRange(note.value.length, note.value.length)
  if (options.begin === 'tags') tags.focus()
  else note.focus({ preventScroll: true })
  return card
}
