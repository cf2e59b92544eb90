/** What a reader wrote. A long note shows its beginning, and the rest when asked. */
import { useState } from 'preact/hooks'
import { Markdown } from '../ui/markdown'
import { t } from '../ui/strings'

/** About as much as a narrow panel shows in ten lines. */
const LONG = 420
const MANY_LINES = 10

/** More of it than is ever seen before the rest is asked for. */
const BEGINNING = 2_000

export function Written({ text }: { text: string }) {
  const [whole, setWhole] = useState(false)
  const long = text.length > LONG || text.split('\n', MANY_LINES + 1).length > MANY_LINES
  return (
    <div class={long && !whole ? 'cut' : ''}>
      <Markdown text={whole ? text : text.slice(0, BEGINNING)} />
      {long && (
        <button
          type="button"
          class="plain more"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
        >
          {t(whole ? 'panelLess' : 'panelMore')}
        </button>
      )}
    </div>
  )
}
