// What the library does better with a script. Everything works without it.

'use strict'

const main = document.querySelector('main[data-since]')
// Never take a form away from under somebody's hands: where one writes, nothing is renewed.
if (main && !main.querySelector('form.edit')) follow(main)

/** Show what other devices change, as soon as they do. */
async function follow(shown) {
  for (;;) {
    const query = new URLSearchParams({ since: shown.dataset.since, wait: '25' })
    const began = Date.now()
    let changed = false
    try {
      const response = await fetch(`${shown.dataset.news}?${query}`)
      if (response.redirected) return // signed out meanwhile
      changed = response.ok ? (await response.json()).changed : response.status === 410
    } catch {
      // The server is away: look again in a while.
    }
    while (changed && !(await renew(shown))) await later(2000)
    // Answered at once with nothing, or not at all: too many wait already, or nobody is there.
    if (!changed && Date.now() - began < 5000) await later(10_000)
    if (document.hidden) await visible()
  }
}

/** Put the page as it is now into the place of what is shown. False where it has to wait. */
async function renew(shown) {
  if (shown.contains(document.activeElement)) return false
  const response = await fetch(location.href).catch(() => null)
  if (!response?.ok || response.redirected) return false
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const fresh = page.querySelector('main[data-since]')
  if (!fresh) return false
  shown.replaceChildren(...document.adoptNode(fresh).childNodes)
  shown.dataset.since = fresh.dataset.since
  document.querySelector('.masthead nav').replaceWith(page.querySelector('.masthead nav'))
  return true
}

function later(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function visible() {
  return new Promise((resolve) =>
    document.addEventListener('visibilitychange', () => resolve(), { once: true }),
  )
}
