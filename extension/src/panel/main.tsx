/** The panel beside the page: Chrome's side panel and Firefox's sidebar show this document. */
import { PANEL_PORT } from '../model'
import { onceSeen } from '../ui/first_frame'
import { startPage } from '../ui/start_page'
import { t } from '../ui/strings'
import { Panel } from './panel'

// With its first notes, if those are at hand; else they are asked for, and come as they can.
void postilFirst.kept.then(start)

function start(): void {
  const { fixed } = postilFirst
  startPage(t('panelTitle'), <Panel tab={fixed} />)
  onceSeen(() => {
    if (fixed === null) void chrome.windows.getCurrent().then(({ id }) => id && beKnown(id))
  })
}

/** Background knows by this port that the panel is open, and asks through it that it closes. */
function beKnown(window: number): void {
  const port = chrome.runtime.connect({ name: `${PANEL_PORT}${window}` })
  port.onMessage.addListener(() => globalThis.close())
  port.onDisconnect.addListener(() => setTimeout(beKnown, 500, window))
}
