/** Puts text on the clipboard, on pages without a secure context too. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyByCommand(text)
  }
}

/** Only the copy event of the whole document lets a script say what is copied. */
function copyByCommand(text: string): boolean {
  const give = (event: ClipboardEvent) => {
    event.preventDefault()
    event.stopImmediatePropagation()
    event.clipboardData?.setData('text/plain', text)
  }
  addEventListener('copy', give, { capture: true, once: true })
  try {
    return document.execCommand('copy')
  } finally {
    removeEventListener('copy', give, { capture: true })
  }
}
