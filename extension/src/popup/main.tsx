/** The popup of the toolbar button: this page's notes, and how far they have travelled. */
import { startPage } from '../ui/start_page'
import { Popup } from './popup'

void start()

/** `?tab=` names the tab when the popup is opened as a page of its own. */
async function start(): Promise<void> {
  const asked = new URLSearchParams(location.search).get('tab')
  const [active] = await chrome.tabs.query({ active: true, currentWindow: true })
  startPage('Postil', <Popup tab={asked === null ? (active?.id ?? -1) : Number(asked)} />)
}
