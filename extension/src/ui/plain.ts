/**
 * Whether nothing in a text can be a mark of Markdown's, nor a link: then it is one paragraph, to
 * the letter. Most notes are a few such words, and a list of them is drawn without the parser being
 * started at all. What is allowed is named here; anything else is the parser's to judge.
 */
export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

/** Letters, digits, spaces, and marks that mean nothing to Markdown in any language of ours. */
const HARMLESS = String.raw`[\p{L}\p{M}\p{Nd} ,;?!'"()‘-‟…、。！？،؛؟]`

/** A dot or a colon within a word may be a link's. */
const AFTER_A_WORD = String.raw`[.:](?=[ "']|$)`

/** No white space at either end, and no number of a list at the start. */
const PLAIN = new RegExp(String.raw`^(?![ \d])(?:${HARMLESS}|${AFTER_A_WORD})+(?<! )$`, 'u')
