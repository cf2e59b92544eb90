/** Which of the page's notes are shown: those of these colours, with all of these tags. */
import type { Color, Listed } from '../model'
import { COLORS } from '../model'
import { locale, t } from '../ui/strings'
import { useColorNames } from './color_names'

export interface Filter {
  colors: readonly Color[]
  tags: readonly string[]
}

export const noFilter: Filter = { colors: [], tags: [] }

/** More do not fit; the search finds by any. */
const MOST_TAGS = 12

export function matches({ color, tags }: Listed, filter: Filter): boolean {
  return (
    (!filter.colors.length || filter.colors.includes(color)) &&
    filter.tags.every((tag) => tags.includes(tag))
  )
}

interface Props {
  annotations: readonly Listed[]
  /** How many of them are shown. */
  shown: number
  filter: Filter
  choose: (filter: Filter) => void
}

/** Nothing where there is nothing to choose between. */
export function Filters({ annotations, shown, filter, choose }: Props) {
  const names = useColorNames()
  const used = COLORS.filter((color) => annotations.some((one) => one.color === color))
  const tags = mostUsed(annotations, filter.tags)
  if (used.length < 2 && !tags.length) return null
  return (
    <div class="filters" role="group" aria-label={t('panelFilter')}>
      {used.length > 1 &&
        used.map((color) => (
          <button
            key={color}
            type="button"
            class={`swatch ${color}`}
            aria-pressed={filter.colors.includes(color)}
            aria-label={names[color]}
            title={names[color]}
            onClick={() => choose({ ...filter, colors: toggled(filter.colors, color) })}
          >
            <span class="dot" />
          </button>
        ))}
      {tags.map((tag) => (
        <button
          key={`tag ${tag}`}
          type="button"
          class="chip"
          dir="auto"
          title={tag}
          aria-pressed={filter.tags.includes(tag)}
          onClick={() => choose({ ...filter, tags: toggled(filter.tags, tag) })}
        >
          {tag}
        </button>
      ))}
      <p class="quiet shown-of" role="status">
        {filter.colors.length + filter.tags.length > 0 &&
          t('panelShown', inDigits(shown), inDigits(annotations.length))}
      </p>
    </div>
  )
}

function inDigits(count: number): string {
  return count.toLocaleString(locale())
}

function toggled<T>(list: readonly T[], one: T): T[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one]
}

/** Those that are chosen never go out of sight. */
function mostUsed(annotations: readonly Listed[], chosen: readonly string[]): string[] {
  const uses = new Map<string, number>()
  for (const tag of annotations.flatMap(({ tags }) => tags)) {
    uses.set(tag, 1 + (uses.get(tag) ?? 0))
  }
  const all = [...uses].sort(([, m], [, n]) => n - m).map(([tag]) => tag)
  return [...new Set([...all.slice(0, MOST_TAGS), ...chosen])]
}
