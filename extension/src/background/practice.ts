/**
 * The notebook of the sample article that new readers try Postil on. It answers what a page script
 * asks, as the real one does, and lives in memory: nothing tried there turns up among one's notes.
 */
import type { Annotation, Answer, Draft, Edit } from '../model'
import { colorNames } from './colors'
import { database } from './connection'
import { Refused } from './notes'
import { apply } from './record'
import { timestamp } from './timestamp'
import { uuidv7 } from '../uuid'
import { wordError } from './wording'

const PAGE = 'onboarding.html'
const KEY = 'practice'

type Asked = { type: string } & Partial<Draft> & Edit & { id?: string }

/** Whether the message comes from a script of ours on the sample article. */
export function isPractice(sender: chrome.runtime.MessageSender): boolean {
  return sender.url?.split(/[?#]/, 1)[0] === chrome.runtime.getURL(PAGE)
}

/** One after the other: two changes at once must not overwrite each other. */
export function practise(message: Asked): Promise<Answer<unknown>> {
  return navigator.locks.request(KEY, () => carryOut(message)).then(
    (ok) => ({ ok }),
    (error: unknown) => ({ problem: wordError(error) }),
  )
}

async function carryOut({ type, ...asked }: Asked): Promise<unknown> {
  const all = await read()
  const live = all.filter((one) => !one.deleted)
  switch (type) {
    case 'page:notes': {
      const color = all.at(-1)?.color ?? 'yellow'
      const names = await colorNames(await database())
      return { annotations: live, color, names, hidden: false, key: '' }
    }
    case 'note:create': {
      const there = all.find((one) => one.id === asked.id)
      if (there?.deleted) throw new Refused('no-note')
      if (there) return there
      const made = fresh(asked as Draft)
      await write([...all, made])
      return made
    }
    case 'note:edit':
    case 'note:delete':
    case 'note:restore': {
      const before = all.find((one) => one.id === asked.id)
      if (!before) throw new Refused('no-note')
      const after = apply(before, {
        set: asked.set ?? {},
        tags_add: asked.tags_add ?? [],
        tags_remove: asked.tags_remove ?? [],
        delete: type === 'note:delete',
        at: timestamp(new Date()),
      })
      await write(all.map((one) => (one === before ? after : one)))
      return after
    }
    default:
      return null
  }
}

function fresh(draft: Draft): Annotation {
  const at = timestamp(new Date())
  const { id = uuidv7(), url, title = '', quote, position, note, tags, color } = draft
  const kept = { id, url, page: url, title, quote, position, note, tags, color }
  return { ...kept, created: at, updated: at, device: '', rev: 0, deleted: false }
}

async function read(): Promise<Annotation[]> {
  return ((await chrome.storage.session.get(KEY))[KEY] ?? []) as Annotation[]
}

async function write(annotations: Annotation[]): Promise<void> {
  await chrome.storage.session.set({ [KEY]: annotations })
}
