/**
 * The page script: loaded by background into a frame that has notes or a selection. Starts each
 * feature; aborting `postil.page` takes all of it off the page again.
 */

import type { Announcement } from '../model'
import { onAnnouncement } from '../ui/ask'
import { addressOf } from './address'
import { onAsked } from './asked'
import { Chip } from './chip'
import { isIn, type Frame } from './frame'
import { onHeld } from './held'
import { Host } from './host'
import { Interaction } from './interaction'
import { onKeyboard } from './keyboard'
import { Margin } from './margin'
import { isNoted, type Mark } from './mark'
import { Notes } from './notes'
import { Painter } from './painter'
import { onPointer } from './pointer'
import { Preview } from './preview'
import { onSelection, type Means } from './selection'
import { showMark } from './show'
import { Toasts } from './toast'
import { watch } from './watcher'

const frame = globalThis.postil
if (frame && !frame.page && !frame.ended && document.body) start(frame)

function start(frame: Frame): void {
  const { signal } = (frame.page = new AbortController())
  signal.addEventListener('abort', () => (frame.page = null))
  // A newer copy of the extension is here: see whether this one is cut off.
  addEventListener('postil-boot', () => frame.stepAside(), { capture: true, signal })
  // What an earlier copy of the extension left behind when it was replaced.
  for (const stale of document.querySelectorAll('postil-ui')) stale.remove()

  const painter = new Painter(signal)
  const notes = new Notes(() => addressOf(frame), painter, signal)
  const end = new AbortController()
  const host = new Host(frame, end.signal)
  const preview = new Preview(host)
  const toasts = new Toasts(host, end.signal)
  const interaction = new Interaction(notes, host, toasts, signal)
  // The interface outlives the rest where it holds the only copy of what was written.
  signal.addEventListener('abort', () => {
    preview.hide()
    void interaction.leave().finally(() => end.abort())
  })

  const selected = (ranges: Range[] | null, means: Means) => {
    if (!frame.stepAside()) interaction.selected(ranges, means)
  }
  onSelection(frame, selected, signal)
  onKeyboard(interaction, signal)
  const clicked = (marks: readonly Mark[]) => {
    preview.hide()
    if (!frame.stepAside()) interaction.marked(marks)
  }
  const chip = new Chip(host, clicked, signal)
  const passed = (marks: Mark[], x: number, y: number) => {
    if (marks.length && !interaction.card) chip.show(marks, x, y)
    else chip.leave()
  }
  const hovered = ([mark]: Mark[]) => {
    if (mark && isNoted(mark) && !interaction.card) preview.show(mark)
    else preview.hide()
  }
  const marks = () => notes.all()
  onPointer({ host, marks, clicked, hovered, passed }, signal)
  onHeld({ host, marks, held: (on, x, y) => !interaction.card && chip.show(on, x, y) }, signal)
  watch(notes, host, () => interaction.close(), signal)
  const margin = new Margin(notes, host, preview, (mark) => interaction.edit(mark), signal)
  notes.changed = () => {
    interaction.card?.refresh()
    margin.later()
  }
  const hear = (news: Announcement) => {
    if (news.type === 'notes:changed') void notes.load()
    if (news.type === 'selection:highlight' && isIn()) interaction.highlightSelection(news.note)
    if (news.type === 'page:note' && window === top) interaction.pageNote()
    if (news.type === 'colors:changed') notes.names = news.names
    if (news.type !== 'note:show') return
    const mark = notes.get(news.id)
    if (mark) void showMark(mark, painter, signal)
  }
  onAnnouncement(hear, signal)
  onAsked(notes, host, toasts, signal)
  void notes.load()
}
