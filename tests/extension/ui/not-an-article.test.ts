import { describe, expect, test } from 'vitest'
import { whyNoNotes } from '../../../extension/src/ui/not_an_article.ts'

const HTML = 'text/html'

describe('a tab where notes can be made', () => {
  test.each([
    ['https://paper.example/one', HTML],
    ['http://127.0.0.1:8080/', HTML],
    ['file:///home/ann/essay.html', HTML],
    ['https://paper.example/notes.txt', 'text/plain'],
    ['https://paper.example/figure.svg', 'image/svg+xml'],
  ])('needs no sentence: %s as %s', (url, contentType) => {
    expect(whyNoNotes({ url, contentType })).toBeNull()
  })
})

describe('a tab where none can be made is explained', () => {
  test.each([
    [undefined, null, 'noNotesBrowser'],
    ['about:blank', null, 'noNotesBrowser'],
    ['chrome://settings/', null, 'noNotesBrowser'],
    ['view-source:https://paper.example/', null, 'noNotesBrowser'],
    ['https://blocked.example/', null, 'noNotesBrowser'],
    ['about:reader?url=https%3A%2F%2Fpaper.example', null, 'noNotesReader'],
    ['https://addons.mozilla.org/firefox/', null, 'noNotesShop'],
    ['https://chromewebstore.google.com/', null, 'noNotesShop'],
    ['file:///home/ann/essay.html', null, 'noNotesFile'],
    ['file:///home/ann/essay.pdf', null, 'noNotesPdf'],
    ['https://paper.example/essay.PDF', null, 'noNotesPdf'],
    ['https://paper.example/download', 'application/pdf', 'noNotesPdf'],
    ['https://paper.example/tide.png', 'image/png', 'noNotesPicture'],
    ['https://paper.example/bell.ogg', 'video/ogg', 'noNotesFilm'],
  ] as const)('%s as %s', (url, contentType, key) => {
    expect(whyNoNotes({ url, contentType })).toBe(key)
  })

  test('by what its reader can do about it, where the extension is kept out', () => {
    const closed = { url: undefined, contentType: null, keptOut: true }
    expect(whyNoNotes(closed)).toBe('noNotesKeptOut')
    // Let into this site, if into no other.
    const open = { url: 'https://paper.example/one', contentType: HTML, keptOut: true }
    expect(whyNoNotes(open)).toBeNull()
  })
})
