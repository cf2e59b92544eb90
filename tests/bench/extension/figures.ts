/** Figures by the clock, told so that nobody takes the middle of them for all. */

import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

export interface Row {
  what: string
  aim: string
  /** In milliseconds. */
  values: readonly number[]
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, aim, values }) => {
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return `| ${what} | ${aim} | ${ms(median(values))} | ${ms(low)} to ${ms(high)} |`
  })
  return ['| | aim | median | fastest to slowest |', '|---|---:|---:|---:|', ...lines].join('\n')
}

export function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`
}

export function writeReport(path: string, parts: readonly string[]): void {
  const load = (loadavg()[1] ?? 0).toFixed(1)
  const head =
    `Measured in Chromium without a graphics card on ${cpus().length} cores (load ${load}) by ` +
    `\`make bench-extension\`; how, is said in \`tests/bench/extension\`. ${weather()}`
  writeFileSync(path, `${[head, ...parts].join('\n\n')}\n`)
}

/** On Linux, `chrt -r 10 make bench-extension` has all else on the machine give way. */
function weather(): string {
  return isAhead()
    ? 'All else on the machine had to give way (`chrt -r 10`).'
    : 'Times at a load above the number of cores are too long by as much.'
}

/** By proc(5): the policy is the 41st field of `stat`, 0 being the one of everybody. */
function isAhead(): boolean {
  if (process.platform !== 'linux') return false
  // The second field is a name in brackets, in which there may be spaces.
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ')
  return fields[41 - 3] !== '0'
}
