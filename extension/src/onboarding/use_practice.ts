/** How far the reader has come on the sample article; see `background/practice.ts`. */
import { useEffect, useState } from 'preact/hooks'
import type { Annotation } from '../model'

const KEY = 'practice'

export function usePractice(): { marked: boolean; written: boolean } {
  const [notes, setNotes] = useState<Annotation[]>([])
  useEffect(() => {
    const read = async () => {
      const kept = (await chrome.storage.session.get(KEY))[KEY] as Annotation[] | undefined
      setNotes((kept ?? []).filter(({ deleted }) => !deleted))
    }
    const changed = () => void read()
    chrome.storage.session.onChanged.addListener(changed)
    changed()
    return () => {
      chrome.storage.session.onChanged.removeListener(changed)
    }
  }, [])
  return { marked: notes.length > 0, written: notes.some(({ note }) => note !== '') }
}
