/**
 * How much of what stands around a quote is recorded with it, and what the amount tells later.
 *
 * A quote that stood alone on its page gets the least. One with look-alikes gets at least twice
 * that, and on each side half as much again as any look-alike shares of it, as far as the record's
 * limit allows. So the record itself says whether the words can be believed wherever they turn up,
 * and whose context, once it stands, is proof that this is none of the look-alikes.
 */

const USUAL_CONTEXT = 64
/** A word or two edited leaves nothing to go by: short quotes live by their context. */
const CONTEXT_OF_SHORT = 128
const SHORT = 48

/** Up to here a side tells by itself. */
const LONGEST_TELLING = 240
/** This side alone does not suffice; it and the other together do. */
const TELLS_WITH_OTHER = 248
/** Only all of it and the other together do. */
const TELLS_WHOLE = 252
/** The record's limit, in code points: it does not suffice to tell them apart. */
export const LONGEST_CONTEXT = 256
/** Context ends between graphemes, and may be a character or two less for it. */
const SLACK = 8

/** No look-alike shares more than this of a context that tells ... */
const SHARED = 2 / 3
/** ... so what has this much of it is none of them. */
export const TELLING_SHARE = 0.75
/** The same for what tells only as a whole. */
const SHARED_OF_WHOLE = 0.9
export const WHOLE_SHARE = 0.96

interface Quote {
  exact: string
  prefix: string
  suffix: string
}

export function leastContext(exact: string): number {
  return exact.length < SHORT ? CONTEXT_OF_SHORT : USUAL_CONTEXT
}

/** What look-alikes share of the text before and after, at most, in code points. */
export interface Shared {
  before: number
  after: number
  both: number
}

/** How much to record before and after a quote that has look-alikes. */
export function contextAmong(exact: string, shared: Shared): [number, number] {
  const least = Math.min(2 * leastContext(exact), LONGEST_TELLING)
  const needed = (common: number): number => Math.max(least, Math.ceil(common / SHARED))
  const before = needed(shared.before)
  const after = needed(shared.after)
  const both = Math.min(before, TELLS_WITH_OTHER) + Math.min(after, TELLS_WITH_OTHER)
  const ifNotTelling =
    shared.both <= SHARED * both
      ? TELLS_WITH_OTHER
      : shared.both <= SHARED_OF_WHOLE * both
        ? TELLS_WHOLE
        : LONGEST_CONTEXT
  const size = (telling: number): number =>
    telling <= LONGEST_TELLING ? telling : ifNotTelling
  return [size(before), size(after)]
}

/** What a record says of the look-alikes its page had. */
export interface Lookalikes {
  /** Whether there was none; null where the context is not of our choosing. */
  alone: boolean | null
  /** Whether the side's context is telling by itself, and both sides' together. */
  prefixTells: boolean
  suffixTells: boolean
  bothTell: boolean
  /** Whether nothing else had nearly all of both. */
  wholeTells: boolean
}

export function lookalikesOf({ exact, prefix, suffix }: Quote): Lookalikes {
  const least = leastContext(exact)
  const before = codePoints(prefix)
  const after = codePoints(suffix)
  const longer = Math.max(before, after)
  const enough = Math.min(2 * least, LONGEST_TELLING) - SLACK
  const ours = longer >= enough || (longer >= least - SLACK && longer <= least)
  const alone = ours ? longer <= least : null
  const tells = (size: number, most: number): boolean =>
    alone === false && size >= enough && size <= most
  return {
    alone,
    prefixTells: tells(before, LONGEST_TELLING),
    suffixTells: tells(after, LONGEST_TELLING),
    bothTell: tells(before, TELLS_WITH_OTHER) && tells(after, TELLS_WITH_OTHER),
    wholeTells: alone !== false || longer <= TELLS_WHOLE,
  }
}

function codePoints(text: string): number {
  return [...text].length
}
