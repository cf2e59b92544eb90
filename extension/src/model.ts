/**
 * What the parts of the extension say to each other: the record, and every message with the type
 * of its answer. Only `background` touches the database or the network; the page scripts, the
 * popup, the panel and the options ask it by these messages.
 */

export const COLORS = ['yellow', 'green', 'blue', 'pink', 'purple'] as const
export type Color = (typeof COLORS)[number]

/** What the reader calls their highlighters, where they gave them names of their own. */
export type ColorNames = Partial<Record<Color, string>>

/** W3C Web Annotation Data Model, section 4.2.4. */
export interface Quote {
  exact: string
  prefix: string
  suffix: string
}

/** W3C Web Annotation Data Model, section 4.2.5; code points of the page's text index. */
export interface Position {
  start: number
  end: number
}

/** One note, as the server sends it and as IndexedDB keeps it. `rev` 0 = never synced. */
export interface Annotation {
  id: string
  url: string
  page: string
  title: string
  quote: Quote | null
  position: Position | null
  note: string
  tags: string[]
  color: Color
  created: string
  updated: string
  device: string
  rev: number
  deleted: boolean
  canonical?: string
  conflict_of?: string
  extra?: Record<string, unknown>
}

/**
 * What lists show of a note. Where its passage stands, and between what, is half of what is kept,
 * and a page can have a thousand notes: that half stays behind until it is asked for by id.
 */
export interface Listed
  extends Pick<
    Annotation,
    'id' | 'url' | 'note' | 'tags' | 'color' | 'created' | 'device' | 'rev' | 'conflict_of'
  > {
  quote: Pick<Quote, 'exact'> | null
}

/** The fields an edit may bring; what is absent stays as it is. */
export interface Fields {
  url?: string
  canonical?: string | null
  title?: string
  quote?: Quote | null
  position?: Position | null
  note?: string
  color?: Color
  created?: string
  conflict_of?: string | null
  extra?: Record<string, unknown> | null
}

/** What is sent to `POST /api/changes`; the contract of merging stands in the server's model. */
export interface Operation {
  op: number
  id: string
  base: number
  set?: Fields
  tags_add?: string[]
  tags_remove?: string[]
  delete?: boolean
  at: string
}

export type Status = 'created' | 'updated' | 'merged' | 'unchanged' | 'conflict' | 'rejected'

export interface Result {
  op: number
  id: string
  status: Status
  annotation?: Annotation
  copy?: Annotation
  reason?: string
  code?: 'invalid' | 'unknown'
  field?: string
}

/** Where a note stands on the page as it is now. */
export type Place =
  | { kind: 'exact' | 'moved'; score: number }
  /** Found, though the passage was edited: `now` is what it says today. */
  | { kind: 'changed'; score: number; now: string }
  | { kind: 'orphan' }
  /** A note on the whole page has no passage to find. */
  | { kind: 'page' }

/** RFC 9457, as far as the extension shows it: a sentence the reader can act on. */
export interface Problem {
  /** Stable, for programs: `offline`, `unpaired`, `too-large`, `invalid`, `storage`, ... */
  type: string
  detail: string
  field?: string
}

export interface SyncState {
  paired: { server: string; device: string; name: string } | null
  /** Changes not yet taken by the server. */
  waiting: number
  /** Changes the server refused; kept, and shown to the reader. */
  parked: { id: string; reason: string }[]
  running: boolean
  /** When the server last answered; RFC 3339. */
  seen: string | null
  problem: Problem | null
}

/** A page address as its reader sees it, with what the page says of itself. */
export interface PageAddress {
  url: string
  /** rel=canonical, unless a single-page navigation left it behind. */
  canonical?: string
  title?: string
}

/** A passage to be highlighted, or (quote null) a note on the whole page. */
export interface Draft extends PageAddress {
  /** Made by whoever asks, so that asking twice does not make two notes. */
  id?: string
  quote: Quote | null
  position: Position | null
  color: Color
  note: string
  tags: string[]
  /** Of a conflict copy: the note it is a copy of. */
  conflict_of?: string
}

export interface Edit {
  set?: Fields
  tags_add?: string[]
  tags_remove?: string[]
  /** The `rev` of the text the reader was shown: typed over an outdated one, both are kept. */
  base?: number
}

