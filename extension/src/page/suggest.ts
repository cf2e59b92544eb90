/** Which of the known tags a reader may be typing; pure. */

const MOST = 5

/** Those that begin so come first, then those with a later word that does, then the others. */
export function suggest(
  typed: string,
  known: readonly string[],
  taken: readonly string[],
): string[] {
  const wanted = plain(typed.trim())
  if (!wanted) return []
  const had = new Set(taken.map(plain))
  const ranked: string[][] = [[], [], []]
  for (const tag of known) {
    const name = plain(tag)
    const at = name.indexOf(wanted)
    if (at < 0 || had.has(name) || tag === typed) continue
    ranked[at === 0 ? 0 : /[\s/:._-]/.test(name.charAt(at - 1)) ? 1 : 2]?.push(tag)
  }
  return ranked.flat().slice(0, MOST)
}

/** As a reader looks for it: whatever the case, with or without accents. */
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
