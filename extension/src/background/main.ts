/**
 * The background script. The browser may end it at any instant and start it again for an event: so
 * every listener is registered at once, and whatever must last stands in the database.
 */
import { onAccess } from '../ui/access'
import { forgetFirstListed, showsFirstListed } from '../ui/first_listed'
import { announceToPages } from './announce'
import { answer } from './messages'
import { colorBadges } from './badge'
import { carryOut } from './commands'
import { database } from './connection'
import { saveLeftDrafts, welcomeDrafts } from './drafts'
import { takeOver } from './handover'
import { visitOpenTabs, wakeOpenTabs } from './install'
import { chooseMenu, createMenus } from './menus'
import { welcomePanel } from './panel'
import { stirAudience, welcome } from './ports'
import { ensureAlarm, sync, PERIODIC, RETRY, type Occasion } from './schedule'
import { forgetTab } from './shown'
import { announceUntold } from './sync_state'
import { showIn } from './tabs'
import { emptyTrash } from './trash'
import { onNavigation } from './visiting'
import { welcomeReader } from './welcome'

chrome.runtime.onMessage.addListener((message: unknown, sender, sendResponse) => {
  const answered = answer(message, sender)
  if (!answered) return false
  void answered.then(sendResponse)
  return true
})

chrome.runtime.onConnect.addListener(welcome)
chrome.runtime.onConnect.addListener(welcomePanel)
chrome.runtime.onConnect.addListener(welcomeDrafts)

chrome.commands.onCommand.addListener(carryOut)

chrome.runtime.onInstalled.addListener(({ reason }) => {
  void setUp()
  void createMenus()
  // Only now: at any other time what stands in pages is of this very copy.
  void wakeOpenTabs(takeOver)
  if (reason === 'install') void welcomeReader().catch(report)
})

chrome.runtime.onStartup.addListener(() => {
  void setUp()
  void visitOpenTabs()
})

chrome.alarms.onAlarm.addListener(({ name }) => {
  if (name === PERIODIC || name === RETRY) syncOn('alarm')
  if (name === PERIODIC) void tidy()
})

onNavigation(() => {
  syncOn('hello')
})

chrome.tabs.onActivated.addListener(({ tabId }) => {
  void showsFirstListed(tabId).catch(report)
  syncOn('focus')
})

chrome.windows.onFocusChanged.addListener((window) => {
  if (window !== chrome.windows.WINDOW_ID_NONE) syncOn('focus')
})

chrome.tabs.onRemoved.addListener((tab) => {
  void forgetTab(tab)
  void forgetFirstListed([tab])
  void showIn(tab)
})

onAccess(() => {
  // Where it was kept out until now, nothing of it is in the pages yet.
  void wakeOpenTabs().then(() => announceToPages({ type: 'sites:changed' }))
})

chrome.contextMenus.onClicked.addListener(({ menuItemId }, tab) => {
  if (tab?.id !== undefined) void chooseMenu(menuItemId, tab.id)
})

self.addEventListener('online', () => {
  syncOn('online')
  stirAudience()
})

void announceUntold().catch(report)
void saveLeftDrafts().catch(report)

async function setUp(): Promise<void> {
  await Promise.all([ensureAlarm(), colorBadges(), tidy()])
}

async function tidy(): Promise<void> {
  await emptyTrash(await database(), new Date()).catch(report)
}

/** Nobody waits for these; what goes wrong shows in the sync state. */
function syncOn(occasion: Occasion): void {
  sync(occasion).catch(report)
}

function report(error: unknown): void {
  console.warn('Postil:', error)
}
