/**
 * Long work in short slices: a computation is written as a generator that yields wherever it may
 * be interrupted, and is run either at once or without ever holding the page for more than 8 ms.
 */

/** Yields every few hundred microseconds of work, returns its result. */
export type Steps<T> = Generator<void, T, void>

/** Below the 8 ms promised, by the length of the longest stretch between two yields. */
const SLICE_MS = 5

export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** Rejects with the signal's reason as soon as it is aborted. */
export async function inSlices<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted()
  let until = performance.now() + SLICE_MS
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (performance.now() < until) continue
    await nextTask()
    signal?.throwIfAborted()
    until = performance.now() + SLICE_MS
  }
}

interface Scheduler {
  yield?: () => Promise<void>
}

/** Lets the page handle input and paint. `setTimeout` would be clamped to 4 ms a turn. */
function nextTask(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: Scheduler }
  if (scheduler?.yield) return scheduler.yield()
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
