/** Files of all notes: written here, read here; background only hands over and takes in. */
import { markdownOf } from '../formats/markdown'
import { collectionOf, MEDIA_TYPE } from '../formats/w3c'
import { readW3c, type Refusal } from '../formats/w3c_import'
import type { Annotation, Answer, Problem } from '../model'
import { ask } from '../ui/ask'

export type Format = 'w3c' | 'markdown'

/** In one transaction each; what a cut leaves undone is done by running it again. */
const BATCH = 200

export interface Taken {
  added: number
  known: number
  refused: Refusal[]
  /** Why it stopped before its end. */
  problem: Problem | null
}

export async function fileOf(format: Format): Promise<Answer<File>> {
  const all = await readAll()
  if ('problem' in all) return all
  const day = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length)
  if (format === 'markdown') {
    const parts = markdownOf(all.ok)
    return { ok: new File(parts, `postil-${day}.md`, { type: 'text/markdown' }) }
  }
  const collection = `urn:uuid:${crypto.randomUUID()}`
  const parts = collectionOf(all.ok, collection)
  return { ok: new File(parts, `postil-${day}.jsonld`, { type: MEDIA_TYPE }) }
}

export function save(file: File): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = file.name
  link.click()
  // The browser has the file by its next turn of waiting for the reader.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** Throws `NotAnnotations` for a file that holds none. */
export async function takeIn(file: File, progress: (done: number) => void): Promise<Taken> {
  const { notes, refused } = readW3c(await file.text(), new Date().toISOString())
  const taken: Taken = { added: 0, known: 0, refused, problem: null }
  for (let at = 0; at < notes.length; at += BATCH) {
    const batch = notes.slice(at, at + BATCH)
    const answer = await ask('everything:add', { annotations: batch })
    if ('problem' in answer) return { ...taken, problem: answer.problem }
    taken.added += answer.ok.added
    taken.known += batch.length - answer.ok.added
    progress((at + batch.length) / notes.length)
  }
  return taken
}

async function readAll(): Promise<Answer<Annotation[]>> {
  const all: Annotation[] = []
  for (let after: string | null = null; ; ) {
    const answer: Answer<{ annotations: Annotation[]; after: string | null }> = await ask(
      'everything:read',
      { after },
    )
    if ('problem' in answer) return answer
    all.push(...answer.ok.annotations)
    after = answer.ok.after
    if (after === null) return { ok: all }
  }
}
