/**
 * The notes of this page: loaded, found again in the text, painted, and changed.
 *
 * What the reader does is shown at once and told to background after; what background refuses
 * stays here, with the reason, until it can be saved.
 */

import { anchor, describe, inSlices, isTooLong, TextIndex } from '../anchoring'
import type { Annotation, Color, ColorNames, Edit, PageAddress, Problem } from '../model'
import { pageKey } from '../page_key'
import { ask } from '../ui/ask'
import { uuidv7 } from '../uuid'
import { Ground } from './ground'
import { draftOf, edited, freshMark, isNoted, joined, knownMark, missing, type Mark } from './mark'
import type { Painter } from './painter'
import { wordsIn } from './standing'

export class Notes {
  #marks = new Map<string, Mark>()
  #page = new AbortController()
  #writing = new Map<Mark, Promise<Problem | null>>()
  /** Deletes and restores that are not answered yet. */
  #asking = new Set<Promise<unknown>>()
  /** How often background took a change: a list it answered before one of them is out of date. */
  #taken = 0
  #loading: Promise<void> | null = null
  #finding: Promise<void> = Promise.resolve()
  #again = false
  readonly ground = new Ground()
  /** Called after the marks or their places changed. */
  changed: () => void = () => {}
  /** Whether the reader wants to see none of them for now. */
  hidden = false
  /** The highlighter last used, on any page. */
  color: Color = 'yellow'
  /** What the reader calls the highlighters. */
  names: ColorNames = {}
  /** What this page hands over is known by it. */
  handoverKey = ''

  constructor(
    readonly address: () => PageAddress,
    readonly painter: Painter,
    readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.#page.abort())
    addEventListener('pagehide', () => this.#tellAll(), { signal })
    document.addEventListener('visibilitychange', () => document.hidden && this.#tellAll(), {
      signal,
    })
  }

