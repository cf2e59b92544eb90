/** What a reader presses who wants the extension to see pages, where the browser keeps it out. */
import { useEffect, useState } from 'preact/hooks'
import { askToEnterPages, mayEnterPages, onAccess } from './access'
import { t } from './strings'

export function LetIn() {
  return (
    <button type="button" onClick={() => void askToEnterPages()}>
      {t('accessLetIn')}
    </button>
  )
}

/** Says that it is kept out, while it is. */
export function KeptOut() {
  const [out, setOut] = useState(false)
  useEffect(() => {
    const open = new AbortController()
    const look = () => {
      void mayEnterPages().then((may) => open.signal.aborted || setOut(!may))
    }
    look()
    onAccess(look, open.signal)
    return () => {
      open.abort()
    }
  }, [])
  if (!out) return null
  return (
    <div class="kept-out" role="status">
      <p>{t('accessKeptOut')}</p>
      <LetIn />
    </div>
  )
}
