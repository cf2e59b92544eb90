/** How pages and page scripts speak with the background script. */
import type { Announcement, Answer, Requests } from '../model'

/**
 * Ask, and get an answer or a problem; never an exception. When the extension was updated or
 * removed under an open page nobody listens any more: that is the problem `gone`.
 */
export async function ask<T extends keyof Requests>(
  type: T,
  send: Requests[T]['send'],
): Promise<Answer<Requests[T]['answer']>> {
  try {
    const answer = await chrome.runtime.sendMessage({ type, ...send })
    if (answer) return answer
  } catch {
    // Falls through: an orphaned script and a missing listener are the same to the reader.
  }
  return { problem: { type: 'gone', detail: goneSentence() } }
}

/** Hear what background announces, until `signal` is aborted. */
export function onAnnouncement(
  listener: (announcement: Announcement) => void,
  signal: AbortSignal,
): void {
  const heard = (message: Announcement) => {
    listener(message)
  }
  chrome.runtime.onMessage.addListener(heard)
  signal.addEventListener('abort', () => {
    try {
      chrome.runtime.onMessage.removeListener(heard)
    } catch {
      // The extension is gone, and its listeners with it.
    }
  })
}

function goneSentence(): string {
  try {
    return chrome.i18n.getMessage('problemGone') || GONE
  } catch {
    return GONE
  }
}

/** An orphaned script may not even read its own strings. */
const GONE = 'Postil was updated. Reload this page to go on.'
