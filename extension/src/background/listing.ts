/** The notes of a page as lists show them: in which order, and what of each. */
import { COLORS, type Annotation, type InUse, type Listed, type Place } from '../model'

/** As they stand on the page; what is not found there comes last. */
export function inListOrder(
  annotations: readonly Annotation[],
  places: Readonly<Record<string, Place>>,
  order: readonly string[],
): { found: Annotation[]; lost: Annotation[] } {
  const isLost = ({ id }: Annotation) => places[id]?.kind === 'orphan'
  const found = annotations.filter((one) => !isLost(one))
  const rank = new Map(order.map((id, at) => [id, at]))
  // What the page has not told of yet stays where its position puts it.
  if (found.every(({ id }) => rank.has(id))) {
    found.sort((a, b) => standing(a, rank) - standing(b, rank))
  }
  return { found, lost: annotations.filter(isLost) }
}

/** A note on the whole page comes first, and a conflict copy right after its note. */
function standing({ id, quote, conflict_of }: Annotation, rank: ReadonlyMap<string, number>) {
  if (!quote) return -1
  return conflict_of === undefined ? rank.get(id)! : (rank.get(conflict_of) ?? rank.get(id)!)
}

export function inUse(annotations: readonly Annotation[], lost: number): InUse {
  const colors = new Set(annotations.map(({ color }) => color))
  const uses = new Map<string, number>()
  for (const { tags } of annotations) {
    for (const tag of tags) uses.set(tag, 1 + (uses.get(tag) ?? 0))
  }
  return {
    notes: annotations.length,
    lost,
    colors: COLORS.filter((color) => colors.has(color)),
    tags: [...uses].sort(([, m], [, n]) => n - m).map(([tag]) => tag),
  }
}

export function list(annotation: Annotation): Listed {
  const { id, url, note, tags, color, created, device, rev, quote, conflict_of } = annotation
  return {
    ...{ id, url, note, tags, color, created, device, rev },
    quote: quote && { exact: quote.exact },
    ...(conflict_of !== undefined && { conflict_of }),
  }
}
