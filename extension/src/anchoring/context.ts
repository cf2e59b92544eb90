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

/** The record's limit, in code points: it did not suffice to tell them apart. */
export const LONGEST_CONTEXT = 256
/** This side alone did not suffice; it and the other together do. */
const TELLS_WITH_OTHER = 248
/** Up to here a side tells by itself. */
const LONGEST_TELLING = 240
/** Context ends between graphemes, and may be a character or two less for it. */
const SLACK = 8

/** No look-alike shares more than this of a context that tells ... */
const SHARED = 2 / 3
/** ... so what has this much of it is none of them. */
export const TELLING_SHARE = 0.75

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
  const together = shared.both <= SHARED * 2 * TELLS_WITH_OTHER
  const size = (common: number): number => {
    const telling = Math.max(least, Math.ceil(common / SHARED))
    if (telling <= LONGEST_TELLING) return telling
    return together ? TELLS_WITH_OTHER : LONGEST_CONTEXT
  }
  return [size(shared.before), size(shared.after)]
}

/** What a record says of the look-alikes its page had. */
export interface Lookalikes {
  /** Whether there was none; null where the context is not of our choosing. */
  alone: boolean | null
  /** Whether the side's context is telling by itself, and both sides' together. */
  prefixTells: boolean
  suffixTells: boolean
  bothTell: boolean
}

export function lookalikesOf({ exact, prefix, suffix }: Quote): Lookalikes {
  const least = leastContext(exact)
  const before = codePoints(prefix)
  const after = codePoints(suffix)
  const longer = Math.max(before, after)
  const alone = longer > least ? false : longer >= least - SLACK ? true : null
  const enough = Math.min(2 * least, LONGEST_TELLING) - SLACK
  const tells = (size: number, most: number): boolean =>
    alone === false && size >= enough && size <= most
  return {
    alone,
    prefixTells: tells(before, LONGEST_TELLING),
    suffixTells: tells(after, LONGEST_TELLING),
    bothTell: tells(before, TELLS_WITH_OTHER) && tells(after, TELLS_WITH_OTHER),
  }
}

function codePoints(text: string): number {
  return [...text].length
}
