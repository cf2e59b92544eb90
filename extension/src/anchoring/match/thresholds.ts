/**
 * What it takes to believe a place. Set on the tuned pages of the benchmark: `npm run
 * bench:anchoring -- --part accuracy` prints what a stricter verdict would gain and cost.
 */

/** Verbatim text in foreign surroundings is believed from this length on. */
export const LONG_ENOUGH_ALONE = 32
/** ... and a shorter one only with this much of its context. */
export const CONTEXT_FOR_VERBATIM = 0.3
/** Below this share of its words (see `keptWords`) nothing of the marked text is left. */
export const QUOTE_LEFT = 0.2
/** An edited passage between its own neighbours must keep this share of its words ... */
export const QUOTE_IN_CONTEXT = 0.4
/** ... one with a neighbour on one side only, this share ... */
export const QUOTE_BESIDE_CONTEXT = 0.5
/** ... one that stood alone on its page, this share, wherever it stands ... */
export const QUOTE_ALONE = 0.55
/** ... and one that had look-alikes, this, and at least some of its context. */
export const QUOTE_AMONG_LOOKALIKES = 0.7
/** Of what lost more than this, no more can have been put in than is left, and a few words. */
export const MOST_LOST = 0.2
export const FEW_WORDS = 24
/** Context above this counts as "its own neighbours". */
export const CONTEXT_KEPT = 0.5
/** On both sides above this: the very spot, whatever stands there now. */
export const CONTEXT_AT_SPOT = 0.7
/** With this share of both its neighbours a place is the passage's own ... */
export const NEIGHBOURS_WHOLE = 0.95
/** ... rather than one that reaches beyond them and has less than this of one ... */
export const NEIGHBOURS_DAMAGED = 0.9
/** ... or hardly more of the marked text. */
export const AS_MUCH = 0.05
/** All of it: edited nowhere. */
export const TO_THE_LETTER = 0.999
/** Candidates whose weights differ by less than this share of the pattern ... */
export const MARGIN = 0.03
/** ... or than this many characters, are told by position. */
export const LARGEST_MARGIN = 12
/** A place is believed for its position alone if chance would put one there this seldom. */
export const CHANCE = 0.01
/** ... or up to so many times less seldom, if some of its context stands there too. */
export const CONTEXT_HELPS = 0.2
/** What is believed near its old place for that alone must keep this share of its words ... */
export const QUOTE_SHIFTED = 0.6
/** ... and this, if a look-alike stood so near that it may have moved there. */
export const QUOTE_SHIFTED_BESIDE_TWIN = 0.85
/** Context that stands unbroken for so long was not rewritten; if it stands elsewhere for ... */
export const LEAST_RUN = 24
/** ... so many times as long, and so much more, it is another's. */
export const LONGER_RUN = 1.5
export const MORE_RUN = 16
/** Context taken along to another place counts from this many characters on ... */
export const LEAST_TORN = 8
/** ... and with the marked text from this many. */
export const LEAST_MOVED = 20
/** A passage of which nothing else stood on the page is known by itself from this many. */
export const LEAST_TAKEN_OUT = 8

/** Nearer than this is the same position. */
export const AT_HINT = 3
