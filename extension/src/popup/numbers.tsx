/** This page in numbers. What asks to be looked at is named only where there is some of it. */
import type { TabState } from '../model'
import { counted, locale, type CountedKey } from '../ui/strings'

export function Numbers({ state }: { state: TabState }) {
  const { annotations, places } = state
  const count = (test: (one: (typeof annotations)[number]) => boolean) =>
    annotations.filter(test).length
  const found = (kind: string) => count(({ id }) => places[id]?.kind === kind)
  const rows: { key: CountedKey; number: number; asks?: boolean }[] = [
    { key: 'popupAll', number: annotations.length },
    { key: 'popupNoted', number: count(({ note }) => note !== '') },
    { key: 'popupChanged', number: found('changed'), asks: true },
    { key: 'popupLost', number: found('orphan'), asks: true },
    { key: 'popupConflicts', number: count((one) => one.conflict_of !== undefined), asks: true },
  ]
  return (
    <ul class="numbers">
      {rows
        .filter(({ number, asks }) => number > 0 || !asks)
        .map(({ key, number, asks }) => (
          <li key={key} class={asks ? 'asks' : ''}>
            <strong>{number.toLocaleString(locale())}</strong>{' '}
            <span>{counted(key, number)}</span>
          </li>
        ))}
    </ul>
  )
}
