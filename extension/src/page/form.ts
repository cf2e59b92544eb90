/** What a note is written in: the passage, the note, its tags and its colour. */

import type { Color, Edit, Problem } from '../model'
import { t } from '../ui/strings'
import { isGone, type Maker } from './element'
import { editOf, isEmpty, type Mark } from './mark'
import { shorten } from './shorten'
import { swatches } from './swatches'
import { tagField } from './tags'

/** The pause of typing after which a note is saved. */
const PAUSE_MS = 800

/** Who never pauses is saved all the same. */
const LONGEST_MS = 5000

export interface FormOptions {
  mark: Mark
  names: Record<Color, string>
  knownTags: () => Promise<string[]>
  /** Shows the change and has it saved; null once it is. */
  save: (change: Edit) => Promise<Problem | null>
  remove: () => void
  close: () => void
  resized: () => void
}

export interface Form {
  element: HTMLElement
  note: HTMLElement
  tags: HTMLElement
  /** Shows a change made elsewhere, unless its reader is in the middle of one here. */
  refresh(): void
  /** All there is, where there may be no later: half a tag is better kept than lost. */
  save(): Promise<Problem | null>
}

export function makeForm(make: Maker, options: FormOptions): Form {
  const { h, icon } = make
  const { mark, resized } = options
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
  const tags = tagField(make, mark.annotation.tags, {
    changed: () => later(),
    resized,
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
  /** Kept here: what stood in a page of the extension that went can't be read any more. */
  let text = note.value
  const show = (problem: Problem | null) => {
    const saved = [icon('check'), h('span', { class: 'unseen' }, t('pageNoteSaved'))]
    status.replaceChildren(...(problem ? [problem.detail] : saved))
    status.classList.toggle('problem', problem !== null)
  }
  const save = (color?: Color, all = tags.value()) => {
    clearTimeout(timer)
    unsavedSince = 0
    const { annotation } = mark
    const now = { note: text, tags: all }
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
    void saved.then((problem) => {
      if (isGone(dialog)) return
      show(problem)
      resized()
    })
    return saved
  }
  const saveAll = () => save(undefined, tags.all())
  const refresh = () => {
    const { annotation } = mark
    if (isGone(dialog) || text !== shown.note || tags.touched(shown.tags)) return
    if (text !== annotation.note) note.value = text = annotation.note
    tags.show(annotation.tags)
    shown = { note: annotation.note, tags: annotation.tags, rev: annotation.rev }
    paintColors()
  }
  const later = () => {
    const now = performance.now()
    unsavedSince ||= now
    clearTimeout(timer)
    status.replaceChildren()
    timer = setTimeout(() => void save(), Math.max(0, Math.min(PAUSE_MS, unsavedSince + LONGEST_MS - now)))
    resized()
  }
  const paintColors = () => {
    const { color } = mark.annotation
    if (colors.dataset['color'] === color) return
    const focused = colors.matches(':focus-within')
    colors.dataset['color'] = color
    colors.replaceChildren(...swatches(make, color, options.names, (chosen) => void save(chosen)))
    dialog.querySelector('.quote')?.setAttribute('class', `quote ${color}`)
    if (focused) colors.querySelector<HTMLElement>('[aria-pressed=true]')?.focus()
  }
  paintColors()

  note.addEventListener('input', () => {
    text = note.value
    later()
  })
  done.addEventListener('click', options.close)
  trash.addEventListener('click', () => {
    options.close()
    options.remove()
  })
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    options.close()
  })
  if (mark.problem) show(mark.problem)
  note.setSelectionRange(note.value.length, note.value.length)
  return { element: dialog, note, tags: tags.input, refresh, save: saveAll }
}
