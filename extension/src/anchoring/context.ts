/**
 * How much of what stands around a quote is recorded with it, and what the amount tells later.
 *
 * A quote that stood alone on its page gets the least. One with look-alikes gets more, on each side
 * the more, the more of it any look-alike shares. So the record itself says whether the words can
 * be believed wherever they turn up, and how much of the context must stand at a place before it
 * can be none of the look-alikes.
 */

const USUAL_CONTEXT = 64
/** A word or two edited leaves nothing to go by: short quotes live by their context. */
const CONTEXT_OF_SHORT = 128
const SHORT = 48

/** What a quote with look-alikes gets, if they share nothing of that side. */
const USUAL_AMONG = 128
const SHORT_AMONG = 192
/** Up to here a side tells by itself, and how much look-alikes share of it ... */
const LONGEST_TELLING = 240
/** ... which is this much at most. */
const MOST_SHARED = 160
/** This side alone does not suffice; it and the other together do. */
const TELLS_WITH_OTHER = 244
/** Only nearly all of it and the other together do ... */
const TELLS_WHOLE = 248
/** ... or all of both, to the letter. */
const TELLS_TO_THE_LETTER = 252
/** The record's limit, in code points: it does not suffice to tell them apart. */
export const LONGEST_CONTEXT = 256
/** A page may end before the context has told anything; then it is cut, so as not to mislead. */
const LEAST_TELLING = 40
const NOT_TELLING = 32
/** Context ends between graphemes, and may be a character or two less for it. */
const SLACK = 8

/** Look-alikes share no more than this of two sides that tell together ... */
const SHARED = 2 / 3
/** ... so what has this much of them is none of them. */
const TELLING_SHARE = 0.75
/** The same for what tells only as a whole. */
const SHARED_OF_WHOLE = 0.9
const WHOLE_SHARE = 0.96
/** More than any look-alike had of one side, by so much that chance does not bring it about. */
const MORE_BY = 1.125
const MORE_THAN = 16

interface Quote {
  exact: string
  prefix: string
  suffix: string
}

function leastContext(exact: string): number {
  return exact.length < SHORT ? CONTEXT_OF_SHORT : USUAL_CONTEXT
}

function leastAmong(exact: string): number {
  return exact.length < SHORT ? SHORT_AMONG : USUAL_AMONG
}

/** What look-alikes share of the text before and after, at most, in code points. */
export interface Shared {
  before: number
  after: number
  both: number
  /** Nothing else on the page says the quote with all of the context, to the letter. */
  unique: boolean
}

/** How much to record before and after a quote, of what there is. */
export function contextFor(
  exact: string,
  shared: Shared | null,
  there: { before: number; after: number },
): [number, number] {
  const least = leastContext(exact)
  return shared === null ? [least, least] : contextAmong(exact, shared, there)
}

function contextAmong(
  exact: string,
  shared: Shared,
  there: { before: number; after: number },
): [number, number] {
  const least = leastAmong(exact)
  const telling = (common: number, there: number): number | null => {
    if (common > MOST_SHARED) return null
    const size = Math.ceil(least + (common * (LONGEST_TELLING - least)) / MOST_SHARED)
    if (size <= there) return size
    return there >= LEAST_TELLING + SLACK && common <= sharedOf(there, least) ? there : NOT_TELLING
  }
  const before = telling(shared.before, there.before)
  const after = telling(shared.after, there.after)
  // On a short page neither side is long enough to be taken for telling: nothing misleads.
  if (Math.max(there.before, there.after) < least - SLACK) return [there.before, there.after]
  const most = Math.min(TELLS_WITH_OTHER, there.before) + Math.min(TELLS_WITH_OTHER, there.after)
  const ifNotTelling =
    shared.both <= SHARED * most
      ? TELLS_WITH_OTHER
      : shared.both <= SHARED_OF_WHOLE * most
        ? TELLS_WHOLE
        : shared.unique
          ? TELLS_TO_THE_LETTER
          : LONGEST_CONTEXT
  return [before ?? ifNotTelling, after ?? ifNotTelling]
}

