/** How pages and page scripts speak with the background script. */
import type { Announcement, Answer, Requests } from '../model'
import { uuidv7 } from '../uuid'

/**
 * Ask, and get an answer or a problem; never an exception. When the extension was updated or
 * removed under an open page nobody listens any more: that is the problem `gone`.
 *
 * The browser may end the background script in the middle of answering. Then it is asked again,
 * once, in such a way that what it had done already is not done twice.
 */
export async function ask<T extends keyof Requests>(
  type: T,
  send: Requests[T]['send'],
): Promise<Answer<Requests[T]['answer']>> {
  const message = type === 'note:create' ? { type, id: uuidv7(), ...send } : { type, ...send }
  const answer = (await tell(message)) ?? (await askAgain(message))
  return (answer ?? GONE) as Answer<Requests[T]['answer']>
}

async function tell(message: object): Promise<Answer<unknown> | undefined> {
  try {
    return await chrome.runtime.sendMessage(message)
  } catch {
    return undefined // An orphaned script, a missing listener, one that ended: all the same here.
  }
}

async function askAgain(message: { type: string }): Promise<Answer<unknown> | undefined> {
  if (!isInstalled()) return undefined
  const answer = await tell(message)
  const done = message.type === 'note:delete' && answer && 'problem' in answer
  return done && answer.problem.type === 'no-note' ? { ok: null } : answer
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

/** Whether the extension this script belongs to is still there, and not another in its place. */
export function isInstalled(): boolean {
  try {
    return chrome.runtime?.id !== undefined
  } catch {
    return false
  }
}

/** An orphaned script may not even read its own strings. */
const GONE = {
  get problem() {
    const plain = 'Postil was updated. Reload this page to go on.'
    try {
      return { type: 'gone', detail: chrome.i18n.getMessage('problemGone') || plain }
    } catch {
      return { type: 'gone', detail: plain }
    }
  },
}
