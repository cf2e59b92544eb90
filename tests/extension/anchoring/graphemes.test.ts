/** Borders between characters, against those of the browser's own segmenter. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { graphemesAround } from '../../../extension/src/anchoring/graphemes'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

function borders(text: string): number[] {
  return [...[...segmenter.segment(text)].map(({ index }) => index), text.length]
}

function around(text: string, at: number): [number, number] {
  const all = borders(text)
  return [all.findLast((border) => border <= at)!, all.find((border) => border >= at)!]
}

const CLUSTERS = ['👩‍🚀', '🇩🇪', 'e\u0301', '\r\n', 'क्षि', '각', 'ᄀ', 'ᅡ', '\u200d', '©', '한', '々', 'が', 'か\u3099']

describe('the borders around an offset', () => {
  test('are those of the segmenter beside every character there is', () => {
    const wrong: string[] = []
    // What comes after is asked of the segmenter in any case.
    for (let code = 1; code < 0xa100; code++) {
      const one = String.fromCharCode(code)
      const text = `a${one}${one}ж漢${one}\u2019`
      const all = borders(text)
      for (let at = 1; at < text.length; at++) {
        const [before, after] = graphemesAround(text, at)
        if ((before === at) !== all.includes(at) || (after === at) !== all.includes(at)) {
          wrong.push(`${code.toString(16)} ${at}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  test('are those of the segmenter in any text', () => {
    const piece = fc.oneof(fc.constantFrom(...CLUSTERS), fc.string({ unit: 'binary', maxLength: 3 }))
    const texts = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(texts, fc.nat(60), (text, at) => {
        const within = Math.min(at, text.length)
        expect(graphemesAround(text, within)).toEqual(around(text, within))
      }),
    )
  })
})
