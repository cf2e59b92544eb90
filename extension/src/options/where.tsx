/** The page a note belongs to. */
import type { Annotation } from '../model'

export function Where({ annotation }: { annotation: Annotation }) {
  return (
    <a
      class="where"
      href={annotation.url}
      title={annotation.title || annotation.url}
      target="_blank"
      rel="noreferrer"
      dir="auto"
    >
      {annotation.title || annotation.url}
    </a>
  )
}