  /** In reading order, what is not found last. */
  all(): Mark[] {
    const far = Number.MAX_SAFE_INTEGER
    const rank = (mark: Mark) => (mark.start < 0 ? far : mark.start)
    return [...this.#marks.values()].sort((a, b) => rank(a) - rank(b))
  }

  get(id: string): Mark | undefined {
    return this.#marks.get(id)
  }

  get key(): string {
    return pageKey(this.address().url)
  }

  /** Reads the page's notes anew and shows what came, changed or went. One at a time. */
  load(): Promise<void> {
    if (this.#loading) this.#again = true
    this.#loading ??= this.#loadAll().finally(() => (this.#loading = null))
    return this.#loading
  }

  /** Off with everything, at once: the address now names another page. */
  leave(): void {
    this.#page.abort()
    this.#page = new AbortController()
    this.#marks = new Map()
    this.#holdPage()
    this.painter.activate(null)
    this.painter.paint([])
  }

  /** Aborted when the page is left; what waits for its text then has nothing to wait for. */
  get pageSignal(): AbortSignal {
    return this.#page.signal
  }

  /** Looks for these marks again, in the text as it is now. One search at a time. */
  find(marks: readonly Mark[]): Promise<void> {
    const { signal } = this.#page
    this.#finding = this.#finding
      .then(() => this.#find(marks, signal))
      .catch((error: unknown) => {
        if (!signal.aborted) console.warn('Postil:', error)
      })
    return this.#finding
  }

  async #find(marks: readonly Mark[], signal: AbortSignal): Promise<void> {
    const sought = marks.flatMap(({ annotation: { id, quote, position } }) => {
      return quote && this.#marks.has(id) ? [{ id, quote, position }] : []
    })
    for (const found of await anchor(sought, document.body, { signal })) {
      const mark = this.#marks.get(found.id)
      if (mark) this.#settle(mark, found)
    }
    this.paint()
    this.#report()
  }

  /** Off the page until they are found again: other words stand where these stood. */
  lift(marks: Iterable<Mark>): void {
    const there = [...marks].filter((mark) => mark.range)
    for (const mark of there) mark.range = null
    if (there.length) this.paint()
  }

  /** Out of sight for now, or back; nothing is forgotten. */
  hide(hidden: boolean): void {
    this.hidden = hidden
    this.paint()
  }

  paint(): void {
    const shown = this.hidden ? [] : [...this.#marks.values()]
    this.painter.paint(
      shown.flatMap((mark) => {
        const { range, annotation } = mark
        return range ? [{ range, color: annotation.color, noted: isNoted(mark) }] : []
      }),
      this.ground.overlaps(shown),
    )
    this.changed()
  }

  /**
   * Highlights a passage: painted now, saved after. Null where there is no text in it.
   *
   * What is painted is what would be found on the next visit, not what was dragged over; `cut`
   * where it is only the beginning of that, for one highlight holds no more.
   */
  async create(range: Range, color: Color): Promise<{ mark: Mark; cut: boolean } | null> {
    const { signal } = this.#page
    const address = this.address()
    const index = await inSlices(TextIndex.build(document.body), signal)
    const described = describe(range, index)
    if (!described) return null
    const cut = isTooLong(range, index)
    const [found] = await anchor([{ id: '', ...described }], index, { signal })
    const mark = freshMark({ ...address, ...described, color, note: '', tags: [] })
    if (found?.range) this.#settle(mark, found)
    else this.#settle(mark, { place: mark.place, range: new StaticRange(range), start: 0 })
    this.color = color
    this.#marks.set(mark.annotation.id, mark)
    this.paint()
    return { mark, cut }
  }

  /** The note on the whole page; a fresh one where there is none, kept once something is in it. */
  onPage(): Mark {
    const known = this.all().find(({ annotation }) => !annotation.quote)
    if (known) return known
    const nothing = { quote: null, position: null, note: '', tags: [] }
    const mark = freshMark({ ...this.address(), ...nothing, color: this.color })
    this.#marks.set(mark.annotation.id, mark)
    return mark
  }

  /** Lets go of a mark that nothing was ever written in. */
  drop(mark: Mark): void {
    if (!mark.stored) this.#marks.delete(mark.annotation.id)
  }

  /** Changes it here, at once; `save` makes it last. */
  edit(mark: Mark, change: Edit): void {
    mark.annotation = edited(mark.annotation, change)
    if (mark.stored || this.#writing.has(mark)) mark.unsaved = joined(mark.unsaved, change)
    if (change.set?.color) this.color = change.set.color
    this.paint()
  }

  /** Tells background what it does not have yet; null once it has everything. */
  save(mark: Mark): Promise<Problem | null> {
    const running = this.#writing.get(mark)
    if (running) return running
    const write = this.#write(mark).finally(() => this.#writing.delete(mark))
    this.#writing.set(mark, write)
    return write
  }

  /** Once all that is being written was taken, or was not. */
  async settled(): Promise<void> {
    await Promise.all([...this.#writing.values(), ...this.#asking])
  }

  /** The marks that background refused or could not be asked about. */
  unsaved(): Mark[] {
    return [...this.#marks.values()].filter((mark) => !mark.stored || mark.unsaved)
  }

  /**
   * The page goes, and with it whatever waits for an answer: background is told all that is left,
   * in order. It does nothing twice, should the page come back and say it again.
   */
  #tellAll(): void {
    for (const mark of this.#writing.keys()) {
      const { id } = mark.annotation
      if (!mark.stored) void ask('note:create', draftOf(mark))
      if (mark.unsaved) void ask('note:edit', { id, ...mark.unsaved })
    }
  }

  async remove(mark: Mark): Promise<Problem | null> {
    await this.#writing.get(mark)
    this.#marks.delete(mark.annotation.id)
    this.#holdPage()
    this.paint()
    if (!mark.stored) return null
    const answer = await this.#ask('note:delete', mark)
    if (!('problem' in answer)) return null
    this.#marks.set(mark.annotation.id, mark)
    this.paint()
    return answer.problem
  }

  async restore(mark: Mark): Promise<Problem | null> {
    if (mark.stored) {
      const answer = await this.#ask('note:restore', mark)
      if ('problem' in answer) return answer.problem
    }
    this.#marks.set(mark.annotation.id, mark)
    this.paint()
    await this.find([mark])
    return mark.stored ? null : this.save(mark)
  }

  /** Deletes or restores; a list asked for meanwhile waits for it. */
  #ask<T extends 'note:delete' | 'note:restore'>(type: T, { annotation: { id } }: Mark) {
    const asked = ask(type, { id })
    const answered = asked.then(() => {
      this.#taken++
      this.#asking.delete(answered)
    })
    this.#asking.add(answered)
    return asked
  }

  async #write(mark: Mark): Promise<Problem | null> {
    // A first turn of its own, so that `edit` sees the write as running.
    await null
    while (!mark.stored || mark.unsaved) {
      const change = mark.unsaved
      mark.unsaved = null
      const draft = mark.stored ? null : draftOf(mark)
      const answer = draft
        ? await ask('note:create', draft)
        : await ask('note:edit', { id: mark.annotation.id, ...change })
      if ('problem' in answer && answer.problem.type === 'no-note') {
        // Deleted elsewhere while it was edited here: an edit beats a delete.
        this.#makeAnew(mark)
        continue
      }
      if ('problem' in answer) {
        mark.unsaved = joined(change, mark.unsaved)
        mark.problem = answer.problem
        this.#holdPage()
        return answer.problem
      }
      this.#taken++
      mark.stored = true
      if (draft) mark.unsaved = joined(missing(answer.ok, draft), mark.unsaved)
      mark.annotation = edited(answer.ok, mark.unsaved)
    }
    mark.problem = null
    this.#holdPage()
    this.changed()
    this.#report()
    return null
  }

  /** Browsers ask before they leave a page in which words stand that could not be kept. */
  #holdPage(): void {
    const unkept = this.unsaved().some(({ problem, annotation }) => problem && annotation.note)
    if (unkept) addEventListener('beforeunload', hold, { signal: this.signal })
    else removeEventListener('beforeunload', hold)
  }

  /** Background does not have it any more: another note, of this page. */
  #makeAnew(mark: Mark): void {
    const known = this.#marks.delete(mark.annotation.id)
    const { canonical: _, ...kept } = mark.annotation
    mark.annotation = { ...kept, ...this.address(), id: uuidv7() }
    mark.stored = false
    if (known) this.#marks.set(mark.annotation.id, mark)
  }

  async #loadAll(): Promise<void> {
    do {
      this.#again = false
      // Our own writes are announced too, before or after they are answered.
      await this.settled()
      const { signal } = this.#page
      const taken = this.#taken
      const answer = await ask('page:notes', this.address())
      await this.settled()
      if (signal.aborted || taken !== this.#taken) {
        this.#again = !this.signal.aborted
        continue
      }
      if ('problem' in answer) return
      this.color = answer.ok.color
      this.hidden = answer.ok.hidden
      this.names = answer.ok.names
      this.handoverKey = answer.ok.key
      await this.find(this.#take(answer.ok.annotations))
    } while (this.#again)
  }

  /** Makes the marks agree with what background holds; returns those to look for. */
  #take(annotations: readonly Annotation[]): Mark[] {
    const before = this.#marks
    const now = new Map<string, Mark>()
    const seek: Mark[] = []
    for (const annotation of annotations) {
      const mark = before.get(annotation.id)
      if (mark) {
        const moved = mark.annotation.quote?.exact !== annotation.quote?.exact
        mark.annotation = edited(annotation, mark.unsaved)
        if (moved) seek.push(mark)
        now.set(annotation.id, mark)
      } else {
        const mark = knownMark(annotation)
        seek.push(mark)
        now.set(annotation.id, mark)
      }
    }
    for (const [id, mark] of before) if (!mark.stored || mark.unsaved) now.set(id, mark)
    this.#marks = now
    return seek
  }

  /** Where it was found, or (an orphan) that it was not. */
  #settle(mark: Mark, { place, range, start }: Pick<Mark, 'place' | 'range' | 'start'>): void {
    Object.assign(mark, { place, range, start, words: range ? (wordsIn(range) ?? '') : '' })
    this.ground.settle(mark)
  }

  #report(): void {
    const stored = this.all().filter((mark) => mark.stored)
    const places = Object.fromEntries(stored.map((mark) => [mark.annotation.id, mark.place]))
    void ask('page:places', { ...this.address(), places })
  }
}

function hold(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
