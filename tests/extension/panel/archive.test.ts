/** The address at which an archive shows what copies it has of a page. */
import { expect, test } from 'vitest'
import { archiveOf } from '../../../extension/src/panel/archive'

test.each([
  ['https://example.org/a?b=1#c', 'https://web.archive.org/web/*/https://example.org/a?b=1'],
  ['http://me:secret@example.org/', 'https://web.archive.org/web/*/http://example.org/'],
  ['file:///home/notes.html', null],
  ['about:blank', null],
])('copies of %s are at %s', (url, archive) => {
  expect(archiveOf(url)).toBe(archive)
})
