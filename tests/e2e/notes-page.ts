/** The panel's list of a page's notes, opened as a page of its own so that it can stay open. */

import type { Page } from 'puppeteer-core'
import type { Profile } from './profile'
import { words } from './words'

/** Of the tab that shows this address. */
export async function openNotes(profile: Profile, url: string): Promise<Page> {
  const finder = await profile.extensionPage('options.html')
  const tab = await finder.evaluate(async (address) => {
    const all = await chrome.tabs.query({})
    return all.find((one) => one.url === address)?.id
  }, url)
  await finder.close()
  if (tab === undefined) throw new Error(`No tab shows ${url}.`)
  return profile.extensionPage(`panel.html?tab=${tab}`)
}

/** What the reader wrote, in the order of the list; a conflict shows both texts. */
export async function written(page: Page): Promise<string[]> {
  return page.$$eval('.written', (all) => all.map((one) => one.textContent?.trim() ?? ''))
}

/** The two texts of a conflict: what is the same in both, and in brackets what is not. */
export async function versions(page: Page): Promise<Record<string, string>> {
  await page.waitForSelector('.conflict .versions dd')
  return page.$$eval('.versions > div', (all) =>
    Object.fromEntries(
      all.map((one) => {
        const text = [...(one.querySelector('dd')?.childNodes ?? [])].map((node) =>
          node.nodeName === 'INS' ? `[${node.textContent}]` : (node.textContent ?? ''),
        )
        return [one.querySelector('dt')?.textContent ?? '', text.join('')]
      }),
    ),
  )
}

/** How far the notes have travelled, in the extension's own words. */
export async function syncSentence(page: Page): Promise<string> {
  return page.$eval('.sync [role="status"]', (one) => one.textContent ?? '')
}

/** As after a quarter of an hour: the alarm goes off that has the extension try again. */
export async function ringAlarm(profile: Profile): Promise<void> {
  const page = await profile.extensionPage('options.html')
  await page.waitForSelector(`h1::-p-text(${words('optionsTitle')})`)
  await page.evaluate(retryIsDue)
  await page.evaluate(() => chrome.alarms.create('sync-retry', { when: Date.now() }))
  await page.close()
}

/** Whatever the extension meant to wait is over; nobody tells an alarm that rang too soon. */
async function retryIsDue(): Promise<void> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('The settings cannot be read.'))
    })
  const database = await done(indexedDB.open('postil'))
  const settings = database.transaction('settings', 'readwrite').objectStore('settings')
  const retry = await done<{ at: number } | undefined>(settings.get('retry'))
  if (retry) await done(settings.put({ ...retry, at: 0 }, 'retry'))
  database.close()
}
