/** Why there are no notes in a tab: none can be made there, or none were made yet. */
import { useEffect, useState } from 'preact/hooks'
import { lookInto, whyNoNotes } from './not_an_article'
import { t, type Key } from './strings'

/** The sentence's key; null where notes can be made, undefined until that is known. */
export function useWhyNoNotes(tab: number, asked: unknown): Key | null | undefined {
  const [why, setWhy] = useState<Key | null>()
  useEffect(() => {
    let current = true
    void lookInto(tab).then((looked) => current && setWhy(whyNoNotes(looked)))
    return () => {
      current = false
    }
  }, [tab, asked])
  return why
}

/** `why` as found out above; `yet` is said where notes can be made. */
export function NoNotes({ why, yet }: { why: Key | null | undefined; yet: Key }) {
  return <p class="empty">{why !== undefined && t(why ?? yet)}</p>
}
