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

/** How many notes are shown of how many; empty where all are. */
export function wordShown(shown: number, of: number, { colors, tags }: Filter): string {
  if (!colors.length && !tags.length) return ''
  return t('panelShown', shown.toLocaleString(locale()), of.toLocaleString(locale()))
}

interface Props {
  inUse: InUse
  /** By `wordShown`; the head of the page shows it, so that no button moves when it comes. */
  said: string
  filter: Filter
  choose: (filter: Filter) => void
}

/** Nothing where there is nothing to choose between. */
export function Filters({ inUse, said, filter, choose }: Props) {
  const names = useColorNames()
  const { colors } = inUse
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
      <p class="visually-hidden" role="status">
        {said}
      </p>
    </div>
  )
}

function toggled<T>(list: readonly T[], one: T): T[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one]
}
