/** Forgetting everything: behind a word that has to be typed, since nothing brings it back. */
import { useState } from 'preact/hooks'
import type { Problem, SyncState } from '../model'
import { ask } from '../ui/ask'
import { t } from '../ui/strings'
import { Trouble } from './trouble'

interface Props {
  sync: SyncState
  changed: (state: SyncState) => void
}

export function Danger({ sync, changed }: Props) {
  const [typed, setTyped] = useState('')
  const [done, setDone] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const word = t('optionsForgetWord')
  const sure = typed.trim().toLocaleLowerCase() === word.toLocaleLowerCase()

  const forget = async () => {
    const answer = await ask('everything:forget', {})
    setProblem('problem' in answer ? answer.problem : null)
    if ('problem' in answer) return
    setTyped('')
    setDone(true)
    const state = await ask('sync:state', {})
    if ('ok' in state) changed(state.ok)
  }
  return (
    <section class="card danger-zone" aria-labelledby="danger">
      <h2 id="danger">{t('optionsForget')}</h2>
      <p>{t(sync.paired ? 'optionsForgetPaired' : 'optionsForgetAlone')}</p>
      {sync.paired && sync.waiting > 0 && <p class="problem">{t('optionsForgetWaiting')}</p>}
      <form
        class="line"
        onSubmit={(event) => {
          event.preventDefault()
          if (sure) void forget()
        }}
      >
        <label>
          <span>{t('optionsForgetType', word)}</span>
          <input
            name="forget"
            dir="auto"
            autocomplete="off"
            spellcheck={false}
            value={typed}
            onInput={(event) => {
              setTyped(event.currentTarget.value)
              setDone(false)
            }}
          />
        </label>
        <button type="submit" class="danger" disabled={!sure}>
          {t('optionsForget')}
        </button>
      </form>
      <p role="status">{done && t('optionsForgotten')}</p>
      <Trouble problem={problem} />
    </section>
  )
}
