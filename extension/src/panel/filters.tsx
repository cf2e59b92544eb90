/** Which of the page's notes are shown: those of these colours, with all of these tags. */
import type { Color, InUse, Listed } from '../model'
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
  inUse: InUse
  /** How many notes are shown. */
  shown: number
  filter: Filter
  choose: (filter: Filter) => void
}

/** Nothing where there is nothing to choose between. */
export function Filters({ inUse, shown, filter, choose }: Props) {
  const names = useColorNames()
  const { notes, colors } = inUse
  // Those that are chosen never go out of sight.
  const tags = [...new Set([...inUse.tags.slice(0, MOST_TAGS), ...filter.tags])]
  if (colors.length < 2 && !tags.length) return null
  return (
    <div class="filters" role="group" aria-label={t('panelFilter')}>
      {colors.length > 1 &&
        colors.map((color) => (
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
          t('panelShown', inDigits(shown), inDigits(notes))}
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
