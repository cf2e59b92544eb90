import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { QUOTE_LEFT } from '../../../extension/src/anchoring/match/thresholds.ts'
import { remember, seek, seekAll } from './plain.ts'

const KEEPER = 'For eleven winters the keeper had climbed the one hundred and four steps at dusk.'
const LETTER = 'On the first of March a letter came, and in it a key, wrapped in a page of tides.'
const APRIL = 'It was not until April that he thought to compare the two, and then it was too late.'
const BOATS = 'The boats went by, the gulls complained, and the oil was paid for by the parish.'
const HARBOUR = 'Harbour dues were raised that summer by a committee which had never seen it.'
const ARTICLE = [KEEPER, BOATS, LETTER, HARBOUR, APRIL].join('\n')

describe('a passage that was edited', () => {
  test('is found changed, from its first word to its last', () => {
    const sought = remember(ARTICLE, KEEPER)
    const now = ARTICLE.replace('one hundred and four', '104')
    expect(seek(sought, now)).toMatchObject({
      kind: 'changed',
      says: KEEPER.replace('one hundred and four', '104'),
    })
  })

  test('is found between its neighbours though half of it was cut', () => {
    const sought = remember(ARTICLE, LETTER)
    const now = ARTICLE.replace(', and in it a key, wrapped in a page of tides', '')
    expect(seek(sought, now)?.says).toBe('On the first of March a letter came.')
  })

  test('is found whole though an advertisement stands in it', () => {
    const sought = remember(ARTICLE, 'the gulls complained, and the oil was paid for')
    const advertisement = 'SPONSORED Buy our candles, burning since 1874, now with free delivery. '
    const now = ARTICLE.replace('and the oil', `${advertisement}and the oil`)
    expect(seek(sought, now)?.says).toBe(
      `the gulls complained, ${advertisement}and the oil was paid for`,
    )
  })

  test('is told from a copy that was put before it, and before what leads up to it', () => {
    const told = `${LETTER} ${APRIL} ${HARBOUR}`
    const sought = remember([KEEPER, BOATS, 'Spring', told].join('\n'), 'a letter came, and in it')
    const now = [KEEPER, BOATS, told, 'Spring', told].join('\n')
    expect(seek(sought, now)?.at).toBe(now.lastIndexOf('a letter came'))
  })

  test('is preferred to the same words standing elsewhere in other surroundings', () => {
    const sought = remember(ARTICLE, 'the keeper had climbed')
    const elsewhere = 'Nobody in town believed that the keeper had climbed anything, ever.\n'
    const now = elsewhere + ARTICLE.replace('keeper had climbed', 'keeper had slowly climbed')
    expect(seek(sought, now)?.says).toBe('the keeper had slowly climbed')
  })

  test('is found whole though its last neighbour stands within it as well', () => {
    const passage = ['So it went.', HARBOUR, KEEPER, LETTER, APRIL].join('\n')
    const text = [BOATS, passage, HARBOUR].join('\n')
    const now = text.replace('wrapped', 'folded')
    expect(seek(remember(text, passage), now)?.says).toBe(passage.replace('wrapped', 'folded'))
  })

  test('of which a part was cut is not drawn out to where the same part stands', () => {
    const part = `${LETTER} Nobody had signed it, and the post mark was of a town without a harbour.`
    const rest = `${KEEPER} ${APRIL} He said nothing of it to the others, and nor did they to him.`
    const text = [part, BOATS, HARBOUR, `${part} ${rest}`, 'The lamp was lit.'].join('\n')
    const sought = remember(text, `${part} ${rest}`)
    const now = text.replace(`${part} ${rest}`, rest)
    expect(seek(sought, now)?.says).toBe(rest)
  })

  test('of twenty thousand characters is found to its last character', () => {
    const words = Array.from({ length: 3_400 }, (_, i) => `word${(i * 7_919) % 9_973}`)
    const long = words.join(' ').slice(0, 20_000)
    const text = `${BOATS}\n${long}\n${APRIL}`
    const now = text.replaceAll('word77', 'changed')
    const found = seek(remember(text, long), now)
    expect(found?.kind).toBe('changed')
    expect(found?.says).toBe(long.replaceAll('word77', 'changed'))
  })
})

describe('a passage that is gone', () => {
  test('is an orphan', () => {
    expect(seek(remember(ARTICLE, LETTER), ARTICLE.replace(LETTER, ''))).toBeNull()
  })

  test('is an orphan when other words stand in its place', () => {
    const now = ARTICLE.replace(LETTER, 'Nothing whatsoever happened during spring, we hear.')
    expect(seek(remember(ARTICLE, LETTER), now)).toBeNull()
  })

  test('is an orphan when a few words were replaced, and said anew elsewhere', () => {
    const now = ARTICLE.replace('a letter came', 'nobody wrote')
    const anew = `${now}\nA label on the shelf says: a letter came.`
    expect(seek(remember(ARTICLE, 'a letter came'), anew)).toBeNull()
  })

  test('is an orphan though its letters stand there, within another word', () => {
    const now = ARTICLE.replace('the oil was', 'the toil was')
    expect(seek(remember(ARTICLE, 'oil'), now)).toBeNull()
  })

  test('is an orphan though a look-alike is left elsewhere', () => {
    const twice = `${ARTICLE}\nElsewhere too the gulls complained, loudly, about the ferry company.`
    const sought = remember(twice, 'the gulls complained')
    expect(seek(sought, twice.replace('the gulls complained, ', ''))).toBeNull()
  })
})