/** Which text of a conflict stays: the copy's, that of the note it belongs to, or both as notes. */
export interface ConflictAnswer {
  /** The copy. */
  id: string
  keep: 'this' | 'other' | 'both'
  /** The revisions whose texts the reader was shown. */
  seen: { copy: number; original?: number }
}

/** The name of the port that each page of the extension holds open, to hear of changes at once. */
export const LIVE_PORT = 'live'

/**
 * Through a port of this name, and a space, and a name of its own, each page of the extension tells
 * what is being written in it. That is saved when it closes, or when it is not there any more.
 */
export const DRAFTS_PORT = 'drafts'

/**
 * What is being written: a new note, or the edit of one; `was` is the text that edit was made from
 * (absent where its writer saw all that was written here since), `otherwise` the note to make where
 * the one that was edited is not there any more.
 */
export type Pending =
  | { draft: Draft }
  | { id: string; edit: Edit; was?: string; otherwise: Draft }

/**
 * What a page had not told when another copy of the extension took the place of its own; `key` is
 * what background gave that page, so that no page makes believe it was one of ours.
 */
export interface Handover {
  key: string
  pending: Pending[]
}

/** The port of the panel in a window is called so, and then the window's number. */
export const PANEL_PORT = 'panel:'

/**
 * Requests to the background script: `type` -> what is sent, what is answered. Every answer is
 * `{ ok: value }` or `{ problem }`; nothing is ever thrown across the boundary.
 */
export interface Requests {
  /** There is a page of which the browser tells nothing: in a frame, or brought back. */
  'page:shown': { send: Record<never, never>; answer: null }
  /** The boot script asks for the page script to be loaded into its frame. */
  'page:load': { send: Record<never, never>; answer: null }
  /** The page script has something open by which a note may be made or changed: be ready. */
  'page:here': { send: Record<never, never>; answer: null }
  /** The page script asks for all notes of its page, in reading order. */
  'page:notes': {
    send: PageAddress
    answer: {
      annotations: Annotation[]
      color: Color
      names: ColorNames
      hidden: boolean
      /** Of the `Handover`. */
      key: string
    }
  }
  /**
   * The page script tells where each note stands, in the order of the page; feeds the badge, the
   * popup and the panel.
   */
  'page:places': { send: PageAddress & { places: Record<string, Place> }; answer: null }
  /** The popup and the panel ask about the page in a tab. */
  'tab:state': { send: { tab: number; most?: number }; answer: TabState }
  /** Highlights of the page in a tab out of sight, or back, until another page is read there. */
  'tab:hide': { send: { tab: number; hidden: boolean }; answer: null }
  /** Every note that a query asks for, by page, the page changed last first. */
  'notes:find': { send: { query: string }; answer: FoundPage[] }
  /** Those of these notes that are still there. */
  'notes:get': { send: { ids: string[] }; answer: Annotation[] }
  /** Opens the page of a note, or goes to the tab that shows it, and shows the note there. */
  'note:open': { send: { id: string }; answer: null }
  'note:create': { send: Draft; answer: Annotation }
  'note:edit': { send: { id: string } & Edit; answer: Annotation }
  /** What was written in a page of the extension; brings its note back where that was deleted. */
  'note:save': { send: { pending: Pending }; answer: Annotation }
  'note:delete': { send: { id: string }; answer: null }
  /** Undo of a delete: the note as it was, within the session. */
  'note:restore': { send: { id: string }; answer: Annotation }
  /** Taken back by `note:restore` of the copy, or by giving it its `conflict_of` again. */
  'conflict:settle': { send: ConflictAnswer; answer: Annotation }
  'sync:state': { send: Record<never, never>; answer: SyncState }
  /** The notes whose changes wait, and those whose changes the server refused. */
  'sync:unsent': { send: Record<never, never>; answer: Unsent }
  'sync:now': { send: Record<never, never>; answer: SyncState }
  pair: { send: { server: string; code: string; name: string }; answer: SyncState }
  unpair: { send: Record<never, never>; answer: SyncState }
  'site:pause': { send: { url: string; paused: boolean }; answer: null }
  /** The hosts the reader paused; `file:` stands for all files. */
  'sites:paused': { send: Record<never, never>; answer: string[] }
  /** Has the page in a tab open the editor of a note on the whole page. */
  'page:note': { send: { tab: number }; answer: null }
  /** Every tag in use, the most used first. */
  'tags:all': { send: Record<never, never>; answer: string[] }
  'colors:names': { send: Record<never, never>; answer: ColorNames }
  /** An empty name gives a highlighter its own back. */
  'colors:rename': { send: { names: ColorNames }; answer: ColorNames }
  /** The reader agrees that notes made in private windows are kept, until the browser closes. */
  'private:keep': { send: Record<never, never>; answer: null }
  /** All live notes, a page at a time, in the order they were made. */
  'everything:read': { send: { after: string | null }; answer: Batch }
  /** Notes from a file; one that is here already is left alone. */
  'everything:add': { send: { annotations: Imported[] }; answer: { added: number } }
  'everything:count': { send: Record<never, never>; answer: { notes: number; trash: number } }
  /** Parts from the server and empties the database: to the reader, as on the first day. */
  'everything:forget': { send: Record<never, never>; answer: null }
}

