/**
 * What is asked of the page from outside of it: by the panel, by keys of the browser and by its
 * context menu. Of a page and the frames in it, the one that has a note answers for it; what
 * concerns a selection is done by the frame the reader is in.
 */

import { describe, inSlices, TextIndex } from '../anchoring'
import type { Announcement, Questions } from '../model'
import { onAnnouncement } from '../ui/ask'
import { t } from '../ui/strings'
import { copyText } from './clipboard'
import { isIn } from './frame'
import type { Host } from './host'
import { markdownQuote } from './markdown-quote'
import type { Notes } from './notes'
import { seek } from './seek'
import { selectedRanges } from './selection'
import { showMark } from './show'
import type { Toasts } from './toast'

type Answers = {
  [T in keyof Questions]: (
    send: Questions[T]['send'],
  ) => Promise<Questions[T]['answer'] | null>
}

export function onAsked(notes: Notes, host: Host, toasts: Toasts, signal: AbortSignal): void {
  const answers: Answers = {
    async 'passage:describe'({ id }) {
      const range = notes.get(id)?.range
      return range ? describe(range, await inSlices(TextIndex.build(document.body), signal)) : null
    },
    async 'selection:describe'() {
      const [range] = selectedRanges()
      return range ? describe(range, await inSlices(TextIndex.build(document.body), signal)) : null
    },
    'passage:seek': ({ quote }) => seek(quote, signal),
  }
  type Asked = { type: string; id: string }
  const ask = (message: Asked, _: unknown, answer: (value: unknown) => void) => {
    if (!Object.hasOwn(answers, message.type) || !notes.get(message.id)) return false
    const find = answers[message.type as keyof Questions] as (send: object) => Promise<unknown>
    find(message).then(answer, () => answer(null))
    return true
  }
  chrome.runtime.onMessage.addListener(ask)
  signal.addEventListener('abort', () => {
    // Of an extension that is gone, the listeners went with it.
    if (chrome.runtime?.id) chrome.runtime.onMessage.removeListener(ask)
  })
  onAnnouncement((news) => hear(news, notes, host, toasts, signal), signal)
}

function hear(
  news: Announcement,
  notes: Notes,
  host: Host,
  toasts: Toasts,
  signal: AbortSignal,
): void {
  if (news.type === 'highlights:hide') notes.hide(news.hidden)
  if (news.type === 'selection:quote' && isIn()) void copyQuote(toasts)
  if (news.type === 'highlight:step' && window === top) step(news.forward, notes, host, signal)
}

async function copyQuote(toasts: Toasts): Promise<void> {
  const [range] = selectedRanges()
  if (!range) return
  const found = describe(range, document.body)
  const text = found && markdownQuote(found.quote, document.title, location.href)
  const done = text !== null && (await copyText(text))
  toasts.show({ words: t(done ? 'pageCopied' : 'pageNotCopied') })
}

/** The highlight last gone to, so that the next press goes on from it. */
let stood: string | null = null

/** From the one gone to last; else from where the window is. */
function step(forward: boolean, notes: Notes, host: Host, signal: AbortSignal): void {
  const marks = notes.all().filter((mark) => mark.range)
  if (!marks.length) return host.announce(t('pageNoHighlights'))
  const last = marks.findIndex((mark) => mark.annotation.id === stood)
  const start = last >= 0 ? last + (forward ? 1 : -1) : nearest(marks, forward)
  const at = (start + marks.length) % marks.length
  const mark = marks[at]!
  stood = mark.annotation.id
  void showMark(mark, notes.painter, signal)
  const text = mark.annotation.quote?.exact.slice(0, 200) ?? ''
  host.announce(t('pageStep', at + 1, marks.length, text))
}

/** The first that begins below the middle of the window, or the last that begins above it. */
function nearest(marks: readonly { range: StaticRange | null }[], forward: boolean): number {
  const below = marks.findIndex(({ range }) => range && topOf(range) >= innerHeight / 2)
  if (forward) return below < 0 ? 0 : below
  return below < 0 ? marks.length - 1 : below - 1
}

function topOf({ startContainer, startOffset }: StaticRange): number {
  const probe = document.createRange()
  probe.setStart(startContainer, startOffset)
  return probe.getBoundingClientRect().top
}
