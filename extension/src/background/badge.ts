/**
 * The count of this page's notes, on the toolbar button; and a quiet mark where something asks to
 * be looked at: a passage that is not found any more, or an edit the server refused.
 */
import { counted, t } from '../ui/strings'
import { database } from './connection'
import { parkedEntries } from './outbox'
import { notesIn } from './page_notes'
import { placesShowing, shownIn } from './shown'

const CALM = '#22304d'
const ASKING = '#8a5300'

export async function refreshBadges(keys?: ReadonlySet<string>): Promise<void> {
  const tabs = new Set((await placesShowing(keys)).map(({ spot }) => spot.tab))
  await Promise.all([...tabs].map(refreshBadge))
}

export async function refreshBadge(tab: number): Promise<void> {
  const { page, frames } = await shownIn(tab)
  if (!page) return
  const { annotations, places } = await notesIn([page, ...frames])
  const orphans = annotations.filter(({ id }) => places[id]?.kind === 'orphan').length
  const parked = (await parkedEntries(await database())).length
  await show(tab, wordBadge(annotations.length, orphans, parked))
}

export interface Badge {
  text: string
  title: string
  asking: boolean
}

export function wordBadge(notes: number, orphans: number, parked: number): Badge {
  const lines = [notes ? counted('actionCount', notes) : t('actionTitle')]
  if (orphans) lines.push(counted('actionOrphans', orphans))
  if (parked) lines.push(counted('syncParked', parked))
  const count = notes === 0 ? '' : notes > 999 ? '999+' : String(notes)
  const asking = orphans + parked > 0
  return { text: count || (asking ? '!' : ''), title: lines.join('\n'), asking }
}

export async function colorBadges(): Promise<void> {
  await chrome.action.setBadgeBackgroundColor({ color: CALM })
  await chrome.action.setBadgeTextColor({ color: '#ffffff' })
}

async function show(tabId: number, { text, title, asking }: Badge): Promise<void> {
  try {
    await Promise.all([
      chrome.action.setBadgeText({ tabId, text }),
      chrome.action.setTitle({ tabId, title }),
      chrome.action.setBadgeBackgroundColor({ tabId, color: asking ? ASKING : CALM }),
    ])
  } catch {
    // The tab was closed meanwhile.
  }
}
