/** What is measured, on the terminal as it comes, and as a page once all of it is there. */

import { writeFileSync } from 'node:fs'
import { arch, cpus, loadavg } from 'node:os'

const lines: string[] = []

export function say(line: string): void {
  console.log(line)
  lines.push(line)
}

/** Tables stay as they were printed: their columns line up. */
export function writeReport(path: string): void {
  const load = (loadavg()[2] ?? 0).toFixed(1)
  const machine = `${cpus().length} cores (${process.platform}, ${arch()}; load ${load})`
  const head =
    `Measured in Chromium on ${machine} by \`make bench-anchoring\`; the pages and changes are ` +
    'described in `tests/bench/anchoring`. Times at a load above the number of cores are too ' +
    'long by as much, blocks above all.'
  writeFileSync(path, `${head}\n\n\`\`\`text\n${lines.join('\n').trim()}\n\`\`\`\n`)
}
