/** The first page a new reader sees. Once: whoever loads the extension anew knows it already. */
import { database } from './connection'
import { keepSetting, setting } from './database'

export async function welcomeReader(): Promise<void> {
  const open = await database()
  if (await setting(open, 'welcomed')) return
  await keepSetting(open, 'welcomed', true)
  await chrome.tabs.create({ url: chrome.runtime.getURL('onboarding.html') })
}
