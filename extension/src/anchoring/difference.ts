/**
 * What changed between two texts, word by word: for showing a reader how a passage reads today.
 */

export interface Change {
  kind: 'same' | 'removed' | 'added'
  text: string
}

/** Beyond this many edits the texts have little in common, and a word-level answer helps nobody. */
const MOST_EDITS = 600

export function difference(before: string, after: string): Change[] {
  const a = tokens(before)
  const b = tokens(after)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  ) {
    tail++
  }
  const changes: Change[] = []
  add(changes, 'same', a.slice(0, head))
  const middleA = a.slice(head, a.length - tail)
  const middleB = b.slice(head, b.length - tail)
  for (const change of shortestEdit(middleA, middleB)) add(changes, change.kind, [change.text])
  add(changes, 'same', a.slice(a.length - tail))
  return changes
}

/** Words with the white space after them; marks, and the characters of unspaced scripts, alone. */
function tokens(text: string): string[] {
  return text.match(TOKEN) ?? []
}

const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}]\p{M}*\s*/u
const WORD = /[\p{L}\p{N}\p{M}_'’]+\s*/u
const TOKEN = new RegExp(`${UNSPACED.source}|${WORD.source}|[^]`, 'gu')

function add(changes: Change[], kind: Change['kind'], parts: readonly string[]): void {
  const text = parts.join('')
  if (text === '') return
  const last = changes[changes.length - 1]
  if (last?.kind === kind) last.text += text
  else changes.push({ kind, text })
}

/** The greedy algorithm of Myers, 1986. */
function shortestEdit(a: readonly string[], b: readonly string[]): Change[] {
  const most = Math.min(a.length + b.length, MOST_EDITS)
  const frontiers: Int32Array[] = []
  const offset = most + 1
  const reached = new Int32Array(2 * most + 3)
  for (let edits = 0; edits <= most; edits++) {
    frontiers.push(reached.slice(offset - edits - 1, offset + edits + 2))
    for (let k = -edits; k <= edits; k += 2) {
      const down =
        k === -edits ||
        (k !== edits && (reached[offset + k - 1] as number) < (reached[offset + k + 1] as number))
      let x = down ? (reached[offset + k + 1] as number) : (reached[offset + k - 1] as number) + 1
      let y = x - k
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++
        y++
      }
      reached[offset + k] = x
      if (x >= a.length && y >= b.length) return walkBack(a, b, frontiers)
    }
  }
  return [
    { kind: 'removed', text: a.join('') },
    { kind: 'added', text: b.join('') },
  ]
}

function walkBack(
  a: readonly string[],
  b: readonly string[],
  frontiers: readonly Int32Array[],
): Change[] {
  const changes: Change[] = []
  let x = a.length
  let y = b.length
  for (let edits = frontiers.length - 1; edits >= 0; edits--) {
    const frontier = frontiers[edits] as Int32Array
    const reached = (k: number): number => frontier[k + edits + 1] as number
    const k = x - y
    const down = k === -edits || (k !== edits && reached(k - 1) < reached(k + 1))
    const fromX = edits === 0 ? 0 : reached(down ? k + 1 : k - 1)
    const fromY = edits === 0 ? 0 : fromX - (down ? k + 1 : k - 1)
    while (x > fromX && y > fromY) {
      changes.push({ kind: 'same', text: a[x - 1] as string })
      x--
      y--
    }
    if (edits === 0) break
    if (down) changes.push({ kind: 'added', text: b[--y] as string })
    else changes.push({ kind: 'removed', text: a[--x] as string })
  }
  return changes.reverse()
}
