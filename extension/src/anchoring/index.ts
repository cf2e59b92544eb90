/**
 * The anchoring engine, usable on its own: no extension API, no dependency on the rest of Postil
 * but the types of the record.
 *
 *     const described = describe(selection.getRangeAt(0), document.body)
 *     const [anchored] = await anchor([{ id, ...described }], document.body)
 *     if (anchored.range) highlight.add(anchored.range)
 *
 * `describe` says what a range is, so that it can be kept: the quote with its context, and its
 * position in code points of the text index. `anchor` finds many such descriptions again, in one
 * search, in slices of at most 8 ms; each comes back as `exact`, `moved`, `changed` or `orphan`.
 *
 * For a page that lives: both take a `TextIndex` in place of the root, as long as the page has not
 * changed since it was built. After a mutation, an annotation whose range `TextIndex.stands`
 * still vouches for need not be sought again; hand `anchor` only the others and the orphans.
 */

export { type Anchored, type AnchorOptions, type Sought, anchor } from './anchor'
export { type Description, describe, isTooLong } from './describe'
export { type Change, difference } from './difference'
export { type Steps, atOnce, inSlices } from './slices'
export { type Point, TextIndex } from './text-index'
