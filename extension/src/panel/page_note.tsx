/** A note on the page as a whole, written here, with no passage to it. */
import { useState } from 'preact/hooks'
import type { Color, PageAddress, Problem } from '../model'
import { pageKey } from '../page_key'
import { ask } from '../ui/ask'
import { Icon } from '../ui/icon'
import { t } from '../ui/strings'
import { pendingOf, useDraft } from '../ui/drafts'
import { uuidv7 } from '../uuid'
import { NoteEditor } from './note_editor'

interface Props {
  tab: number
  page: PageAddress
  /** The highlighter used last. */
  color: Color
}

export function PageNote({ tab, page, color }: Props) {
  const [draft, write] = useDraft(`new ${pageKey(page.url)}`)
  const [problem, setProblem] = useState<Problem | null>(null)
  if (!draft) {
    const begin = async () => {
      // Of a private window nothing is kept unasked, and it is the page's own editor that asks.
      const { incognito } = await chrome.tabs.get(tab)
      if (incognito) void ask('page:note', { tab })
      else write({ note: '', tags: [], color, from: null, page: { ...page, id: uuidv7() } })
    }
    return (
      <button type="button" class="plain add" onClick={() => void begin()}>
        <Icon name="note" />
        {t('panelPageNote')}
      </button>
    )
  }
  const save = async () => {
    const pending = pendingOf(draft)
    const answer = pending && (await ask('note:save', { pending }))
    if (answer && 'problem' in answer) setProblem(answer.problem)
    else {
      setProblem(null)
      write(null)
    }
  }
  return (
    <div class={`note page-note ${draft.color}`}>
      <NoteEditor
        draft={draft}
        write={write}
        save={save}
        cancel={() => write(null)}
        problem={problem}
      />
    </div>
  )
}
