/** Where a search is typed, what came of it in a line, and what can be asked. */
import type { RefObject } from 'preact'
import { t } from '../ui/strings'

interface Props {
  field: RefObject<HTMLInputElement | null>
  query: string
  ask: (query: string) => void
  said: string
}

/** Each as it is typed; what it means stands in the reader's language. */
const EXAMPLES = [
  ['annot*', 'searchPrefix'],
  ['"a b c"', 'searchPhrase'],
  ['-draft', 'searchNot'],
  ['tag:python', 'searchTag'],
  ['color:yellow', 'searchColor'],
  ['site:example.com', 'searchSite'],
  ['after:2026-10', 'searchAfter'],
  ['before:2026', 'searchBefore'],
] as const

export function SearchField({ field, query, ask, said }: Props) {
  return (
    <div class="search" role="search">
      <input
        ref={field}
        type="search"
        aria-label={t('panelSearch')}
        placeholder={t('panelSearch')}
        dir="auto"
        maxLength={1024}
        autocomplete="off"
        spellcheck={false}
        value={query}
        onInput={(event) => ask(event.currentTarget.value)}
      />
      <details class="language">
        <summary>{t('panelHowToSearch')}</summary>
        <dl>
          {EXAMPLES.map(([typed, meaning]) => (
            <div key={typed}>
              <dt>
                <code dir="ltr">{typed}</code>
              </dt>
              <dd>{t(meaning)}</dd>
            </div>
          ))}
        </dl>
      </details>
      <p class="quiet said" role="status">
        {said}
      </p>
    </div>
  )
}
