/**
 * The editor: a card with the form a note is written in. It saves after each pause of typing and
 * when it is closed: closing never asks and never throws away what was typed.
 */

import type { Problem } from '../model'
import { t } from '../ui/strings'
import { Card, type CardOptions } from './card'
import { type Form, type FormOptions, makeForm } from './form'
import type { Host } from './host'
import { Room } from './room'

/** Where the writing begins. */
export type Field = 'note' | 'tags'

export interface EditorOptions
  extends Omit<CardOptions, 'label' | 'onClose' | 'stays'>, Omit<FormOptions, 'resized' | 'close'> {
  begin: Field
  /** The page took it out: closed, and to be opened anew. */
  torn: () => void
  closed: (outcome: Promise<Problem | null>) => void
}

export function openEditor(host: Host, options: EditorOptions, signal: AbortSignal): Card {
  const { mark, begin, torn, closed } = options
  let form: Form | null = null
  const close = () => card.close()
  const room = new Room({
    label: t('pageNote'),
    furnish: (make) => {
      form = makeForm(make, { ...options, close, resized: () => card.place() })
      return form.element
    },
    first: () => form![begin],
    torn: () => {
      close()
      torn()
    },
  })
  const card = new Card(
    host,
    room.element,
    {
      ...options,
      room,
      label: t('pageNote'),
      stays: true,
      refresh: () => form?.refresh(),
      onClose: () => closed(form?.save() ?? Promise.resolve(mark.problem)),
    },
    signal,
  )
  // A page that goes away does not wait for the pause; what it has is told right after (notes.ts).
  const first = { capture: true, signal: AbortSignal.any([signal, card.closed]) }
  const save = () => void form?.save()
  addEventListener('pagehide', save, first)
  document.addEventListener('visibilitychange', () => document.hidden && save(), first)
  room.enter()
  return card
}
