/** The tags of a note being written: chips that can be taken off, and a field that completes. */
import { useId, useRef, useState } from 'preact/hooks'
import { Icon } from '../ui/icon'
import { t } from '../ui/strings'
import { useAnswer } from '../ui/use_answer'

const MOST = 64
const LONGEST = 128

/** More suggestions than this are no help. */
const SUGGESTED = 200

interface Props {
  tags: readonly string[]
  change: (tags: string[]) => void
}

export function TagField({ tags, change }: Props) {
  const [typed, setTyped] = useState('')
  const { value: known } = useAnswer('tags:all', {}, () => false)
  const suggestions = useId()
  const field = useRef<HTMLInputElement>(null)

  const add = () => {
    const fresh = typed.split(',').map((tag) => tag.trim().normalize()).filter(Boolean)
    setTyped('')
    if (fresh.length) change([...new Set([...tags, ...fresh])].slice(0, MOST))
  }
  const keys = (event: KeyboardEvent) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return
    if ((event.key === 'Enter' || event.key === ',') && typed.trim()) {
      event.preventDefault()
      add()
    } else if (event.key === 'Enter') {
      event.preventDefault()
    } else if (event.key === 'Backspace' && !typed && tags.length) {
      event.preventDefault()
      change(tags.slice(0, -1))
    }
  }
  return (
    <div class="tag-field">
      {tags.length > 0 && (
        <ul class="tags" aria-label={t('noteTags')}>
          {tags.map((tag) => (
            <li key={tag} class="removable">
              <span dir="auto">{tag}</span>
              <button
                type="button"
                class="plain"
                aria-label={t('pageRemoveTag', tag)}
                title={t('pageRemoveTag', tag)}
                onClick={() => {
                  change(tags.filter((other) => other !== tag))
                  field.current?.focus()
                }}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={field}
        type="text"
        aria-label={t('pageAddTag')}
        placeholder={t('pageAddTag')}
        maxLength={LONGEST}
        dir="auto"
        autocomplete="off"
        enterkeyhint="done"
        list={suggestions}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={keys}
        onBlur={add}
      />
      <datalist id={suggestions}>
        {known
          ?.filter((tag) => !tags.includes(tag))
          .slice(0, SUGGESTED)
          .map((tag) => (
            <option key={tag} value={tag} />
          ))}
      </datalist>
    </div>
  )
}
