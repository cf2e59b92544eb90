/** Two tabs: the notes of the page that is read, and a search over every note. */
import { useRef, useState } from 'preact/hooks'
import { SyncLine } from '../ui/sync_line'
import { t } from '../ui/strings'
import { Undo } from '../ui/undo'
import { useActiveTab } from './active_tab'
import { AllNotes } from './all_notes'
import { ColorNames } from './color_names'
import { ThisPage } from './this_page'

const TABS = ['page', 'all'] as const
type Tab = (typeof TABS)[number]

/** `tab` is null where the panel follows the tab its window shows. */
export function Panel(props: { tab: number | null }) {
  const [shown, setShown] = useState<Tab>('page')
  const [query, setQuery] = useState('')
  const tab = useActiveTab(props.tab)
  return (
    <>
      <main>
        <Tabs shown={shown} show={setShown} />
        <Undo>
          <ColorNames>
            <div id="shown" class="shown" role="tabpanel" aria-labelledby={`tab-${shown}`}>
              {shown === 'page' ? (
                tab && <ThisPage key={tab.id} tab={tab.id} moved={tab.moved} />
              ) : (
                <AllNotes query={query} ask={setQuery} />
              )}
            </div>
          </ColorNames>
        </Undo>
      </main>
      <footer>
        <SyncLine />
      </footer>
    </>
  )
}

/** WAI-ARIA Authoring Practices, "Tabs": one stop, the arrows go between them. */
function Tabs({ shown, show }: { shown: Tab; show: (tab: Tab) => void }) {
  const buttons = useRef(new Map<Tab, HTMLButtonElement | null>())
  const keys = (event: KeyboardEvent) => {
    if (!['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) return
    event.preventDefault()
    const at = event.key === 'Home' ? 0 : event.key === 'End' ? 1 : 1 - TABS.indexOf(shown)
    const next = TABS[at]!
    show(next)
    buttons.current.get(next)?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label={t('panelTitle')} onKeyDown={keys}>
      {TABS.map((tab) => (
        <button
          key={tab}
          id={`tab-${tab}`}
          type="button"
          role="tab"
          aria-selected={tab === shown}
          aria-controls="shown"
          tabIndex={tab === shown ? 0 : -1}
          ref={(button) => {
            buttons.current.set(tab, button)
          }}
          onClick={() => show(tab)}
        >
          {t(tab === 'page' ? 'panelThisPage' : 'panelAllNotes')}
        </button>
      ))}
    </div>
  )
}
