/**
 * Pages as their readers come to them: each is asked what it is, and is given the page script where
 * it has notes. Background asks, for a page that had to would pay for it, notes or none.
 *
 * The browser tells of pages in tabs, and of addresses that change without a document; of what is
 * in frames, or is shown again as it was, the boot script tells.
 */
import type { Here } from '../page/frame'
import { mayEnter } from '../ui/access'
import { refreshBadge } from './badge'
import { database } from './connection'
import { notesOn } from './notes'
import { isPaused } from './paused'
import { forgetFrame, placesShowing, showsPage, toldOf, type Spot } from './shown'

type Navigated = chrome.webNavigation.WebNavigationFramedCallbackDetails

const PAGES = { url: [{ schemes: ['http', 'https', 'file'] }] }

/** `come` is called whenever a page came into a tab. */
export function onNavigation(come: () => void): void {
  const { onDOMContentLoaded, onHistoryStateUpdated, onReferenceFragmentUpdated } =
    chrome.webNavigation
  const arrived = ({ tabId, frameId }: Navigated) => {
    if (frameId !== 0) return
    void visit({ tab: tabId, frame: 0 })
    come()
  }
  // Pages change the state of their history at any time; what is of interest is another address.
  const moved = async ({ tabId, frameId, url }: Navigated) => {
    const spot = { tab: tabId, frame: frameId }
    if ((await toldOf(spot))?.address.url === url) return
    void visit(spot)
    if (frameId === 0) come()
  }
  onDOMContentLoaded.addListener(arrived, PAGES)
  for (const event of [onHistoryStateUpdated, onReferenceFragmentUpdated]) {
    event.addListener((navigated) => void moved(navigated).catch(report), PAGES)
  }
}

export function visit({ tab, frame }: Spot): Promise<void> {
  return ask({ tabId: tab, frameIds: [frame] })
}

/** The page in a tab, and those in its frames. */
export function visitAll(tab: number): Promise<void> {
  return ask({ tabId: tab, allFrames: true })
}

/** Those pages that these keys are of: their notes are others now. */
export async function visitShowing(keys: ReadonlySet<string>): Promise<void> {
  const places = await placesShowing(keys)
  await Promise.all(places.map(({ spot }) => visit(spot)))
}

async function ask(target: chrome.scripting.InjectionTarget): Promise<void> {
  if (!(await mayEnter(target.tabId).catch(() => false))) return
  // At once: where it is too soon, nobody answers, and we are told when it is not.
  const asked = { target, files: ['here.js'], injectImmediately: true }
  const answers = await chrome.scripting.executeScript<[], Here | null>(asked).catch(nobody)
  const met = answers.map(({ frameId, result }) => {
    return result ? meet({ tab: target.tabId, frame: frameId }, result) : undefined
  })
  await Promise.all(met).catch(report)
}

/** Runs in the page. */
function leaveAlone(): void {
  const frame = globalThis.postil
  if (!frame) return
  frame.paused = true
  frame.page?.abort()
}

async function meet(spot: Spot, { address, loaded }: Here): Promise<void> {
  const { tab, frame } = spot
  const notes = (await notesOn(await database(), address)).length
  const listed = frame === 0 || notes > 0
  // Before the page script is there, which tells more.
  await (listed ? showsPage(spot, address) : forgetFrame(spot))
  const target = { tabId: tab, frameIds: [frame] }
  // What comes too late meets another page, which is asked in its turn.
  if (await isPausedAround(tab, address.url)) {
    await chrome.scripting.executeScript({ target, func: leaveAlone }).catch(nobody)
  } else if (notes && !loaded) {
    await chrome.scripting.executeScript({ target, files: ['page.js'] }).catch(nobody)
  }
  if (listed) await refreshBadge(tab)
}

/** A site that is paused is left alone with all that it shows in frames. */
async function isPausedAround(tab: number, url: string): Promise<boolean> {
  const around = (await chrome.tabs.get(tab)).url
  return (await isPaused(url)) || (around !== undefined && (await isPaused(around)))
}

/** A page that went, or lets no extension in. */
function nobody(): [] {
  return []
}

function report(error: unknown): void {
  console.warn('Postil:', error)
}
