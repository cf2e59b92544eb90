/** The notes of what a tab shows: of its page, and of the frames within it. */
import type { Annotation, Place } from '../model'
import { database } from './connection'
import { notesOn } from './notes'
import type { Shown } from './shown'

interface NotesIn {
  annotations: Annotation[]
  places: Record<string, Place>
  order: string[]
}

/** The notes of a page, and those of the frames within it: the page's own come first. */
export async function notesIn(pages: readonly Shown[]): Promise<NotesIn> {
  const open = await database()
  const read = async (shown: Shown) => ({ shown, notes: await notesOn(open, shown.address) })
  const annotations = new Map<string, Annotation>()
  const places: Record<string, Place> = {}
  const order = new Set<string>()
  for (const { shown, notes } of await Promise.all(pages.map(read))) {
    for (const one of notes) annotations.set(one.id, one)
    for (const [id, place] of Object.entries(shown.places)) {
      // The same page may be there twice, folded in one place: who finds a note is right.
      if (!places[id] || places[id].kind === 'orphan') places[id] = place
    }
    for (const id of shown.order) order.add(id)
  }
  return { annotations: [...annotations.values()], places, order: [...order] }
}
