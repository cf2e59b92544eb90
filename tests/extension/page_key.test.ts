import fc from 'fast-check'
import { expect, test } from 'vitest'
import { believedCanonical, pageKey } from '../../extension/src/page_key'
import vectors from '../store/page_keys.json'

test.each(vectors.keys)('%s has the key %s: %s', (url, key) => {
  expect(pageKey(url!)).toBe(key)
})

test.each(vectors.invalid)('%s is refused', (url) => {
  expect(() => pageKey(url)).toThrow(TypeError)
})

test.each(vectors.canonical)('on %s the canonical %s is believed as %s: %s', (url, claimed, believed) => {
  expect(believedCanonical(url!, claimed)).toBe(believed)
})

test('a key is its own key', () => {
  fc.assert(
    fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
      expect(pageKey(pageKey(url))).toBe(pageKey(url))
    }),
  )
})
