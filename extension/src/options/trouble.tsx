/** What went wrong, where it did. */
import type { Problem } from '../model'

export function Trouble({ problem }: { problem: Problem | null }) {
  return problem ? (
    <p class="problem" role="alert">
      {problem.detail}
    </p>
  ) : null
}
