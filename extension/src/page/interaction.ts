/**
 * What the reader does and what comes of it: a selection opens the toolbar, a colour makes a
 * highlight, a highlight opens its own toolbar, a note opens the editor. One card at a time.
 */

import { describe } from '../anchoring'
import type { Color, Edit, Problem, Quote } from '../model'
import { ask, isInstalled } from '../ui/ask'
import { allColorNames } from '../ui/color_names'
import { t } from '../ui/strings'
import type { Card } from './card'
import { openChooser } from './chooser'
import { copyText } from './clipboard'
import { openEditor, type Field } from './editor'
import { exposure } from './exposure'
import { layDown } from './handover'
import type { Host } from './host'
import { linesOf, linesOfMark } from './lines'
import { isNoted, pendingOf, type Mark } from './mark'
import type { Notes } from './notes'
import { HANDLES } from './placing'
import { clearSelection, selectedRanges, type Means } from './selection'
import { linkToText } from './text-fragment'
import type { Toasts } from './toast'
import { openToolbar } from './toolbar'

/** A page that takes the editor away, whenever it is back, wins in the end. */
const MOST_TORN = 20

/** For a newer copy of the extension to come; where it was taken out, none does. */
const TAKEN_MS = 3000

export class Interaction {
  #card: Card | null = null
  /** What the open toolbar is about: the selection it stands by. */
  #ranges: Range[] = []
  /** Read while the extension is there to be asked. */
  readonly #labels = {
    again: t('pageTryAgain'),
    copy: t('pageCopyNote'),
    keep: t('pageKeepPrivate'),
    barred: t('pageBarred'),
    exposed: t('pageExposed'),
    writeHere: t('pageWriteHere'),
  }

  constructor(
    readonly notes: Notes,
    readonly host: Host,
    readonly toasts: Toasts,
    readonly signal: AbortSignal,
  ) {}

  get card(): Card | null {
    return this.#card
  }

  close(): void {
    this.#card?.close()
  }

  selected(ranges: Range[] | null, means: Means): void {
    if (!ranges) {
      if (this.#ranges.length) this.close()
      return
    }
    if (this.#card && sameRanges(ranges, this.#ranges)) return
    this.close()
    this.#ranges = ranges
    this.#card = openToolbar(
      this.host,
      {
        label: t('pageToolbar'),
        lines: () => linesOf(ranges),
        beside: ranges[0]?.startContainer,
        ...(means === 'touch'
          ? { prefer: 'below', clearance: HANDLES }
          : { prefer: 'above' }),
        color: null,
        names: this.#names,
        choose: (color) => void this.highlight(ranges, color),
        note: () => void this.highlight(ranges, this.notes.color, 'note'),
        tags: () => void this.highlight(ranges, this.notes.color, 'tags'),
        ...this.#taking(() => quoteOf(ranges[0])),
        onClose: () => this.#closed(),
      },
      this.signal,
    )
  }

  /** From the context menu or a key: whatever is selected, in the highlighter last used. */
  highlightSelection(writing: boolean): void {
    const ranges = this.#ranges.length ? this.#ranges : selectedRanges()
    if (ranges.length) void this.highlight(ranges, this.notes.color, writing && 'note')
  }

  /** Highlights each passage; with a note, opens the editor on the first. */
  async highlight(
    ranges: readonly Range[],
    color: Color,
    writing: Field | false = false,
  ): Promise<void> {
    this.close()
    const { pageSignal } = this.notes
    const made: Mark[] = []
    let short = false
    let failed = false
    for (const range of ranges) {
      try {
        const created = await this.notes.create(range, color)
        if (!created) continue
        made.push(created.mark)
        short ||= created.cut
      } catch (error) {
        // Of a page that was left there is nothing more to be said.
        if (pageSignal.aborted) break
        failed = true
        console.warn('Postil:', error)
      }
    }
    const [first] = made
    if (failed) this.toasts.show({ words: t('pageNotMarked') })
    if (!first && (failed || pageSignal.aborted)) return
    clearSelection()
    if (!first) {
      this.toasts.show({ words: t('pageNothingToMark') })
      return
    }
    if (short && !failed) this.toasts.show({ words: t('pageCut') })
    else this.host.announce(t('pageHighlighted'))
    if (writing) this.edit(first, writing)
    const saving = made.map((mark) => ({ mark, saved: this.notes.save(mark) }))
    for (const { mark, saved } of saving) {
      const problem = await saved
      if (problem && !writing) this.#complain(mark, problem)
    }
  }

  /** The toolbar of a highlight; where several overlap, first the question which is meant. */
  marked(marks: readonly Mark[]): void {
    const [mark] = marks
    if (!mark) return
    if (marks.length > 1) this.#choose(marks)
    else this.#open(mark, false)
  }

  /**
   * Off the page: paused, or replaced by a newer copy of the extension. Comes back when there is
   * nothing left that only this page has. What could not be saved is for the newer copy, or else
   * for the reader, to take along.
   */
  async leave(): Promise<void> {
    this.close()
    const laid = isInstalled() ? null : layDown(this.host)
    await this.notes.settled()
    const left = this.notes.unsaved()
    const words = left.find(({ problem }) => problem)?.problem?.detail
    if (words === undefined) return laid?.drop()
    laid?.fill({ key: this.notes.handoverKey, pending: left.map(pendingOf) })
    const taken = laid?.taken.then(() => true)
    if (taken && (await Promise.race([taken, later(TAKEN_MS)]))) return
    const text = left.flatMap(({ annotation: { note } }) => note || []).join('\n\n')
    const action = { label: this.#labels.copy, act: () => void copyText(text) }
    const gone = this.toasts.show({ words, stays: true, ...(text && { action }) })
    const closed = new Promise((resolve) => gone.addEventListener('abort', resolve))
    await Promise.race([closed, ...(taken ? [taken] : [])])
  }

  #choose(marks: readonly Mark[]): void {
    this.close()
    this.#card = openChooser(
      this.host,
      {
        marks,
        lines: () => linesOf(marks.flatMap(({ range }) => range ?? [])),
        beside: marks[0]?.range?.startContainer,
        prefer: 'below',
        choose: (mark, byKey) => this.#open(mark, byKey),
        consider: ({ range }) => this.notes.painter.activate(range),
        onClose: () => this.#closed(),
      },
      this.signal,
    )
  }

  #open(mark: Mark, focus: boolean): void {
    this.close()
    this.notes.painter.activate(mark.range)
    this.#card = openToolbar(
      this.host,
      {
        label: t('pageHighlight'),
        lines: () => linesOfMark(mark),
        beside: mark.range?.startContainer,
        prefer: 'above',
        color: mark.annotation.color,
        names: this.#names,
        choose: (color) => {
          this.close()
          void this.change(mark, { set: { color } })
        },
        note: () => this.edit(mark),
        tags: () => this.edit(mark, 'tags'),
        ...this.#taking(() => mark.annotation.quote),
        remove: () => void this.remove(mark),
        onClose: () => this.#closed(),
        focus,
      },
      this.signal,
    )
  }

  /** The note on the whole page. */
  pageNote(): void {
    this.edit(this.notes.onPage())
  }

  edit(mark: Mark, begin: Field = 'note', torn = 0): void {
    this.close()
    if (!exposure.accepted) return this.#warn(mark, begin)
    this.notes.painter.activate(mark.range)
    this.#card = openEditor(
      this.host,
      {
        mark,
        begin,
        names: this.#names,
        knownTags,
        lines: () => linesOfMark(mark),
        beside: mark.range?.startContainer,
        prefer: 'below',
        save: (change) => {
          this.notes.edit(mark, change)
          return isBlank(mark) ? Promise.resolve(null) : this.notes.save(mark)
        },
        remove: () => void this.remove(mark),
        torn: () => {
          if (torn === MOST_TORN) this.toasts.show({ words: this.#labels.barred, stays: true })
          else this.edit(isPageNote(mark) ? this.notes.onPage() : mark, begin, torn + 1)
        },
        closed: (outcome) => {
          this.#closed()
          if (isBlank(mark)) return this.notes.drop(mark)
          void outcome.then((problem) => {
            if (problem) this.#complain(mark, problem)
            else this.host.announce(t('pageNoteSaved'))
          })
        },
      },
      this.signal,
    )
  }

  /** Nobody writes under the eyes of a page unawares. */
  #warn(mark: Mark, begin: Field): void {
    if (isBlank(mark)) this.notes.drop(mark)
    const act = () => {
      exposure.accepted = true
      this.edit(isPageNote(mark) ? this.notes.onPage() : mark, begin)
    }
    const action = { label: this.#labels.writeHere, act }
    this.toasts.show({ words: this.#labels.exposed, stays: true, action })
  }

  async change(mark: Mark, change: Edit): Promise<void> {
    this.notes.edit(mark, change)
    const problem = await this.notes.save(mark)
    if (problem) this.#complain(mark, problem)
  }

  async remove(mark: Mark): Promise<void> {
    this.close()
    this.toasts.show({
      words: t('pageDeleted'),
      action: { label: t('pageUndo'), act: () => void this.#restore(mark) },
      undo: true,
    })
    const problem = await this.notes.remove(mark)
    if (problem) this.toasts.show({ words: problem.detail, stays: true })
  }

  async #restore(mark: Mark): Promise<void> {
    const problem = await this.notes.restore(mark)
    if (problem) this.#complain(mark, problem)
    else this.host.announce(t('pageRestored'))
  }

  /**
   * Nothing is lost: the mark keeps what was typed, and can be saved again from here. Where the
   * extension itself is gone, all that is left is to take the words along. In a private window
   * nothing is kept before its reader agreed.
   */
  #complain(mark: Mark, problem: Problem): void {
    // All that is left is told of in the end.
    if (this.signal.aborted) return
    const again = { label: this.#labels.again, act: () => void this.change(mark, {}) }
    const keep = { label: this.#labels.keep, act: () => void this.#keepPrivate() }
    const take = { label: this.#labels.copy, act: () => void copyText(mark.annotation.note) }
    const gone = problem.type === 'gone'
    const action = gone ? take : problem.type === 'private' ? keep : again
    this.toasts.show({
      words: problem.detail,
      stays: true,
      ...(gone && !mark.annotation.note ? {} : { action }),
    })
  }

  async #keepPrivate(): Promise<void> {
    await ask('private:keep', {})
    for (const mark of this.notes.unsaved()) await this.change(mark, {})
  }

  /** What can be taken away from a passage, as text and as a link. */
  #taking(quote: () => Quote | null) {
    const take = async (text: string | undefined, done: string) => {
      this.close()
      const copied = text !== undefined && (await copyText(text))
      this.toasts.show({ words: copied ? done : t('pageNotCopied') })
    }
    return {
      copy: () => void take(quote()?.exact, t('pageCopied')),
      link: () => {
        const named = quote()
        void take(named ? linkToText(location.href, named) : undefined, t('pageLinkCopied'))
      },
    }
  }

  get #names(): Record<Color, string> {
    return allColorNames(this.notes.names)
  }

  #closed(): void {
    this.#card = null
    this.#ranges = []
    this.notes.painter.activate(null)
  }
}

function later(milliseconds: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), milliseconds))
}

function isPageNote(mark: Mark): boolean {
  return !mark.annotation.quote
}

/** A note on the page that was opened and left empty is none. */
function isBlank(mark: Mark): boolean {
  return isPageNote(mark) && !mark.stored && !isNoted(mark)
}

async function knownTags(): Promise<string[]> {
  const answer = await ask('tags:all', {})
  return 'ok' in answer ? answer.ok : []
}

function sameRanges(some: readonly Range[], others: readonly Range[]): boolean {
  return (
    some.length === others.length &&
    some.every((range, at) => {
      const other = others[at]!
      return (
        range.startContainer === other.startContainer &&
        range.startOffset === other.startOffset &&
        range.endContainer === other.endContainer &&
        range.endOffset === other.endOffset
      )
    })
  )
}

function quoteOf(range: Range | undefined): Quote | null {
  return range ? (describe(range, document.body)?.quote ?? null) : null
}