/** `after` is what to ask with next; null when nothing is left. */
export interface Batch {
  annotations: Annotation[]
  after: string | null
}

/** What a file can say of a note. `id` is made from the file's own, so twice is once. */
export type Imported = Pick<
  Annotation,
  | 'id'
  | 'url'
  | 'canonical'
  | 'title'
  | 'quote'
  | 'position'
  | 'note'
  | 'tags'
  | 'color'
  | 'created'
  | 'conflict_of'
  | 'extra'
>

export interface Unsent {
  waiting: Annotation[]
  parked: { annotation: Annotation; reason: string; field?: string }[]
}

export interface TabState {
  /** The tab's address; null where extensions may not look (browser pages, shops, PDF viewers). */
  page: PageAddress | null
  paused: boolean
  /**
   * In the order of the page as it is now; what is not found comes last. No more than were asked
   * for: there are as many as `inUse` counts.
   */
  annotations: Listed[]
  /** By annotation id; a note is missing here until the page script has looked for it. */
  places: Record<string, Place>
  inUse: InUse
  /** Whether the reader wants no highlights to be seen there for now. */
  hidden: boolean
  /** The highlighter last used, on any page: what a new note begins with. */
  color: Color
}

/** What there is to choose between, among all the notes of a page. */
export interface InUse {
  notes: number
  /** How many of them are not found on it. */
  lost: number
  colors: Color[]
  /** The most used first. */
  tags: string[]
}

/** What a search found on one page: the ids of notes, in reading order. */
export interface FoundPage {
  page: string
  url: string
  title: string
  ids: string[]
}

/** Where a passage stands: what a note keeps of it. */
export interface Passage {
  quote: Quote
  position: Position
}

/**
 * What the panel asks the page script of the page a note is on; `null` where there is none.
 * It is the page's own script that answers, so these are all that is ever believed of it: text.
 */
export interface Questions {
  /** What a note's passage says today. */
  'passage:describe': { send: { id: string }; answer: Passage | null }
  /** What the reader has selected, for this note. */
  'selection:describe': { send: { id: string }; answer: Passage | null }
  /** Selects the next place that has the words of a note's quote, or the most of them in a row. */
  'passage:seek': { send: { id: string; quote: string }; answer: Sought }
}

/** How much of a passage is there, and in how many places. */
export interface Sought {
  found: 'whole' | 'part' | 'nothing'
  places: number
  at: number
}

/** What background tells everybody, unasked. */
export type Announcement =
  /** Notes of these page keys changed: repaint, reread. Sent to tabs and extension pages. */
  | { type: 'notes:changed'; pages: string[] }
  /** To one tab: scroll to this note and flash it. */
  | { type: 'note:show'; id: string }
  /** To one tab, from the context menu: highlight what is selected, and open its note if asked. */
  | { type: 'selection:highlight'; note: boolean }
  /** To one tab: put what is selected on the clipboard, as a quotation in Markdown. */
  | { type: 'selection:quote' }
  /** To one tab: go to the next highlight, or the one before. */
  | { type: 'highlight:step'; forward: boolean }
  /** To one tab: highlights out of sight, or back. */
  | { type: 'highlights:hide'; hidden: boolean }
  /** To one tab: open the editor of a note on the whole page. */
  | { type: 'page:note' }
  /** To extension pages only: the list of paused sites is another. */
  | { type: 'sites:changed' }
  /** The reader renamed a highlighter. */
  | { type: 'colors:changed'; names: ColorNames }
  /** To extension pages only. */
  | { type: 'sync:changed'; state: SyncState }

export type Answer<T> = { ok: T } | { problem: Problem }