describe('a passage among its equals', () => {
  const paragraphs = Array.from({ length: 40 }, () => KEEPER).join('\n')

  test('is the one that stands where it was', () => {
    const at = (KEEPER.length + 1) * 23
    const found = seek(remember(paragraphs, 'the keeper had climbed', at), paragraphs)
    expect(found?.kind).toBe('exact')
    expect(found?.at).toBe(paragraphs.indexOf('the keeper', at))
  })

  test('stays the original when a copy is put in before it', () => {
    const sought = remember(ARTICLE, 'a letter came, and in it a key')
    const now = `${LETTER}\n${ARTICLE}`
    expect(seek(sought, now)?.at).toBe(now.lastIndexOf('a letter came'))
  })

  test('is told from them by the notes around it, when the whole page has moved', () => {
    const unlike = 'Skagen was built of brick and lit with oil until the year of the great ice.'
    const form = [KEEPER, BOATS, LETTER, APRIL, KEEPER].join(' ')
    const forms = Array.from({ length: 20 }, () => form)
    forms[11] = unlike
    const page = forms.join('\n')
    const sought = remember(page, 'the gulls complained', page.indexOf(form, 6_000))
    const now = `${HARBOUR} `.repeat(12) + page
    expect(seek(sought, now)).toBeNull()
    const [found] = seekAll([sought, remember(page, unlike)], now)
    expect(found?.at).toBe(sought.at + now.length - page.length)
  })
})

describe('a passage taken from its place', () => {
  test('is found where it was put, its neighbours touching where it stood', () => {
    const sought = remember(ARTICLE, 'the gulls complained')
    const now = `${ARTICLE.replace('the gulls complained, ', '')}\nIn brief: the gulls complained.`
    expect(seek(sought, now)).toMatchObject({ kind: 'moved', says: 'the gulls complained' })
  })

  test('is gone though the one text most like it stands elsewhere, edited', () => {
    const like = LETTER.replace('a key', 'a ring').replace('March', 'August')
    const text = `${ARTICLE}\n${like}`
    expect(seek(remember(text, LETTER), text.replace(LETTER, ''))).toBeNull()
  })
})

describe('a passage with look-alikes', () => {
  const entry = (name: string): string =>
    `Name: ${name}. Kept by the harbour office, read at noon, to be returned by the tenth of May.`
  const names = ['ebb', 'flood', 'neap', 'spring', 'slack', 'bore', 'rip', 'race']
  const list = names.map(entry).join('\n')

  const last = list.lastIndexOf('read at noon')

  test('is believed where all that tells it from them stands', () => {
    const sought = remember(list, 'read at noon', last)
    const now = `${[HARBOUR, APRIL, BOATS].join('\n')}\n${list}`
    expect(seek(sought, now)?.at).toBe(now.lastIndexOf('read at noon'))
  })

  test('is none of them when its entry is gone', () => {
    const sought = remember(list, 'read at noon', last)
    expect(seek(sought, names.slice(0, -1).map(entry).join('\n'))).toBeNull()
  })
})

describe('a passage that moved', () => {
  test('is found in the paragraph it was taken along with', () => {
    const now = [LETTER, KEEPER, BOATS, HARBOUR, APRIL].join('\n')
    expect(seek(remember(ARTICLE, 'first of March'), now)?.says).toBe('first of March')
  })

  test('is found by itself when all around it was rewritten, if it is the only one', () => {
    const now = 'A stranger wrote all this anew; parish accounts of tides are what is left of it.'
    expect(seek(remember(ARTICLE, 'tides'), now)).toMatchObject({
      kind: 'moved',
      says: 'tides',
    })
  })
})

describe('a quote from another tool, with little context', () => {
  const quote = (exact: string, size: number) => {
    const at = ARTICLE.indexOf(exact)
    const end = at + exact.length
    const prefix = ARTICLE.slice(at - size, at)
    return { exact, prefix, suffix: ARTICLE.slice(end, end + size), at }
  }

  test('is found by 32 characters on each side', () => {
    const now = `Put in before.\n${ARTICLE.replace('a key', 'a silver key')}`
    expect(seek(quote('in it a key, wrapped', 32), now)?.says).toBe('in it a silver key, wrapped')
  })

  test('is found with no context at all', () => {
    expect(seek(quote('the gulls complained', 0), `Before.\n${ARTICLE}`)?.says).toBe(
      'the gulls complained',
    )
  })
})

