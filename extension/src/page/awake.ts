/**
 * Background, awake while its reader may be about to tell it something. A browser lets it sleep
 * after half a minute; what is told to one that sleeps is lost with a page that is left before it
 * woke.
 */
import { ask } from '../ui/ask'

/** Within the half minute. */
const WORD_MS = 20_000

export function keepAwake(signal: AbortSignal): void {
  const word = () => {
    if (!document.hidden) void ask('page:here', {})
  }
  word()
  const again = setInterval(word, WORD_MS)
  signal.addEventListener('abort', () => clearInterval(again))
}
