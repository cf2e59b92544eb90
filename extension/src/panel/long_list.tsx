/**
 * A list of any length, of rows of any height, that keeps only the rows near the window in the
 * document. A row that holds the focus stays, so that nothing is taken from under the reader's
 * hands; and what is above the window may grow or go without moving what is read.
 */
import type { ComponentChild } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks'
import { onceSeen } from '../ui/first_frame'
import { rowAt, rowsBetween, topsOf } from './heights'

interface Props<Row> {
  rows: readonly Row[]
  /** What the rows are an answer to: another one begins at the top. */
  of?: string
  label: string
  /** There is more to come, or other than this. */
  busy?: boolean
  keyOf: (row: Row) => string
  /** A guess at the height of a row, until it is measured. */
  guess: (row: Row) => number
  draw: (row: Row) => ComponentChild
  /** Told which rows are near the window. */
  near?: (rows: readonly Row[]) => void
}

/** In pixels, above and below the window: enough that Tab always finds the next row. */
const AHEAD = 600

export function LongList<Row>(props: Props<Row>) {
  const { rows, of, label, busy = false, keyOf, guess, draw, near } = props
  const [drawing, redraw] = useReducer((count: number) => count + 1, 0)
  const window = useRef<HTMLDivElement>(null)
  const heights = useRef(new Map<string, number>()).current
  /** What is read: the first row in sight, and how far it is scrolled beyond its top. */
  const anchor = useRef<{ key: string; beyond: number } | null>(null)

  const tops = useMemo(
    () => topsOf(rows.map((row) => heights.get(keyOf(row)) ?? guess(row))),
    [rows, drawing],
  )
  const scrolled = window.current?.scrollTop ?? 0
  const size = window.current?.clientHeight ?? globalThis.innerHeight
  // The rows in sight are seen sooner where nothing beyond them is drawn in the first frame.
  const [ahead, lookAhead] = useState(0)
  useEffect(() => onceSeen(() => lookAhead(AHEAD)), [])
  const [first, end] = rowsBetween(tops, scrolled - ahead, scrolled + size + ahead)
  const shown = Array.from({ length: end - first }, (_, at) => first + at)
  const held = focusedKey(window.current)
  const heldAt = held === null ? -1 : rows.findIndex((row) => keyOf(row) === held)
  if (heldAt >= 0 && heldAt < first) shown.unshift(heldAt)
  if (heldAt >= end) shown.push(heldAt)

  // What is drawn once is handed over again as it is: scrolling draws only what comes into sight.
  const drawn = useMemo(() => new Map<string, ComponentChild>(), [rows, draw])
  const drawOnce = (key: string, row: Row) => {
    if (!drawn.has(key)) drawn.set(key, draw(row))
    return drawn.get(key)
  }

  const observer = useMemo(() => {
    return new ResizeObserver((entries) => {
      let changed = false
      for (const { target } of entries) changed = measure(target, heights) || changed
      if (changed) redraw(undefined)
    })
  }, [])
  useEffect(() => {
    const element = window.current!
    const resized = new ResizeObserver(() => redraw(undefined))
    resized.observe(element)
    return () => {
      resized.disconnect()
      observer.disconnect()
    }
  }, [])

  useLayoutEffect(() => {
    // Never scrolled, it is at the top: to say so would have all of it laid out before its frame.
    if (!anchor.current) return
    anchor.current = null
    window.current!.scrollTop = 0
  }, [of])
  // After each drawing, before it is seen: what was read goes back to where it was.
  useLayoutEffect(() => {
    const element = window.current!
    const known = anchor.current
    const at = known ? rows.findIndex((row) => keyOf(row) === known.key) : -1
    if (!known || at < 0 || element.scrollTop === 0) return
    const wanted = tops[at]! + known.beyond
    if (Math.abs(element.scrollTop - wanted) >= 1) element.scrollTop = wanted
  }, [tops])
  useEffect(() => {
    near?.(shown.map((at) => rows[at]!))
  }, [rows, first, end])

  const scroll = () => {
    const { scrollTop } = window.current!
    const at = rowAt(tops, scrollTop)
    const row = rows[at]
    anchor.current = row === undefined ? null : { key: keyOf(row), beyond: scrollTop - tops[at]! }
    redraw(undefined)
  }
  return (
    <div class="window" ref={window} onScroll={scroll}>
      <ul class="rows" aria-label={label} aria-busy={busy} style={{ blockSize: `${tops.at(-1)}px` }}>
        {shown.map((at) => {
          const row = rows[at]!
          const key = keyOf(row)
          return (
            <Placed key={key} name={key} top={tops[at]!} at={at} of={rows.length} with={observer}>
              {drawOnce(key, row)}
            </Placed>
          )
        })}
      </ul>
    </div>
  )
}

interface PlacedProps {
  name: string
  top: number
  at: number
  of: number
  with: ResizeObserver
  children: ComponentChild
}

function Placed({ name, top, at, of, with: observer, children }: PlacedProps) {
  const element = useRef<HTMLLIElement>(null)
  useLayoutEffect(() => {
    const row = element.current!
    observer.observe(row)
    return () => {
      observer.unobserve(row)
    }
  }, [])
  return (
    <li
      ref={element}
      data-row={name}
      aria-setsize={of}
      aria-posinset={at + 1}
      style={{ transform: `translateY(${top}px)` }}
    >
      {children}
    </li>
  )
}

function measure(row: Element, heights: Map<string, number>): boolean {
  const key = (row as HTMLElement).dataset['row']
  const { height } = row.getBoundingClientRect()
  if (key === undefined || !row.isConnected || heights.get(key) === height) return false
  heights.set(key, height)
  return true
}

function focusedKey(window: HTMLElement | null): string | null {
  const focused = document.activeElement
  const row = window?.contains(focused) ? focused?.closest<HTMLElement>('[data-row]') : null
  return row?.dataset['row'] ?? null
}
