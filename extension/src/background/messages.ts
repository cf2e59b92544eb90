/**
 * The requests of `model.ts`, answered. Page scripts run beside other people's code: they may ask
 * about the page they are in, and change notes, but not pair or look at other tabs.
 */
import type { Annotation, Answer, PageAddress, Requests, Unsent } from '../model'
import { forgetFirstListed } from '../ui/first_listed'
import { t } from '../ui/strings'
import { announceEverywhere, announceToPages } from './announce'
import { refreshBadge } from './badge'
import { colorNames, lastColor, renameColors } from './colors'
import { settleConflict } from './conflicts'
import { database } from './connection'
import { addNotes, countEverything, forgetEverything, readEverything } from './everything'
import { hide } from './hiding'
import { handoverKey } from './handover_key'
import { forgetLoss } from './lost'
import { createNote, deleteNote, editNote, notesOn, restoreNote, type Changed } from './notes'
import { placesSeen } from './observing'
import { openNote, showWanted } from './opening'
import { parkedEntries } from './outbox'
import { pair, unpair } from './pairing'
import { hostOf, isPaused, pausedHosts, pauseSite } from './paused'
import { isPractice, practise } from './practice'
import { isPrivate, keepPrivate, mayKeepPrivate } from './private'
import { stirAudience } from './ports'
import { tellPage } from './reaching'
import { keysOf } from './record'
import { savePending } from './saving'
import { sync } from './schedule'
import { findNotes, getNotes } from './searching'
import { announceNotes, announceSync, RUNNING, syncState } from './sync_state'
import { showsPlaces, type Spot } from './shown'
import { isHidden, listFirst, tabState } from './tabs'
import { allTags } from './tags'
import { visit, visitAll } from './visiting'
import { wordError, wordRefusal } from './wording'

type Sender = chrome.runtime.MessageSender
type Handlers = {
  [T in keyof Requests]: (
    send: Requests[T]['send'],
    sender: Sender,
  ) => Promise<Requests[T]['answer']>
}

/** What a script in a page may ask. */
const FROM_PAGES: ReadonlySet<string> = new Set<keyof Requests>([
  'page:shown',
  'page:load',
  'page:here',
  'page:notes',
  'page:places',
  'note:create',
  'note:edit',
  'note:delete',
  'note:restore',
  'tags:all',
  'private:keep',
])

/** What would leave a trace of a private window. */
const LEAVES_TRACES: ReadonlySet<string> = new Set<keyof Requests>([
  'note:create',
  'note:edit',
  'note:save',
  'site:pause',
])

/** Answer a message. `undefined` where it is none of ours. */
export function answer(message: unknown, sender: Sender): Promise<Answer<unknown>> | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message)) return undefined
  const { type } = message
  if (typeof type !== 'string' || !Object.hasOwn(handlers, type)) return undefined
  if (!mayAsk(type, message, sender)) {
    return Promise.resolve({ problem: { type: 'refused', detail: t('problemRefused') } })
  }
  if (isPractice(sender) && FROM_PAGES.has(type)) return practise({ ...message, type })
  // The table's own types tie each request to its handler; a variable key loses that tie.
  const handle = handlers[type as keyof Requests] as (
    send: object,
    sender: Sender,
  ) => Promise<unknown>
  const handled = async () => {
    const asksFirst = LEAVES_TRACES.has(type) && (await isPrivate(sender))
    if (asksFirst && !(await mayKeepPrivate())) {
      // Only a page has room for the question; the panel and the popup say where it is asked.
      const detail = t(sender.tab ? 'problemPrivate' : 'problemPrivateHere')
      return { problem: { type: 'private', detail } }
    }
    return { ok: await handle(message, sender) }
  }
  return handled().catch((error: unknown) => ({ problem: wordError(error) }))
}

