/** Asking the page script of a tab; announcing to it is done here too. */
import type { Announcement, Questions } from '../model'

/** `null` where nobody answers: no script of ours runs there, or it has nothing to say. */
export async function askTab<T extends keyof Questions>(
  tab: number,
  type: T,
  send: Questions[T]['send'],
): Promise<Questions[T]['answer'] | null> {
  try {
    // To the page and its frames: the one that has the note answers.
    return (await chrome.tabs.sendMessage(tab, { type, ...send })) ?? null
  } catch {
    return null
  }
}

export async function tellTab(tab: number, announcement: Announcement): Promise<void> {
  await chrome.tabs.sendMessage(tab, announcement).catch(() => {})
}
