/** The popup of the toolbar button: this page in numbers, and how far its notes have travelled. */
import { startPage } from '../ui/start_page'
import { Popup } from './popup'

void start()

/** `?tab=` names the tab when the popup is opened as a page of its own. */
async function start(): Promise<void> {
  const asked = new URLSearchParams(location.search).get('tab')
  const [active] = await chrome.tabs.query({ active: true, currentWindow: true })
  const tab = asked === null ? (active?.id ?? -1) : Number(asked)
  startPage('Postil', <Popup tab={tab} window={active?.windowId ?? -1} />)
}
