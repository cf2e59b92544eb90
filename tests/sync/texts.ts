/**
 * The texts that readers typed, and where each has to be found.
 *
 * One that its reader knowingly wrote over is nobody's concern any more. One that was deleted has
 * to be in some trash, or live: an edit beats a deletion. Every other has to be in a note.
 */
export class Texts {
  #live = new Set<string>()
  /** By whom: taking one's own deletion back says nothing of another's. */
  #deleted = new Map<string, Set<string>>()

  typed(text: string, over?: string): void {
    if (over !== undefined) this.excuse([over])
    this.#live.add(text)
  }

  deleted(text: string, by: string): void {
    const known = this.#deleted.get(text)
    if (known) known.add(by)
    else if (this.#live.delete(text)) this.#deleted.set(text, new Set([by]))
  }

  restored(text: string, by: string): void {
    const known = this.#deleted.get(text)
    known?.delete(by)
    if (known?.size !== 0) return
    this.#deleted.delete(text)
    this.#live.add(text)
  }

  /** What went with the only thing that had it. */
  excuse(texts: readonly string[]): void {
    for (const text of texts) {
      this.#live.delete(text)
      this.#deleted.delete(text)
    }
  }

  /** Those that have to be in a note, and are not among `live`. */
  missingLive(live: ReadonlySet<string>): string[] {
    return [...this.#live].filter((text) => !live.has(text))
  }

  /** Those that are nowhere at all. */
  missing(anywhere: ReadonlySet<string>): string[] {
    return [...this.#live, ...this.#deleted.keys()].filter((text) => !anywhere.has(text))
  }
}
