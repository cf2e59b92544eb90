/** Tabs that were open before the extension was installed or updated get its script now. */
export async function wakeOpenTabs(): Promise<void> {
  const tabs = await chrome.tabs.query({ url: ['http://*/*', 'https://*/*', 'file:///*'] })
  await Promise.all(
    tabs.map(async ({ id, discarded }) => {
      if (id === undefined || discarded) return
      try {
        const target = { tabId: id, allFrames: true }
        await chrome.scripting.insertCSS({ target, files: ['page.css'] })
        await chrome.scripting.executeScript({ target, files: ['boot.js'] })
      } catch {
        // A page that lets no extension in.
      }
    }),
  )
}