const handlers: Handlers = {
  async 'page:shown'(_send, sender) {
    const spot = spotOf(sender)
    if (spot) await visit(spot)
    return null
  },

  async 'page:load'(_send, sender) {
    const spot = spotOf(sender)
    const url = sender.tab?.url
    if (!spot || (url !== undefined && (await isPaused(url)))) return null
    const target = { tabId: spot.tab, frameIds: [spot.frame] }
    await chrome.scripting.executeScript({ target, files: ['page.js'] })
    return null
  },

  async 'page:here'() {
    await database()
    return null
  },

  async 'page:notes'(address, sender) {
    const open = await database()
    const { id: tab, url = address.url } = sender.tab ?? {}
    return {
      annotations: await notesOn(open, address),
      color: await lastColor(open),
      names: await colorNames(open),
      hidden: tab !== undefined && (await isHidden(tab, url)),
      // A disk that is full takes no key, but has notes to show.
      key: await handoverKey(open).catch(() => ''),
    }
  },

  async 'page:places'(send, sender) {
    const spot = spotOf(sender)
    if (!spot) return null
    await showsPlaces(spot, pick(send), send.places)
    announceToPages({ type: 'notes:changed', pages: keysOf(send.url, send.canonical) })
    await Promise.all([refreshBadge(spot.tab), showWanted(spot.tab, send.places)])
    inBackground(listFirst(spot.tab))
    // What is seen in a private window is nobody's business.
    if (!(await isPrivate(sender))) inBackground(placesSeen(spot))
    return null
  },

  'tab:state': ({ tab, most }) => tabState(tab, most),

  async 'tab:hide'({ tab, hidden }) {
    await hide(tab, hidden)
    return null
  },

  async 'notes:find'({ query }) {
    return findNotes(await database(), query)
  },

  async 'notes:get'({ ids }) {
    return getNotes(await database(), ids)
  },

  async 'note:open'({ id }) {
    await openNote(await database(), id)
    return null
  },

  async 'note:create'(draft) {
    return made(await createNote(await database(), draft, clock))
  },

  async 'note:edit'({ id, ...edit }) {
    const open = await database()
    const annotation = made(await editNote(open, id, edit, clock))
    if (edit.set?.quote !== undefined) inBackground(forgetLoss(open, id))
    return annotation
  },

  async 'note:save'({ pending }) {
    return made(await savePending(await database(), pending, clock))
  },

  async 'note:delete'({ id }) {
    const open = await database()
    made(await deleteNote(open, id, clock))
    inBackground(forgetLoss(open, id))
    return null
  },

  async 'note:restore'({ id }) {
    return made(await restoreNote(await database(), id, clock))
  },

  async 'conflict:settle'(answered) {
    return made(await settleConflict(await database(), answered, clock))
  },

  'sync:state': () => syncState(),

  async 'sync:unsent'() {
    const open = await database()
    const unsent: Unsent = { waiting: [], parked: [] }
    for (const entry of await open.getAll('outbox')) {
      const kept = await open.get('annotations', entry.id)
      if (kept && entry.state !== 'parked') unsent.waiting.push(kept.annotation)
    }
    for (const entry of await parkedEntries(open)) {
      const kept = await open.get('annotations', entry.id)
      if (!kept) continue
      const { refusal } = entry
      const field = refusal?.field === undefined ? {} : { field: refusal.field }
      unsent.parked.push({ annotation: kept.annotation, reason: wordRefusal(entry), ...field })
    }
    return unsent
  },

  async 'sync:now'() {
    await sync('asked')
    return syncState()
  },

  async pair(send) {
    await pair(await database(), fetch.bind(globalThis), send)
    await sync('asked')
    stirAudience()
    return syncState()
  },

  async unpair() {
    await unpair(await database())
    await announceSync()
    return syncState()
  },

  async 'site:pause'({ url, paused }) {
    await pauseSite(url, paused)
    await forgetFirstListed()
    announceToPages({ type: 'sites:changed' })
    const host = hostOf(url)
    for (const { id, url } of await chrome.tabs.query({})) {
      if (id === undefined || url === undefined || hostOf(url) !== host) continue
      inBackground(visitAll(id))
    }
    return null
  },

  async 'sites:paused'() {
    return (await pausedHosts()).sort(new Intl.Collator().compare)
  },

  async 'page:note'({ tab }) {
    await tellPage(tab, { type: 'page:note' })
    return null
  },

  async 'tags:all'() {
    return allTags(await database())
  },

  async 'colors:names'() {
    return colorNames(await database())
  },

  async 'colors:rename'({ names }) {
    const renamed = await renameColors(await database(), names)
    await forgetFirstListed()
    inBackground(announceEverywhere({ type: 'colors:changed', names: renamed }))
    return renamed
  },

  async 'private:keep'() {
    await keepPrivate()
    return null
  },

  async 'everything:read'({ after }) {
    return readEverything(await database(), after)
  },

  async 'everything:add'({ annotations }) {
    const { added, keys } = await addNotes(await database(), annotations, clock)
    inBackground(announceNotes(keys))
    inBackground(announceSync())
    inBackground(sync('change'))
    return { added }
  },

  async 'everything:count'() {
    return countEverything(await database())
  },

  async 'everything:forget'() {
    const open = await database()
    // Not while a sync runs: it would write into what was emptied.
    const keys = await navigator.locks.request(RUNNING, () => forgetEverything(open))
    await forgetFirstListed()
    inBackground(announceNotes(keys))
    inBackground(announceSync())
    inBackground(announceEverywhere({ type: 'colors:changed', names: {} }))
    return null
  },
}

const clock = () => new Date()

/** A change that stands: everybody hears of it, and the server soon. */
function made({ annotation, keys }: Changed): Annotation {
  inBackground(announceNotes(new Set(keys)))
  inBackground(announceSync())
  inBackground(sync('change'))
  return annotation
}

/** The asker does not wait for this; what fails in it shows in the sync state. */
function inBackground(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    console.warn('Postil:', error)
  })
}

function spotOf({ tab, frameId }: Sender): Spot | undefined {
  if (tab?.id === undefined || frameId === undefined) return undefined
  return { tab: tab.id, frame: frameId }
}

function mayAsk(type: string, message: object, sender: Sender): boolean {
  if (sender.id !== chrome.runtime.id || sender.url === undefined) return false
  if (sender.url.startsWith(chrome.runtime.getURL(''))) return true
  if (!sender.tab || !FROM_PAGES.has(type)) return false
  // A page may speak for itself only: its path may have changed since it was loaded.
  return !('url' in message) || siteOf(String(message.url)) === siteOf(sender.url)
}

function siteOf(url: string): string | undefined {
  const parsed = URL.parse(url)
  return parsed ? `${parsed.protocol}//${parsed.host}` : undefined
}

function pick({ url, canonical, title }: PageAddress): PageAddress {
  return {
    url,
    ...(canonical === undefined ? {} : { canonical }),
    ...(title === undefined ? {} : { title }),
  }
}
