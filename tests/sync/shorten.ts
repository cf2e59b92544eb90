/**
 * The shortest story that still goes wrong, by delta debugging: leave out halves, quarters, and so
 * on down to single steps, as long as what is left goes wrong too (Zeller and Hildebrandt,
 * "Simplifying and Isolating Failure-Inducing Input", 2002).
 */
export async function shorten<T>(
  steps: readonly T[],
  goesWrong: (steps: readonly T[]) => Promise<boolean>,
  mostTrials: number,
): Promise<readonly T[]> {
  let shortest = steps
  let parts = 2
  let trials = 0
  while (shortest.length > 1 && trials < mostTrials) {
    const size = Math.ceil(shortest.length / parts)
    let found = false
    for (let at = 0; at < shortest.length && trials < mostTrials && !found; at += size) {
      const shorter = [...shortest.slice(0, at), ...shortest.slice(at + size)]
      trials += 1
      if (!(await goesWrong(shorter))) continue
      shortest = shorter
      parts = Math.max(parts - 1, 2)
      found = true
    }
    if (found) continue
    if (size === 1) break
    parts = Math.min(parts * 2, shortest.length)
  }
  return shortest
}
