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
const firstOnLongPage = (names: readonly string[]): string => {
  const rest = Array.from({ length: 200 }, (_, i) => paragraph(`clock of the year ${1_700 + i}`))
  return [...names.map(section), ...rest].join('\n')
}

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

  test('is described at the very beginning of its page, where no section can begin before', () => {
    const exact = 'when the ebb has begun'
    const first = firstOnLongPage(NAMES)
    expect(seek(remember(first, exact), `A clock.\n${first}`)?.says).toBe(exact)
  })

  test('is found there when the page was edited elsewhere', () => {
    const now = text.replace('A clock', 'An old clock that nobody had ever wound up')
    const found = seek(sought('If the watch is asleep'), now)
    expect(found?.at).toBe(now.indexOf('If the watch', now.indexOf(section('spring'))))
  })
})

describe('a passage of a licence that stands fifty times on its page', () => {
  const words = (seed: number, count: number): string =>
    Array.from({ length: count }, (_, i) => `w${((i + seed) * 7_919) % 613}`).join(' ')
  const terms = `${words(1, 60)} the notice shall be kept in all copies ${words(90, 90)}`
  const licence = (i: number, text: string): string => `package-${i}\nBy author ${i}\n${text}`
  const licences = (text: (i: number) => string): string =>
    Array.from({ length: 50 }, (_, i) => licence(i, text(i))).join('\n')
  const page = licences(() => terms)
  const its = page.indexOf('package-31\n')

  test('is found where it was though edited there, while all others say it to the letter', () => {
    const exact = 'the notice shall be kept in all copies'
    const edited = terms.replace(/notice shall(.*copies) w\d+/, 'note must$1 or portions')
    const now = licences((i) => (i === 31 ? edited : terms))
    const found = seek(remember(page, exact, its), now)
    expect(found?.says).toBe('the note must be kept in all copies')
    expect(found?.at).toBe(now.indexOf('the note must'))
  })

  test('is found whole, over several of them, though what follows it stands in each', () => {
    const from = page.indexOf('author 31')
    const exact = page.slice(from, page.indexOf(' the notice', page.indexOf('author 33')))
    const edited = terms.replaceAll(/ w(\d)7/g, ' x$1')
    const now = licences((i) => (i === 31 || i === 32 ? edited : terms))
    const found = seek(remember(page, exact), now)
    expect(found?.at).toBe(now.indexOf('author 31'))
    expect(found?.says.slice(-30)).toBe(exact.slice(-30))
    expect(found?.says.length).toBe(exact.length - 2 * (terms.length - edited.length))
  })
})

describe('any page', () => {
  const name = fc.stringMatching(/^[a-z]{3,9}$/)

  test('of twins, unchanged, gives back the very place', () => {
    const names = fc.uniqueArray(name, { minLength: 2, maxLength: 7 })
    fc.assert(
      fc.property(names, fc.nat(6), fc.nat(200), fc.boolean(), (names, which, from, first) => {
        const text = first ? firstOnLongPage(names) : page(names)
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
