import { describe, expect, test } from 'vitest'
import { suggest } from '../../../extension/src/page/suggest.ts'

const KNOWN = ['history', 'science', 'History of science', 'Prehistory', 'café', 'physics/optics']

describe('a tag that is being typed', () => {
  test('is completed by what begins so, then by what has a word or a part that does', () => {
    expect(suggest('his', KNOWN, [])).toEqual(['history', 'History of science', 'Prehistory'])
    expect(suggest('sci', KNOWN, [])).toEqual(['science', 'History of science'])
    expect(suggest('opt', KNOWN, [])).toEqual(['physics/optics'])
  })

  test('is found whatever its case and its accents', () => {
    expect(suggest('CAFE', KNOWN, [])).toEqual(['café'])
  })

  test('is not offered where the note has it', () => {
    expect(suggest('hist', KNOWN, ['HISTORY'])).toEqual(['History of science', 'Prehistory'])
  })

  test('is not offered while nothing, or the whole of it, is typed', () => {
    expect(suggest('  ', KNOWN, [])).toEqual([])
    expect(suggest('science', KNOWN, [])).toEqual(['History of science'])
  })

  test('brings five at most, and those used most first', () => {
    const many = Array.from({ length: 5000 }, (_, at) => `tag ${at}`)
    expect(suggest('tag', many, [])).toEqual(many.slice(0, 5))
  })
})