describe('any text', () => {
  /** Few different words, so that they repeat. */
  const words = fc.array(
    fc.constantFrom(
      ...['the', 'one', 'sea', 'light', 'Łódź', 'naïve', '灯台', 'منارة', '👩🏽‍🚀', 'a', '—', '“so”'],
    ),
    { minLength: 12, maxLength: 120 },
  )
  const marked = words.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.integer({ min: 0, max: all.length - 2 }),
      fc.integer({ min: 1, max: Math.min(20, all.length - 1) }),
    ),
  )
  const place = ([all, first, count]: [string[], number, number]) => {
    const text = all.join(' ')
    const at = all.slice(0, first).join(' ').length + (first > 0 ? 1 : 0)
    return { text, at, exact: all.slice(first, first + count).join(' ') }
  }

  test('unchanged, gives back the very place', () => {
    fc.assert(
      fc.property(marked, (made) => {
        const { text, at, exact } = place(made)
        const found = seek(remember(text, exact, at), text)
        expect(found).toMatchObject({ kind: 'exact', at, says: exact })
      }),
      { numRuns: 300 },
    )
  })

  test('set in other type, gives back the same words', () => {
    const typed = (text: string, spaces: string): string =>
      text
        .normalize('NFD')
        .replaceAll(' ', spaces)
        .replaceAll('—', '--')
        .replaceAll(/[“”]/g, '"')
        .replaceAll('light', 'li\u00adght')
        .normalize('NFC')
    fc.assert(
      fc.property(marked, fc.constantFrom(' ', '\u00a0', '  ', '\n'), (made, spaces) => {
        const { text, at, exact } = place(made)
        const found = seek(remember(text, exact, at), typed(text, spaces))
        const bare = (says: string): string => typed(says, '').replaceAll(/[\s\u00ad-]/g, '')
        expect(bare(found?.says ?? '')).toBe(bare(exact))
      }),
      { numRuns: 300 },
    )
  })

  test('edited anywhere, gives back nothing that has little of the words', () => {
    const edits = fc.array(fc.tuple(fc.nat(200), fc.constantFrom('', 'xyzzy', 'sea')), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(marked, edits, (made, edits) => {
        const { text, at, exact } = place(made)
        const words = text.split(' ')
        for (const [where, word] of edits) words[where % words.length] = word
        const found = seek(remember(text, exact, at), words.filter(Boolean).join(' '))
        if (found === null) return
        const kept = found.says.split(' ').filter((word) => exact.includes(word)).join('').length
        const letters = exact.replaceAll(/[^\p{L}\p{M}]/gu, '').length
        expect(kept).toBeGreaterThanOrEqual(QUOTE_LEFT * letters)
      }),
      { numRuns: 200 },
    )
  })

  test('of a few words, moved anywhere with all around it rewritten, is found to the letter', () => {
    const name = fc.stringMatching(/^[a-z]{4,9}$/)
    const paragraphs = fc
      .uniqueArray(name, { minLength: 84, maxLength: 84 })
      .map((names) => Array.from({ length: 7 }, (_, i) => names.slice(i * 12, i * 12 + 12)))
    const rewritten = fc.option(fc.array(name, { maxLength: 30 }), { nil: null })
    const others = fc.array(rewritten, { minLength: 6, maxLength: 6 })
    const words = fc.tuple(fc.nat(4), fc.integer({ min: 7, max: 8 }))
    const moved = (
      page: string[][],
      others: (string[] | null)[],
      [first, count]: [number, number],
      from: number,
      to: number,
    ): void => {
      const its = page[from] as string[]
      const exact = its.slice(first, first + count).join(' ')
      const rest = page.toSpliced(from, 1).map((one, i) => others[i] ?? one)
      const say = (all: string[][]): string => all.map((one) => one.join(' ')).join('\n')
      const found = seek(remember(say(page), exact), say(rest.toSpliced(to, 0, its)))
      expect(found?.says).toBe(exact)
    }
    fc.assert(fc.property(paragraphs, others, words, fc.nat(6), fc.nat(6), moved), { numRuns: 300 })
  })

  test('edited around it, keeps its ends to the character', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.string({ maxLength: 80 }), (before, after) => {
        const now = `${before}\n${ARTICLE}\n${after}`
        expect(seek(remember(ARTICLE, LETTER), now)?.says).toBe(LETTER)
      }),
      { numRuns: 100 },
    )
  })

  test('of which no word is left is never found', () => {
    const others = fc.array(fc.constantFrom('xyzzy', 'quux', 'brrr', 'hmm'), { minLength: 5 })
    fc.assert(
      fc.property(marked, others, (made, other) => {
        const { text, at, exact } = place(made)
        expect(seek(remember(text, exact, at), other.join(' '))).toBeNull()
      }),
      { numRuns: 200 },
    )
  })
})
