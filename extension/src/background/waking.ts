import { visitAll } from './visiting'

/**
 * A tab that has no script of ours, or has told nothing yet; a second script steps aside. `before`
 * is done once the scripts of earlier copies have stepped aside, too, and nothing is shown yet.
 */
export async function wakeTab(tab: number, before?: (tab: number) => Promise<void>): Promise<void> {
  try {
    const target = { tabId: tab, allFrames: true }
    await chrome.scripting.insertCSS({ target, files: ['page.css'] })
    await chrome.scripting.executeScript({ target, func: tellOlder })
    await chrome.scripting.executeScript({ target, files: ['boot.js'] })
    await before?.(tab)
    await visitAll(tab)
  } catch {
    // A page that lets no extension in.
  }
}

/** Runs in the page: scripts from before an update hear of it, and see that they are cut off. */
function tellOlder(): void {
  document.dispatchEvent(new Event('postil-boot'))
}
