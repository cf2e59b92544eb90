/** Pairing with a server, and parting from it. */
import { useState } from 'preact/hooks'
import type { Answer, Problem, SyncState } from '../model'
import { ask } from '../ui/ask'
import { t } from '../ui/strings'
import { syncWords } from '../ui/sync_words'

const DEFAULT_SERVER = 'http://127.0.0.1:4477'

type Changed = (state: SyncState) => void

export function PairForm({ changed }: { changed: Changed }) {
  const [server, setServer] = useState(DEFAULT_SERVER)
  const [code, setCode] = useState('')
  const [name, setName] = useState(browserName)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  const pair = async () => {
    setBusy(true)
    setProblem(null)
    const answer = await ask('pair', { server, code, name })
    setBusy(false)
    if ('ok' in answer) changed(answer.ok)
    else setProblem(answer.problem)
  }
  /** A pasted link says both; show the reader what was understood. */
  const typeCode = (text: string) => {
    const [address, linked] = text.trim().split('/pair#', 2)
    if (address && linked) {
      setServer(address)
      setCode(linked)
    } else {
      setCode(text)
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void pair()
      }}
    >
      <p class="quiet">{t('optionsWhy')}</p>
      <label>
        <span>{t('optionsCode')}</span>
        <input
          name="code"
          class="code"
          required
          autocomplete="off"
          spellcheck={false}
          dir="ltr"
          placeholder="K7QM-4XZP"
          aria-describedby="code-hint"
          value={code}
          onInput={(event) => typeCode(event.currentTarget.value)}
        />
        <small id="code-hint" class="quiet">
          {t('optionsCodeHint')}
        </small>
      </label>
      <div class="side-by-side">
        <label>
          <span>{t('optionsAddress')}</span>
          <input
            name="server"
            required
            inputmode="url"
            autocomplete="off"
            spellcheck={false}
            dir="ltr"
            value={server}
            onInput={(event) => setServer(event.currentTarget.value)}
          />
        </label>
        <label>
          <span>{t('optionsName')}</span>
          <input
            name="name"
            required
            maxLength={128}
            dir="auto"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem.detail}
        </p>
      )}
      <div class="deeds">
        <button type="submit" class="primary" disabled={busy}>
          {t(busy ? 'optionsPairing' : 'optionsPair')}
        </button>
      </div>
    </form>
  )
}

export function Paired(props: {
  sync: SyncState
  paired: NonNullable<SyncState['paired']>
  changed: Changed
}) {
  const { sync, paired, changed } = props
  const [sure, setSure] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  const take = (answer: Answer<SyncState>) => {
    if ('ok' in answer) changed(answer.ok)
    else setProblem(answer.problem)
  }
  const shown = problem ?? sync.problem
  return (
    <div class="paired">
      <dl>
        <dt>{t('optionsAddress')}</dt>
        <dd dir="ltr">
          <a href={`${paired.server}/`}>{paired.server}</a>
        </dd>
        <dt>{t('optionsName')}</dt>
        <dd dir="auto">{paired.name}</dd>
      </dl>
      <p role="status">{syncWords(sync)}</p>
      {shown && (
        <p class="problem" role="alert">
          {shown.detail}
        </p>
      )}
      {sure ? (
        <div class="deeds" role="group" aria-label={t('optionsUnpair')}>
          <p>{t('optionsUnpairSure')}</p>
          <button
            type="button"
            class="danger"
            ref={(button) => button?.focus()}
            onClick={async () => take(await ask('unpair', {}))}
          >
            {t('optionsUnpair')}
          </button>
          <button type="button" class="plain" onClick={() => setSure(false)}>
            {t('noteCancel')}
          </button>
        </div>
      ) : (
        <div class="deeds">
          <button
            type="button"
            disabled={sync.running}
            onClick={async () => take(await ask('sync:now', {}))}
          >
            {t('syncNow')}
          </button>
          <button type="button" class="plain danger" onClick={() => setSure(true)}>
            {t('optionsUnpair')}
          </button>
        </div>
      )}
      {sync.problem?.type === 'unpaired' && <PairForm changed={changed} />}
    </div>
  )
}

/** What this machine may be called in the server's list of devices; the reader can change it. */
function browserName(): string {
  const agent = navigator.userAgent
  const browser = agent.includes('Firefox/') ? 'Firefox' : 'Chrome'
  const system = /Windows|Macintosh|Android|CrOS|Linux/.exec(agent)?.[0] ?? ''
  const named = { Macintosh: 'macOS', CrOS: 'ChromeOS' }[system] ?? system
  return named ? t('optionsDeviceName', browser, named) : browser
}
