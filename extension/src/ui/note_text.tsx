/** A note as the extension's pages show it: all of it as text, never as HTML. */
import type { Listed } from '../model'
import { t } from './strings'

export function Quote({ annotation }: { annotation: Listed }) {
  if (!annotation.quote) return <p class="quiet">{t('noteOnPage')}</p>
  return (
    <blockquote class="quote clamped" dir="auto">
      <mark>{annotation.quote.exact}</mark>
    </blockquote>
  )
}

export function Written({ annotation }: { annotation: Listed }) {
  return annotation.note ? (
    <p class="written clamped" dir="auto">
      {annotation.note}
    </p>
  ) : null
}

export function Tags({ annotation }: { annotation: Listed }) {
  if (!annotation.tags.length) return null
  return (
    <ul class="tags" aria-label={t('noteTags')}>
      {annotation.tags.map((tag) => (
        <li key={tag} dir="auto">
          {tag}
        </li>
      ))}
    </ul>
  )
}
