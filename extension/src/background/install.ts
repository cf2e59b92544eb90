/** Tabs that were open before the extension was installed or updated get its script now. */
export async function wakeOpenTabs(): Promise<void> {
  const tabs = await chrome.tabs.query({ url: ['http://*/*', 'https://*/*', 'file:///*'] })
  await Promise.all(
    tabs.map(async ({ id, discarded }) => {
      if (id !== undefined && !discarded) await wakeTab(id)
    }),
  )
}

/** A tab that has no script of ours, or has told nothing yet; a second script steps aside. */
export async function wakeTab(tab: number): Promise<void> {
  try {
    const target = { tabId: tab, allFrames: true }
    await chrome.scripting.insertCSS({ target, files: ['page.css'] })
    await chrome.scripting.executeScript({ target, files: ['boot.js'] })
  } catch {
    // A page that lets no extension in.
  }
}
