import { expect, test } from 'vitest'
import { canonicalRule } from '../../../extension/src/page/canonical.ts'

const ONE = 'https://paper.example/one'
const TWO = 'https://paper.example/two'

test('what a page claims when it was loaded is told', () => {
  expect(canonicalRule()(ONE + '?from=mail', ONE)).toBe(ONE)
})

test('a claim left over by a single-page navigation is not told', () => {
  const told = canonicalRule()
  told(ONE, ONE)
  expect(told(TWO, ONE)).toBeUndefined()
  expect(told(TWO, ONE)).toBeUndefined()
})

test('the claim is told again once the page has changed it', () => {
  const told = canonicalRule()
  told(ONE, ONE)
  told(TWO, ONE)
  expect(told(TWO, TWO)).toBe(TWO)
})

test('a claim changed before the address is no left-over', () => {
  const told = canonicalRule()
  told(ONE, ONE)
  expect(told(TWO, TWO)).toBe(TWO)
})

test('a claim stays left over through any number of navigations', () => {
  const told = canonicalRule()
  told(ONE, ONE)
  told(TWO, ONE)
  expect(told('https://paper.example/three', ONE)).toBeUndefined()
})

test('going to a heading of the same page is no navigation', () => {
  const told = canonicalRule()
  told(ONE, ONE)
  expect(told(ONE + '#notes', ONE)).toBe(ONE)
})

test('going to another route of a page is one', () => {
  const told = canonicalRule()
  told(ONE + '#/first', ONE)
  expect(told(ONE + '#/second', ONE)).toBeUndefined()
  expect(told(ONE + '#!third', ONE)).toBeUndefined()
})

test('a page that claims nothing and later does is believed', () => {
  const told = canonicalRule()
  expect(told(ONE, undefined)).toBeUndefined()
  expect(told(TWO, undefined)).toBeUndefined()
  expect(told(TWO, TWO)).toBe(TWO)
})
