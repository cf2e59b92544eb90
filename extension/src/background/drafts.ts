/**
 * What is being written in our own pages. A document that is closed has no time left to say
 * anything, so it tells beforehand; what it told last is saved when its port closes, however that
 * came about. Until then it stands in the database: a browser that ends closes nothing first.
 */
import { DRAFTS_PORT, type Pending } from '../model'
import { database } from './connection'
import { setting } from './database'
import { answer } from './messages'
import { isPrivate, mayKeepPrivate } from './private'

type Sender = chrome.runtime.MessageSender

/** In which pages that are still there have opened their ports again. */
const GRACE_MS = 3000

/** Those whose ports are open. */
const writers = new Set<string>()

/** By writer, what is to be put into the database next. */
let told = new Map<string, readonly Pending[]>()
let writing: Promise<void> | null = null

export function welcomeDrafts(port: chrome.runtime.Port): void {
  const { sender } = port
  const ours = sender?.url?.startsWith(chrome.runtime.getURL(''))
  const [name, writer] = port.name.split(' ')
  if (name !== DRAFTS_PORT || !writer || !sender || !ours) return
  let pending: Pending[] = []
  writers.add(writer)
  port.onMessage.addListener((now: Pending[]) => {
    pending = now
    void keepUnlessPrivate(writer, now, sender)
  })
  port.onDisconnect.addListener(() => {
    writers.delete(writer)
    void save(writer, pending, sender)
  })
}

/** Save what was being written when the browser, or this script with the page, came to its end. */
export async function saveLeftDrafts(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, GRACE_MS))
  const left = (await setting(await database(), 'drafts')) ?? {}
  const self = { id: chrome.runtime.id, url: chrome.runtime.getURL('') }
  for (const [writer, pending] of Object.entries(left)) {
    if (!writers.has(writer)) await save(writer, pending, self)
  }
}

async function keepUnlessPrivate(
  writer: string,
  pending: readonly Pending[],
  sender: Sender,
): Promise<void> {
  const may = !(await isPrivate(sender)) || (await mayKeepPrivate())
  // What was saved meanwhile is not to be saved again, over what is written later.
  if (may && writers.has(writer)) await keep(writer, pending)
}

/** What cannot be saved now stays, and is tried again when this script starts the next time. */
async function save(writer: string, pending: readonly Pending[], sender: Sender): Promise<void> {
  const left: Pending[] = []
  for (const one of pending) {
    const answered = await answer({ type: 'note:save', pending: one }, sender)
    if (answered && 'problem' in answered && answered.problem.type !== 'private') left.push(one)
  }
  await keep(writer, left)
}

/** At each letter: while one is being written, only the last of those that follow counts. */
function keep(writer: string, pending: readonly Pending[]): Promise<void> {
  told.set(writer, pending)
  writing ??= write().finally(() => (writing = null))
  return writing
}

async function write(): Promise<void> {
  const open = await database()
  while (told.size) {
    const now = told
    told = new Map()
    const { store, done } = open.transaction('settings', 'readwrite')
    const drafts = new Map(Object.entries((await store.get('drafts')) ?? {}))
    for (const [writer, pending] of now) {
      if (pending.length) drafts.set(writer, pending)
      else drafts.delete(writer)
    }
    await (drafts.size ? store.put(Object.fromEntries(drafts), 'drafts') : store.delete('drafts'))
    await done
  }
}