/** More of both sides, for a stricter proof; null if there is none. */
export function stricterContext(
  sizes: readonly [number, number],
  there: { before: number; after: number },
): [number, number] | null {
  for (const size of [TELLS_WITH_OTHER, TELLS_WHOLE, TELLS_TO_THE_LETTER, LONGEST_CONTEXT]) {
    const longer = Math.max(Math.min(size, there.before), Math.min(size, there.after))
    if (longer <= Math.max(...sizes)) continue
    return [Math.min(size, there.before), Math.min(size, there.after)]
  }
  return null
}

/**
 * How little position proves, for look-alikes that stood near: a paragraph taken out moves the next
 * one up, and its twin stands about where the passage was.
 */
export type Doubt =
  /** Near to the old place is proof, the nearer the fewer there are. */
  | 0
  /** ... for what has hardly been edited, and without help from what surrounds it. */
  | 1
  /** Only the very place is. */
  | 2
  /** Not even that. */
  | 3

export const MOST_DOUBT: Doubt = 3
const DOUBTS = 4

/** The longer side says so: it is so much less than a multiple of four. */
export function withDoubt(
  exact: string,
  [before, after]: readonly [number, number],
  doubt: Doubt,
): [number, number] {
  const longer = Math.min(Math.max(before, after), LONGEST_CONTEXT)
  if (longer < leastAmong(exact) - SLACK) return [before, after]
  const size = longer - ((longer + doubt) % DOUBTS)
  return [Math.min(before, size), Math.min(after, size)]
}

function doubtOf(longer: number): Doubt {
  return ((DOUBTS - (longer % DOUBTS)) % DOUBTS) as Doubt
}

/** How much of a side of this size look-alikes share, at most. */
function sharedOf(size: number, least: number): number {
  if (size < least) return size / 4
  return Math.min(MOST_SHARED, ((size - least) * MOST_SHARED) / (LONGEST_TELLING - least))
}

/** What a record says of the look-alikes its page had. */
export interface Lookalikes {
  /** Whether there was none; null where the context is not of our choosing. */
  alone: boolean | null
  /** What share of the prefix, or of the suffix, none of them can have; null where any may. */
  prefixTells: Telling | null
  suffixTells: Telling | null
  /** The same for both together. */
  bothTell: number | null
  /** Whether only the passage has all of both, to the letter. */
  wholeTells: boolean
  doubt: Doubt
}

export interface Telling {
  /** This share of it, edits and chance considered ... */
  share: number
  /** ... or this, if it stands unbroken beside the quote. */
  unbroken: number
}

export function lookalikesOf({ exact, prefix, suffix }: Quote): Lookalikes {
  const least = leastContext(exact)
  const before = codePoints(prefix)
  const after = codePoints(suffix)
  const longer = Math.max(before, after)
  const ours =
    longer >= leastAmong(exact) - SLACK || (longer >= least - SLACK && longer <= least)
  const alone = ours ? longer <= least : null
  const among = alone === false
  return {
    alone,
    prefixTells: among ? telling(before, exact) : null,
    suffixTells: among ? telling(after, exact) : null,
    bothTell: bothTell(alone, before, after),
    wholeTells: !among || longer <= TELLS_TO_THE_LETTER,
    doubt: among ? doubtOf(longer) : 0,
  }
}

function telling(size: number, exact: string): Telling | null {
  if (size < LEAST_TELLING || size > LONGEST_TELLING) return null
  const shared = sharedOf(size, leastAmong(exact))
  return {
    share: Math.max(MORE_BY * shared, shared + MORE_THAN) / size,
    unbroken: (shared + SLACK) / size,
  }
}

function bothTell(alone: boolean | null, before: number, after: number): number | null {
  if (alone !== false) return WHOLE_SHARE
  const longer = Math.max(before, after)
  if (Math.min(before, after) < LEAST_TELLING) return null
  if (longer <= TELLS_WITH_OTHER) return TELLING_SHARE
  return longer <= TELLS_WHOLE ? WHOLE_SHARE : null
}

function codePoints(text: string): number {
  return [...text].length
}
