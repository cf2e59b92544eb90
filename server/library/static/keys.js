// The library by keyboard. No key means anything while a field has the focus, or with a modifier.

const FIELD = 'textarea, select, input:not([type="checkbox"], [type="radio"]), dialog *'

const KEYS = {
  '/': () => {
    const search = document.getElementById('q')
    search?.focus()
    search?.select()
  },
  j: () => step(1),
  k: () => step(-1),
  Enter: (note) => follow(note, '.opens') || follow(note, '.edits'),
  e: (note) => follow(note, '.edits'),
  x: (note) => note.querySelector('.pick input')?.click(),
  '#': remove,
  '?': () => document.getElementById('keys')?.showModal(),
}

/** Keys that are about the note the keys have led to. */
const OF_A_NOTE = new Set(['Enter', 'e', 'x', '#'])

export function listenForKeys() {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(FIELD)) return
    const act = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null
    const note = document.activeElement?.closest('.note')
    if (!act || (OF_A_NOTE.has(event.key) && !note)) return
    // Enter on a link or a button is that link's or button's own.
    if (event.key === 'Enter' && event.target !== note) return
    event.preventDefault()
    act(note)
  })
  const shows = document.getElementById('show-keys')
  if (shows) {
    shows.hidden = false
    shows.addEventListener('click', KEYS['?'])
  }
}

/** To the next note, or the one before; the first time to the first that is in sight. */
function step(by) {
  const notes = [...document.querySelectorAll('main .note')]
  const here = notes.indexOf(document.activeElement?.closest('.note'))
  const inSight = notes.findIndex((note) => note.getBoundingClientRect().bottom > 0)
  const next = notes[here < 0 ? inSight : here + by]
  if (!next) return
  next.tabIndex = -1
  next.focus({ preventScroll: true })
  next.scrollIntoView({ block: 'nearest' })
}

function follow(note, selector) {
  const link = note.querySelector(selector)
  link?.click()
  return link !== null
}

/** Into the trash; the page that follows offers to undo it. */
function remove(note) {
  const form = document.getElementById('away')
  if (!form || !note.dataset.away) return
  form.action = note.dataset.away
  form.elements.rev.value = note.dataset.rev
  form.requestSubmit()
}
