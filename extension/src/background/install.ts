import { visitAll } from './visiting'

/** Tabs that were open before the extension was installed or updated get its script now. */
export async function wakeOpenTabs(): Promise<void> {
  await Promise.all((await openTabs()).map(wakeTab))
}

/** Tabs that a browser brought back may have been there before anybody listened. */
export async function visitOpenTabs(): Promise<void> {
  await Promise.all((await openTabs()).map(visitAll))
}

async function openTabs(): Promise<number[]> {
  const tabs = await chrome.tabs.query({ url: ['http://*/*', 'https://*/*', 'file:///*'] })
  return tabs.flatMap(({ id, discarded }) => (id === undefined || discarded ? [] : [id]))
}

/** A tab that has no script of ours, or has told nothing yet; a second script steps aside. */
export async function wakeTab(tab: number): Promise<void> {
  try {
    const target = { tabId: tab, allFrames: true }
    await chrome.scripting.insertCSS({ target, files: ['page.css'] })
    await chrome.scripting.executeScript({ target, func: tellOlder })
    await chrome.scripting.executeScript({ target, files: ['boot.js'] })
    await visitAll(tab)
  } catch {
    // A page that lets no extension in.
  }
}

/** Runs in the page: scripts from before an update hear of it, and see that they are cut off. */
function tellOlder(): void {
  document.dispatchEvent(new Event('postil-boot'))
}
