/**
 * What is being written, by note. It outlives the editor it is typed into: the panel turns to
 * another page when the reader does, and a long list keeps only what is in sight. What is still
 * here when the panel closes is saved, as closing an editor in a page saves: background is told of
 * it all the while (see its `drafts.ts`).
 */
import { useEffect, useState } from 'preact/hooks'
import { DRAFTS_PORT, type Listed, type Color, type Draft, type Edit } from '../model'

export interface Writing {
  note: string
  tags: string[]
  color: Color
  /** What it was made from; null for a note that is not there yet. */
  from: Listed | null
  /** Of a new note: the page it will belong to. */
  page?: Pick<Draft, 'url' | 'canonical' | 'title'>
}

const drafts = new Map<string, Writing>()
const listeners = new Set<() => void>()

/** The draft under this name, and how to change it; null ends it. */
export function useDraft(name: string): [Writing | null, (next: Writing | null) => void] {
  const [, redraw] = useState(0)
  useEffect(() => {
    const listener = () => redraw((count) => count + 1)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  }, [])
  const write = (next: Writing | null) => {
    if (next) drafts.set(name, next)
    else drafts.delete(name)
    tell()
    for (const listener of listeners) listener()
  }
  return [drafts.get(name) ?? null, write]
}

export function draftFor(annotation: Listed): Writing {
  const { note, tags, color } = annotation
  return { note, tags, color, from: annotation }
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

/** In which a port that was closed by the end of the background script is opened again. */
const AGAIN_MS = 500

let port: chrome.runtime.Port | null = null

/** From now on, background knows of each draft. */
export function tellDrafts(): void {
  try {
    port = chrome.runtime.connect({ name: DRAFTS_PORT })
  } catch {
    return // The extension is gone: updated, or removed.
  }
  port.onDisconnect.addListener(() => {
    port = null
    setTimeout(tellDrafts, AGAIN_MS)
  })
  tell()
}

/** At each letter: a document is closed without warning. */
function tell(): void {
  port?.postMessage([...drafts.values()].flatMap(pendingOf))
}

function pendingOf(draft: Writing): object[] {
  const edit = editOf(draft)
  const made = newNote(draft)
  if (edit && draft.from) return [{ type: 'note:edit', id: draft.from.id, ...edit }]
  return made ? [{ type: 'note:create', ...made }] : []
}
