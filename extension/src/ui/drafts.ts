/**
 * What is being written, by note. It outlives the editor it is typed into: the panel turns to
 * another page when the reader does, and a long list keeps only what is in sight. What is still
 * here when the document closes is saved, as closing an editor in a page saves: background is told
 * of it all the while (see its `drafts.ts`).
 */
import { useEffect, useState } from 'preact/hooks'
import { DRAFTS_PORT, type Listed, type Color, type Draft, type Edit, type Pending } from '../model'
import { uuidv7 } from '../uuid'

export interface Writing {
  note: string
  tags: string[]
  color: Color
  /** What it was made from; null for a note that is not there yet. */
  from: Listed | null
  /** The id of the note to make where `from` is not there any more. */
  spare?: string
  /** Of a new note: the page it will belong to, and its id. */
  page?: Pick<Draft, 'id' | 'url' | 'canonical' | 'title'>
}

const drafts = new Map<string, Writing>()
const listeners = new Set<() => void>()

/** The draft under this name, and how to change it; null ends it. */
export function useDraft(name: string): [Writing | null, (next: Writing | null) => void] {
  useRedrawing()
  const write = (next: Writing | null) => {
    if (next) drafts.set(name, next)
    else drafts.delete(name)
    tell()
    for (const listener of listeners) listener()
  }
  return [drafts.get(name) ?? null, write]
}

/** The notes that are being written on. */
export function useWrittenOn(): Listed[] {
  useRedrawing()
  return [...drafts.values()].flatMap(({ from }) => from ?? [])
}

function useRedrawing(): void {
  const [, redraw] = useState(0)
  useEffect(() => {
    const listener = () => redraw((count) => count + 1)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }, [])
}

export function draftFor(annotation: Listed): Writing {
  const { note, tags, color } = annotation
  return { note, tags, color, from: annotation, spare: uuidv7() }
}

/** The edit that makes the note what was written; null where nothing was changed. */
export function editOf({ note, tags, color, from }: Writing): Edit | null {
  if (!from) return null
  const set = {
    ...(note !== from.note && { note }),
    ...(color !== from.color && { color }),
  }
  const tags_add = tags.filter((tag) => !from.tags.includes(tag))
  const tags_remove = from.tags.filter((tag) => !tags.includes(tag))
  if (!Object.keys(set).length && !tags_add.length && !tags_remove.length) return null
  return { set, tags_add, tags_remove, base: from.rev }
}

/** A note that is new, and says something. */
export function newNote({ note, tags, color, from, page }: Writing): Draft | null {
  if (from || !page || (!note.trim() && !tags.length)) return null
  return { ...page, quote: null, position: null, color, note, tags }
}

/** A port that stayed open for less is opened again no sooner. */
const AGAIN_MS = 500

/** What background knows this document by, also where its port had to be opened again. */
const WRITER = uuidv7()

let port: chrome.runtime.Port | null = null

/** At each letter: a document is closed without warning. */
function tell(): void {
  port ??= connect()
  port?.postMessage([...drafts.values()].flatMap((one) => pendingOf(one) ?? []))
}

function connect(): chrome.runtime.Port | null {
  const opened = performance.now()
  try {
    const made = chrome.runtime.connect({ name: `${DRAFTS_PORT} ${WRITER}` })
    made.onDisconnect.addListener(() => {
      port = null
      if (!drafts.size) return
      // At once, since the timers of a tab out of sight hardly run: what is being written is saved
      // by a background script that was started anew where it does not hear of its writer.
      if (performance.now() - opened > AGAIN_MS) tell()
      else setTimeout(tell, AGAIN_MS)
    })
    return made
  } catch {
    return null // The extension is gone: updated, or removed.
  }
}

/** What saves it; null where nothing was written. */
export function pendingOf(writing: Writing): Pending | null {
  const edit = editOf(writing)
  const draft = newNote(writing)
  if (draft) return { draft }
  const { from } = writing
  if (!edit || !from) return null
  return { id: from.id, edit, was: from.note, otherwise: madeAnew(writing, from) }
}

function madeAnew({ note, tags, color, spare }: Writing, { url, quote }: Listed): Draft {
  const passage = quote && { exact: quote.exact, prefix: '', suffix: '' }
  return {
    ...(spare !== undefined && { id: spare }),
    ...{ url, quote: passage, position: null, note, tags, color },
  }
}
