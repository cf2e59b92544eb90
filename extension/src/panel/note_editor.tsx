/**
 * Writes a note in place, in Markdown, with a look at how it will read. Ctrl+Enter saves, Escape
 * gives up where nothing was written; there is no way to lose a text by accident.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Problem } from '../model'
import { Markdown } from '../ui/markdown'
import { t } from '../ui/strings'
import { pendingOf, type Writing } from '../ui/drafts'
import { TagField } from './tag_field'

interface Props {
  draft: Writing
  write: (next: Writing) => void
  save: () => Promise<void>
  cancel: () => void
  problem: Problem | null
}

export function NoteEditor({ draft, write, save, cancel, problem }: Props) {
  const [preview, setPreview] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (!preview) field.current?.focus()
  }, [preview])
  const keys = (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      void save()
    }
    if (event.key === 'Escape' && !pendingOf(draft)) {
      event.preventDefault()
      cancel()
    }
  }
  return (
    <form
      class="editor"
      onKeyDown={keys}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      {preview ? (
        <div class="preview" tabIndex={0} aria-label={t('panelPreview')} role="region">
          {draft.note.trim() ? (
            <Markdown text={draft.note} />
          ) : (
            <p class="quiet">{t('panelNothingToPreview')}</p>
          )}
        </div>
      ) : (
        <textarea
          ref={field}
          aria-label={t('noteField')}
          placeholder={t('pageNotePlaceholder')}
          dir="auto"
          value={draft.note}
          onInput={(event) => write({ ...draft, note: event.currentTarget.value })}
        />
      )}
      <TagField tags={draft.tags} change={(tags) => write({ ...draft, tags })} />
      {problem && (
        <p class="problem" role="alert">
          {problem.detail}
        </p>
      )}
      <div class="deeds">
        <button type="submit" class="primary">
          {t('noteSave')}
        </button>
        <button type="button" class="plain" onClick={cancel}>
          {t('noteCancel')}
        </button>
        <button
          type="button"
          class="plain look"
          aria-pressed={preview}
          onClick={() => setPreview(!preview)}
        >
          {t('panelPreview')}
        </button>
      </div>
    </form>
  )
}
