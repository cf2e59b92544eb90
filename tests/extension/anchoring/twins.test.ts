/** Sections of one page that differ by a name and a number: once one is gone, it is not the other. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Doubt, lookalikesOf, withDoubt } from '../../../extension/src/anchoring/context.ts'
import { remember, seek } from './plain.ts'

const NAMES = ['ebb', 'flood', 'neap', 'spring', 'slack', 'bore', 'rip', 'race']
const section = (name: string): string =>
  [
    `${name}(hour, [watch])`,
    `Rings the bell when the ${name} has begun, and returns how long it will last. If the watch is` +
      ' asleep, the lamp is lit instead, otherwise nothing happens until the hour has struck.',
    `const tide = harbour.${name}(hour, keeper); console.log(tide.height);`,
  ].join('\n')
const paragraph = (of: string): string =>
  `A ${of} stood in the harbour office, and nobody could say who had brought it or what it was for.`
const before = ['clock', 'stove', 'crate'].map(paragraph)
const after = ['globe', 'chair', 'trunk'].map(paragraph)
const page = (names: readonly string[]): string =>
  [...before, ...names.map(section), ...after].join('\n')

describe('a passage in one of several twin sections', () => {
  const text = page(NAMES)
  const sought = (exact: string) => remember(text, exact, text.indexOf(section('spring')))

  test('is none of the others when its section is taken out', () => {
    const now = page(NAMES.filter((name) => name !== 'spring'))
    expect(seek(sought('If the watch is asleep'), now)).toBeNull()
    expect(seek(sought('returns how long it will last. If the watch is asleep'), now)).toBeNull()
  })

  test('is none of the others when its section was put elsewhere', () => {
    const others = NAMES.filter((name) => name !== 'spring')
    const now = `${section('spring')}\n${page(others)}`
    const its = now.indexOf('when the spring')
    expect(seek(sought('when the spring has begun'), now)?.at ?? its).toBe(its)
  })

  test('is found there when the page was edited elsewhere', () => {
    const now = text.replace('A clock', 'An old clock that nobody had ever wound up')
    const found = seek(sought('If the watch is asleep'), now)
    expect(found?.at).toBe(now.indexOf('If the watch', now.indexOf(section('spring'))))
  })
})

describe('any page', () => {
  const name = fc.stringMatching(/^[a-z]{3,9}$/)

  test('of twins, unchanged, gives back the very place', () => {
    const names = fc.uniqueArray(name, { minLength: 2, maxLength: 7 })
    fc.assert(
      fc.property(names, fc.nat(6), fc.nat(200), (names, which, from) => {
        const text = page(names)
        const its = section(names[which % names.length] as string)
        const exact = its.slice(from).split(' ').slice(1, 6).join(' ')
        const sought = remember(text, exact, text.indexOf(its) + from)
        expect(seek(sought, text)).toMatchObject({ kind: 'exact', at: sought.at })
      }),
      { numRuns: 20 },
    )
  })

  test('gives a record that says how much position is to be doubted, and nothing less', () => {
    const doubt = fc.constantFrom<Doubt>(0, 1, 2, 3)
    const quote = fc.constantFrom('tide', 'The tide table hangs beside the door to the lamp room.')
    const among = fc.tuple(fc.integer({ min: 192, max: 256 }), fc.integer({ min: 192, max: 256 }))
    const text = 'x'.repeat(256)
    fc.assert(
      fc.property(quote, among, doubt, (exact, sizes, doubt) => {
        const [before, after] = withDoubt(exact, sizes, doubt)
        const record = { exact, prefix: text.slice(0, before), suffix: text.slice(0, after) }
        expect(lookalikesOf(record)).toMatchObject({ alone: false, doubt })
        expect(Math.max(before, after)).toBeGreaterThan(Math.max(...sizes) - 4)
      }),
    )
  })
})
