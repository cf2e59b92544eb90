/** The sites Postil leaves alone: the list, one more, one less. */
import { useState } from 'preact/hooks'
import type { Problem } from '../model'
import { ask } from '../ui/ask'
import { t } from '../ui/strings'
import { useAnswer } from '../ui/use_answer'
import { Trouble } from './trouble'

/** All files together are one site. */
const FILES = 'file:'

export function Sites() {
  const { value: hosts, problem, refresh } = useAnswer('sites:paused', {}, ({ type }) => {
    return type === 'sites:changed'
  })
  const [typed, setTyped] = useState('')
  const [trouble, setTrouble] = useState<Problem | null>(null)

  const pause = async (host: string, paused: boolean) => {
    const url = addressOf(host)
    if (!url) {
      setTrouble({ type: 'bad-site', detail: t('optionsBadSite') })
      return
    }
    const answer = await ask('site:pause', { url, paused })
    setTrouble('problem' in answer ? answer.problem : null)
    if ('ok' in answer && paused) setTyped('')
    await refresh()
  }
  return (
    <section class="card" aria-labelledby="sites">
      <h2 id="sites">{t('optionsSites')}</h2>
      <p class="quiet">{t('optionsSitesWhy')}</p>
      <Trouble problem={problem} />
      {hosts && hosts.length > 0 && (
        <ul class="sites">
          {hosts.map((host) => (
            <li key={host}>
              <span dir={host === FILES ? 'auto' : 'ltr'}>
                {host === FILES ? t('popupFile') : host}
              </span>
              <button
                type="button"
                class="plain"
                aria-label={t('optionsSiteResume', host === FILES ? t('popupFile') : host)}
                onClick={() => void pause(host, false)}
              >
                {t('optionsRemove')}
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        class="line"
        onSubmit={(event) => {
          event.preventDefault()
          void pause(typed, true)
        }}
      >
        <input
          name="site"
          required
          inputmode="url"
          autocomplete="off"
          spellcheck={false}
          dir="ltr"
          placeholder="mail.example.org"
          aria-label={t('optionsSiteField')}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit">{t('optionsAdd')}</button>
      </form>
      <Trouble problem={trouble} />
    </section>
  )
}

/** A host, with or without a port, or any address on it. */
function addressOf(typed: string): string | null {
  const text = typed.trim()
  if (text === FILES || text.startsWith('file://')) return 'file:///'
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`)
  return url?.hostname ? `https://${url.host}/` : null
}
