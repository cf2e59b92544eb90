/**
 * Opening the panel. Browsers do so only within the reader's own gesture, which is over at the
 * first `await`: the window has to be known beforehand.
 */

/** Chrome has a side panel, Firefox a sidebar. */
interface Beside {
  sidePanel?: { open(where: { windowId: number }): Promise<void> }
  sidebarAction?: { open(): Promise<void>; toggle(): Promise<void> }
}

export function openPanel(window: number): Promise<void> {
  const { sidePanel, sidebarAction } = chrome as unknown as Beside
  return (sidebarAction?.open() ?? sidePanel?.open({ windowId: window })) as Promise<void>
}

/** `close` is asked of a panel that is known to be open; Firefox closes its sidebar itself. */
export function togglePanel(window: number, close: (() => void) | undefined): void {
  const { sidebarAction } = chrome as unknown as Beside
  if (sidebarAction) void sidebarAction.toggle()
  else if (close) close()
  else void openPanel(window)
}
