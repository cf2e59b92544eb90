/**
 * The texts that readers typed, and where each has to be found.
 *
 * One that its reader knowingly wrote over is nobody's concern any more. One that was deleted has
 * to be in some trash, or live: an edit beats a deletion. Every other has to be in a note.
 */
export class Texts {
  #live = new Set<string>()
  #deleted = new Set<string>()

  typed(text: string, over?: string): void {
    if (over !== undefined) this.excuse([over])
    this.#live.add(text)
  }

  deleted(text: string): void {
    if (this.#live.delete(text)) this.#deleted.add(text)
  }

  restored(text: string): void {
    if (this.#deleted.delete(text)) this.#live.add(text)
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
    return [...this.#live, ...this.#deleted].filter((text) => !anywhere.has(text))
  }
}
