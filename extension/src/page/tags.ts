/** The tags of a note: chips that can be taken off, and a field that adds to them. */

import { t } from '../ui/strings'
import { complete } from './completion'
import { type Maker, secret } from './element'
import { suggest } from './suggest'

const MAX_TAGS = 64
const MAX_LENGTH = 128

export interface TagField {
  element: HTMLElement
  input: HTMLElement
  /** Without what is still being typed. */
  value(): string[]
  /** With it, as it stands. */
  all(): string[]
  show(tags: readonly string[]): void
  /** Whether it differs from these, or may soon. */
  touched(tags: readonly string[]): boolean
}

export interface TagFieldOptions {
  changed: () => void
  resized: () => void
  /** All tags in use; asked for once somebody goes to the field. */
  known: () => Promise<string[]>
}

export function tagField(
  make: Maker,
  initial: readonly string[],
  options: TagFieldOptions,
): TagField {
  const { h } = make
  const { changed, resized } = options
  const tags = [...initial]
  let known: string[] = []
  const list = h('ul', { class: 'chips', 'aria-label': t('pageTags') })
  const input = h('input', {
    type: 'text',
    class: 'tag-input',
    'aria-label': t('pageAddTag'),
    placeholder: t('pageAddTag'),
    maxlength: MAX_LENGTH,
    dir: 'auto',
    autocomplete: 'off',
    enterkeyhint: 'done',
  })

  /** Kept here: what stood in a page of the extension that went can't be read any more. */
  let text = ''
  const write = (value: string) => {
    input.value = text = value
  }
  const typed = () => text.split(',').map((tag) => tag.trim().normalize()).filter(Boolean)
  const add = () => {
    const fresh = typed()
    write('')
    offers.close()
    for (const tag of fresh) {
      if (!tags.includes(tag) && tags.length < MAX_TAGS) tags.push(tag)
    }
    draw()
    changed()
  }
  const remove = (tag: string) => {
    tags.splice(tags.indexOf(tag), 1)
    draw()
    changed()
    input.focus()
  }
  const draw = () => list.replaceChildren(...tags.map((tag) => chip(make, tag, () => remove(tag))))

  const offers = complete(make, input, {
    label: t('pageKnownTags'),
    find: () => suggest(text.split(',').at(-1) ?? '', known, tags),
    choose: (tag) => {
      write([...text.split(',').slice(0, -1), tag].join(','))
      add()
    },
    resized: () => {
      // The last of the field, which scrolls where there are many tags.
      element.scrollTop = element.scrollHeight
      resized()
    },
  })
  input.addEventListener('focus', () => {
    void options.known().then((found) => {
      known = found
      offers.refresh()
    })
  })
  input.addEventListener('input', () => {
    text = input.value
    offers.refresh()
  })
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return
    const last = tags.at(-1)
    if (offers.press(event)) {
      event.preventDefault()
      event.stopPropagation()
    } else if ((event.key === 'Enter' || event.key === ',') && text.trim()) {
      event.preventDefault()
      add()
    } else if (event.key === 'Backspace' && !text && last !== undefined) {
      event.preventDefault()
      remove(last)
    }
  })
  input.addEventListener('blur', () => {
    offers.close()
    if (text.trim()) add()
  })
  draw()
  const element = h('div', { class: 'tags' }, list, input, offers.list)

  return {
    element,
    input,
    value: () => [...tags],
    all: () => [...new Set([...tags, ...typed()])].slice(0, MAX_TAGS),
    touched: (others) => typed().length > 0 || tags.join('\n') !== others.join('\n'),
    show: (others) => {
      tags.splice(0, tags.length, ...others)
      draw()
    },
  }
}

function chip({ h, icon }: Maker, tag: string, remove: () => void): HTMLElement {
  const label = t('pageRemoveTag', tag)
  const button = h('button', { type: 'button', class: 'off', 'aria-label': label, title: label })
  button.append(icon('close'))
  button.addEventListener('click', remove)
  return h('li', { class: 'chip' }, h('span', secret(tag)), button)
}
