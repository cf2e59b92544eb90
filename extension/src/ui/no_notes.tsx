/** Why there are no notes in a tab: none can be made there, or none were made yet. */
import { useEffect, useState } from 'preact/hooks'
import { onAccess } from './access'
import { LetIn } from './let_in'
import { KEPT_OUT, lookInto, whyNoNotes } from './not_an_article'
import { t, type Key } from './strings'

/** The sentence's key; null where notes can be made, undefined until that is known. */
export function useWhyNoNotes(tab: number, asked: unknown): Key | null | undefined {
  const [why, setWhy] = useState<Key | null>()
  useEffect(() => {
    const open = new AbortController()
    const look = () => {
      void lookInto(tab).then((looked) => open.signal.aborted || setWhy(whyNoNotes(looked)))
    }
    look()
    onAccess(look, open.signal)
    return () => {
      open.abort()
    }
  }, [tab, asked])
  return why
}

/** `why` as found out above; `yet` is said where notes can be made. */
export function NoNotes({ why, yet }: { why: Key | null | undefined; yet: Key }) {
  return (
    <div class="empty">
      <p>{why !== undefined && t(why ?? yet)}</p>
      {why === KEPT_OUT && <LetIn />}
    </div>
  )
}
