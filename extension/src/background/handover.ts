/**
 * An extension that is updated under an open page cuts off the scripts it had there: they can tell
 * nobody any more what was being written. Where the browser lets them run on (Chromium), they lay
 * it down in our own closed tree (`page/handover.ts`), and the copy that came instead takes it.
 */
import type { Handover, Pending } from '../model'
import { database } from './connection'
import { handoverKey } from './handover_key'
import { answer } from './messages'

/** For a script that is cut off to hear from all it asked that nobody answers. */
const WAIT_MS = 5000

/** From a tab whose earlier scripts have stepped aside. Nothing that fails here keeps it waiting. */
export function takeOver(tabId: number): Promise<void> {
  return takeAll(tabId).catch((error: unknown) => {
    console.warn('Postil:', error)
  })
}

async function takeAll(tabId: number): Promise<void> {
  const target = { tabId, allFrames: true }
  const laid = { target, func: collect, args: [WAIT_MS] as [number] }
  const tab = await chrome.tabs.get(tabId)
  const frames = await chrome.scripting.executeScript(laid)
  for (const { frameId, result } of frames) {
    for (const text of result ?? []) {
      if (!(await save(text, tab))) continue
      const target = { tabId, frameIds: [frameId] }
      await chrome.scripting.executeScript({ target, func: drop, args: [text] })
    }
  }
  await chrome.scripting.executeScript({ target, func: clear })
}

/** Whether nothing of it is left to be saved. */
async function save(text: string, tab: chrome.tabs.Tab): Promise<boolean> {
  const sender = { id: chrome.runtime.id, url: chrome.runtime.getURL(''), tab }
  const all = await believed(text)
  for (const pending of all ?? []) {
    const answered = await answer({ type: 'note:save', pending }, sender)
    if (!answered || 'problem' in answered) return false
  }
  return all !== null
}

/** Pages may have elements called as ours. */
async function believed(text: string): Promise<Pending[] | null> {
  try {
    const { key, pending } = JSON.parse(text) as Handover
    if (key === (await handoverKey(await database()))) return pending
  } catch {
    // Whoever wrote this was none of ours.
  }
  return null
}

/** Runs in the page: what was laid down in it, once it is all there. */
async function collect(milliseconds: number): Promise<string[]> {
  // Chromium's alone; where a browser ends what was replaced, nothing was laid down.
  const { dom } = chrome as Partial<typeof chrome>
  const trees = [...document.querySelectorAll<HTMLElement>('postil-ui')].map((element) =>
    dom?.openOrClosedShadowRoot(element),
  )
  const laid = trees.flatMap((tree) => [...(tree?.querySelectorAll('data') ?? [])])
  const end = AbortSignal.timeout(milliseconds)
  const filled = (data: HTMLDataElement) =>
    new Promise<string>((resolve) => {
      const look = () => {
        if (!data.value && data.isConnected && !end.aborted) return
        observer.disconnect()
        resolve(data.value)
      }
      const observer = new MutationObserver(look)
      observer.observe(data.getRootNode(), { attributes: true, childList: true, subtree: true })
      end.addEventListener('abort', look)
      look()
    })
  return (await Promise.all(laid.map(filled))).filter(Boolean)
}

/** Runs in the page: who laid it down sees that it was taken. */
function drop(text: string): void {
  const { dom } = chrome as Partial<typeof chrome>
  for (const element of document.querySelectorAll<HTMLElement>('postil-ui')) {
    for (const data of dom?.openOrClosedShadowRoot(element)?.querySelectorAll('data') ?? []) {
      if (data.value === text) data.remove()
    }
  }
}

/** Runs in the page: what ended at once left there all that it had open; what did not comes back. */
function clear(): void {
  for (const element of document.querySelectorAll('postil-ui')) element.remove()
}
