// A form that was sent is shown so, and not sent twice: to rename a tag of thousands of notes, or to
// bring in a large file, takes its time.

export function showWaiting() {
  document.addEventListener('submit', ({ target, submitter, defaultPrevented }) => {
    if (target.method !== 'post' || defaultPrevented) return
    const buttons = target.querySelectorAll('button')
    submitter?.setAttribute('aria-busy', 'true')
    // Only once the form has been read: a button that is off does not say what it was pressed for.
    setTimeout(() => buttons.forEach((button) => (button.disabled = true)))
  })
  // A browser that comes back to the page finds it as it left it.
  addEventListener('pageshow', () => {
    for (const busy of document.querySelectorAll('button[aria-busy]')) {
      busy.removeAttribute('aria-busy')
      for (const button of busy.form.querySelectorAll('button')) button.disabled = false
    }
  })
}
