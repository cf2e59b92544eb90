import { t } from '../ui/strings'
import { Undo } from '../ui/undo'
import { useSyncState } from '../ui/use_answer'
import { Colors } from './colors'
import { Danger } from './danger'
import { AllNotes } from './notes'
import { Paired, PairForm } from './pairing'
import { Shortcuts } from './shortcuts'
import { Sites } from './sites'
import { Unsent } from './unsent'

export function Options() {
  const [sync, setSync] = useSyncState()
  return (
    <main>
      <header>
        <img src="icons/icon.svg" alt="" width="44" height="44" />
        <div>
          <h1>{t('optionsTitle')}</h1>
          <p class="quiet">{t('extensionDescription')}</p>
        </div>
      </header>
      {sync && (
        <section class="card" aria-labelledby="server">
          <h2 id="server">{t('optionsServer')}</h2>
          {sync.paired ? (
            <Paired sync={sync} paired={sync.paired} changed={setSync} />
          ) : (
            <PairForm changed={setSync} />
          )}
        </section>
      )}
      <Undo>{sync && <Unsent sync={sync} />}</Undo>
      <Colors />
      <AllNotes />
      <Sites />
      <Shortcuts />
      {sync && <Danger sync={sync} changed={setSync} />}
    </main>
  )
}
