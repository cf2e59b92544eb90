/**
 * The background script. The browser may end it at any instant and start it again for an event: so
 * every listener is registered at once, and whatever must last stands in the database.
 */
import { answer } from './messages'
import { colorBadges } from './badge'
import { database } from './connection'
import { wakeOpenTabs } from './install'
import { chooseMenu, createMenus } from './menus'
import { emptyTrash } from './notes'
import { ensureAlarm, sync, PERIODIC, RETRY } from './schedule'
import { forgetTab } from './tabs'

chrome.runtime.onMessage.addListener((message: unknown, sender, sendResponse) => {
  const answered = answer(message, sender)
  if (!answered) return false
  void answered.then(sendResponse)
  return true
})

chrome.runtime.onInstalled.addListener(() => {
  void setUp()
  void createMenus()
  void wakeOpenTabs()
})

chrome.runtime.onStartup.addListener(() => {
  void setUp()
})

chrome.alarms.onAlarm.addListener(({ name }) => {
  if (name === PERIODIC || name === RETRY) void sync('alarm')
})

chrome.tabs.onRemoved.addListener((tab) => {
  void forgetTab(tab)
})

chrome.contextMenus.onClicked.addListener(({ menuItemId }, tab) => {
  if (tab?.id !== undefined) void chooseMenu(menuItemId, tab.id)
})

self.addEventListener('online', () => {
  void sync('online')
})

async function setUp(): Promise<void> {
  await Promise.all([ensureAlarm(), colorBadges()])
  await emptyTrash(await database(), new Date())
}
