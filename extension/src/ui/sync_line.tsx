/** How far notes have travelled, at the foot of a page, with what the reader can do about it. */
import { ask } from './ask'
import { counted, t } from './strings'
import { syncWords } from './sync_words'
import { useSyncState } from './use_answer'

export function SyncLine() {
  const [sync] = useSyncState()
  if (!sync) return null
  const parked = sync.parked.length
  return (
    <div class="sync">
      <p role="status" class={sync.problem ? '' : 'quiet'}>
        {syncWords(sync)}
      </p>
      {sync.paired && (
        <button
          type="button"
          class="plain"
          disabled={sync.running}
          onClick={() => void ask('sync:now', {})}
        >
          {t('syncNow')}
        </button>
      )}
      {sync.problem && <p class="problem">{sync.problem.detail}</p>}
      {parked > 0 && (
        <p class="problem">
          {counted('syncParked', parked)}{' '}
          <a href="options.html#parked" target="_blank">
            {t('syncParkedShow')}
          </a>
        </p>
      )}
    </div>
  )
}
