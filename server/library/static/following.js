// An open page shows what other devices change, as soon as they do.

/** Follows the news for as long as the page is open. */
export async function follow(shown) {
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
  if (inUse(shown)) return false
  const response = await fetch(location.href).catch(() => null)
  if (!response?.ok || response.redirected) return false
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const fresh = page.querySelector('main[data-since]')
  if (!fresh || inUse(shown)) return false
  const focused = document.activeElement?.closest('.note')?.id
  shown.replaceChildren(...document.adoptNode(fresh).childNodes)
  shown.dataset.since = fresh.dataset.since
  document.querySelector('.masthead nav').replaceWith(page.querySelector('.masthead nav'))
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
  return true
}

/** Whether a reader has begun something in it. A note that the keys have led to is no such thing. */
function inUse(shown) {
  const focused = document.activeElement
  if (shown.contains(focused) && !focused.matches('.note')) return true
  return shown.querySelector('.pick :checked, details[open] > form') !== null
}

function later(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function visible() {
  return new Promise((resolve) =>
    document.addEventListener('visibilitychange', () => resolve(), { once: true }),
  )
}
