/**
 * A list under a field, of what may be meant: WAI-ARIA's combobox with a listbox. The field keeps
 * the focus; the arrows go through the list, Enter takes, Escape closes the list and nothing else.
 */

import { type Maker, secret } from './element'

export interface Completion {
  list: HTMLElement
  /** Anew, after what is typed changed. */
  refresh(): void
  close(): void
  /** Takes the key where the list has a use for it. */
  press(event: KeyboardEvent): boolean
}

export interface CompletionOptions {
  label: string
  find: () => string[]
  choose: (value: string) => void
  resized: () => void
}

const LIST = 'postil-completions'

export function complete(
  { h }: Maker,
  input: HTMLInputElement,
  options: CompletionOptions,
): Completion {
  const { label, find, choose, resized } = options
  const list = h('ul', { id: LIST, class: 'offers', role: 'listbox', 'aria-label': label })
  list.hidden = true
  for (const [name, value] of [
    ['role', 'combobox'],
    ['aria-autocomplete', 'list'],
    ['aria-controls', LIST],
    ['aria-expanded', 'false'],
  ] as const) {
    input.setAttribute(name, value)
  }
  let values: string[] = []
  let at = -1

  const stand = (to: number) => {
    at = to
    for (const [index, item] of [...list.children].entries()) {
      item.setAttribute('aria-selected', String(index === at))
    }
    if (at < 0) input.removeAttribute('aria-activedescendant')
    else input.setAttribute('aria-activedescendant', `${LIST}-${at}`)
  }
  const show = (found: string[]) => {
    const before = values.length
    values = found
    list.replaceChildren(...found.map(item))
    list.hidden = !found.length
    input.setAttribute('aria-expanded', String(found.length > 0))
    stand(-1)
    if (before !== found.length) resized()
  }
  const item = (value: string, index: number) => {
    const id = `${LIST}-${index}`
    const named = { id, class: 'offer', role: 'option', 'aria-label': value }
    const made = h('li', { ...named, ...secret(value) })
    // The field keeps the focus while the mouse presses here.
    made.addEventListener('mousedown', (event) => event.preventDefault())
    made.addEventListener('click', () => choose(value))
    return made
  }
  const press = ({ key }: KeyboardEvent) => {
    if (!values.length) return false
    const last = values.length - 1
    const chosen = values[at]
    if (key === 'ArrowDown') stand(at === last ? -1 : at + 1)
    else if (key === 'ArrowUp') stand(at < 0 ? last : at - 1)
    else if (key === 'Escape') show([])
    else if (key === 'Enter' && chosen !== undefined) choose(chosen)
    else return false
    return true
  }
  return { list, refresh: () => show(find()), close: () => show([]), press }
}
