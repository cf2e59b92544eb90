/** Rows of any height in a list of any length. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowAt, rowsBetween, topsOf } from '../../../extension/src/panel/heights'

test('each row begins where the one above it ends', () => {
  expect(topsOf([10, 20, 5])).toEqual([0, 10, 30, 35])
  expect(topsOf([])).toEqual([0])
})

test.each([
  [-100, 0],
  [0, 0],
  [9, 0],
  [10, 1],
  [29.5, 1],
  [34, 2],
  [1000, 2],
])('at %d stands row %d', (y, row) => {
  expect(rowAt(topsOf([10, 20, 5]), y)).toBe(row)
})

test('an empty list has no rows', () => {
  expect(rowsBetween(topsOf([]), -600, 1400)).toEqual([0, 0])
})

test('the rows between two heights are all that are in sight, and no more', () => {
  const heights = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(heights, fc.nat(20_000), fc.nat(2_000), (rows, from, size) => {
      const tops = topsOf(rows)
      const [first, end] = rowsBetween(tops, from, from + size)
      const seen = rows.flatMap((_, at) =>
        tops[at]! <= from + size && tops[at + 1]! > from ? [at] : [],
      )
      const last = rows.length - 1
      expect([first, end - 1]).toEqual(seen.length ? [seen[0], seen.at(-1)] : [last, last])
    }),
  )
})
