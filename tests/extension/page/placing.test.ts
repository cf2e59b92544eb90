import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GAP, HANDLES, inSight, place, type Box } from '../../../extension/src/page/placing.ts'

const VIEW: Box = { left: 0, top: 0, width: 1000, height: 800 }
const BAR = { width: 200, height: 40 }

const line = (top: number, left = 400, width = 200, height = 20): Box => {
  return { left, top, width, height }
}

describe('a card beside a passage', () => {
  test('stands above it, centred over its first line', () => {
    const { x, y, side } = place([line(300), line(320, 0, 100)], BAR, VIEW, 'above')
    expect({ x, y, side }).toEqual({ x: 400, y: 300 - GAP - 40, side: 'above' })
  })

  test('goes below where there is no room above', () => {
    expect(place([line(10)], BAR, VIEW, 'above')).toMatchObject({ y: 30 + GAP, side: 'below' })
  })

  test('goes above where below was wanted and has no room', () => {
    expect(place([line(770)], BAR, VIEW, 'below')).toMatchObject({ side: 'above' })
  })

  test('goes beside a passage that is higher than the view', () => {
    const lines = Array.from({ length: 60 }, (_, i) => line(i * 20 - 100))
    expect(place(lines, BAR, VIEW, 'above')).toMatchObject({ x: 600 + GAP, side: 'beside' })
  })

  test('leaves the handles of a selection made by touch their room', () => {
    const { y } = place([line(300)], BAR, VIEW, 'below', HANDLES)
    expect(y).toBe(320 + HANDLES)
  })

  test('stays at the lower edge where the passage fills the view', () => {
    const lines = Array.from({ length: 60 }, (_, i) => line(i * 20 - 100, 100, 800))
    expect(place(lines, BAR, VIEW, 'above')).toMatchObject({ y: 800 - 40 - GAP, side: 'edge' })
  })

  test('stands by what can be seen of a passage that begins off the screen', () => {
    const lines = [line(-500), line(-480), line(100)]
    expect(place(lines, BAR, VIEW, 'above')).toMatchObject({ y: 100 - GAP - 40, side: 'above' })
  })

  test('shows its beginning where even the view is narrower', () => {
    const { x } = place([line(300, 0, 50)], BAR, { ...VIEW, width: 120 }, 'above')
    expect(x).toBe(GAP)
  })

  const box = fc.record({
    left: fc.integer({ min: 0, max: 900 }),
    top: fc.integer({ min: 0, max: 770 }),
    width: fc.integer({ min: 1, max: 100 }),
    height: fc.integer({ min: 1, max: 30 }),
  })

  const passage = fc.array(box, { minLength: 1 })
  const preferred = fc.constantFrom('above' as const, 'below' as const)

  test('never leaves the view', () => {
    fc.assert(
      fc.property(passage, preferred, (lines, side) => {
        const { x, y } = place(lines, BAR, VIEW, side)
        expect(x).toBeGreaterThanOrEqual(GAP)
        expect(y).toBeGreaterThanOrEqual(GAP)
        expect(x + BAR.width).toBeLessThanOrEqual(VIEW.width - GAP)
        expect(y + BAR.height).toBeLessThanOrEqual(VIEW.height - GAP)
      }),
    )
  })

  test('never covers the passage while there is room above, below or beside', () => {
    fc.assert(
      fc.property(passage, preferred, (lines, side) => {
        const { x, y, side: taken } = place(lines, BAR, VIEW, side)
        if (taken === 'edge') {
          const top = Math.min(...lines.map((one) => one.top))
          const bottom = Math.max(...lines.map((one) => one.top + one.height))
          expect(top).toBeLessThan(BAR.height + 2 * GAP)
          expect(VIEW.height - bottom).toBeLessThan(BAR.height + 2 * GAP)
          expect(Math.min(...lines.map((one) => one.left))).toBeLessThan(BAR.width + 2 * GAP)
          const right = Math.max(...lines.map((one) => one.left + one.width))
          expect(VIEW.width - right).toBeLessThan(BAR.width + 2 * GAP)
          return
        }
        const covered = lines.some((one) => {
          const apart = one.left >= x + BAR.width || one.left + one.width <= x
          return !apart && one.top < y + BAR.height && one.top + one.height > y
        })
        expect(covered).toBe(false)
      }),
    )
  })
})

test('a passage is out of sight once no line of it is in the view', () => {
  expect(inSight([line(-21)], VIEW)).toBe(false)
  expect(inSight([line(801)], VIEW)).toBe(false)
  expect(inSight([line(-100), line(790)], VIEW)).toBe(true)
})
