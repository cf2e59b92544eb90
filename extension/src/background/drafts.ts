/**
 * What is being written in a panel. A document that is closed has no time left to say anything, so
 * it tells beforehand; what it told last is saved when its port closes, however that came about.
 */
import { DRAFTS_PORT, type Draft, type Edit } from '../model'
import { answer } from './messages'

/** Requests, ready to be made. */
export type Pending =
  | ({ type: 'note:edit'; id: string } & Edit)
  | ({ type: 'note:create' } & Draft)

export function welcomeDrafts(port: chrome.runtime.Port): void {
  const { sender } = port
  const ours = sender?.url?.startsWith(chrome.runtime.getURL(''))
  if (port.name !== DRAFTS_PORT || !sender || !ours) return
  let pending: Pending[] = []
  port.onMessage.addListener((told: Pending[]) => {
    pending = told
  })
  port.onDisconnect.addListener(() => {
    for (const request of pending) void answer(request, sender)
  })
}
