/** A tab that no note can be made in, and why. */
import { useEffect, useState } from 'preact/hooks'
import { lookInto, whyNoNotes } from './not_an_article'
import { t, type Key } from './strings'

export function NoNotes({ tab }: { tab: number }) {
  const [why, setWhy] = useState<Key | null>(null)
  useEffect(() => {
    void lookInto(tab).then((looked) => setWhy(whyNoNotes(looked) ?? 'noNotesBrowser'))
  }, [tab])
  return <p class="empty">{why && t(why)}</p>
}
