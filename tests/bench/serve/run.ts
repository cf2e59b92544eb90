/**
 * How many requests a second: Postil beside a bare application on the same server, json-server and
 * pouchdb-server. All in one run and in short rounds by turns, so the ratios hold whatever the
 * machine is, and whatever else it does.
 *
 *     make bench-serve
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fire } from './fire'
import { endAll } from '../programs'
import { type Ask, NOTES, type Side, startBare, startJsonServer, startPostil, startPouch } from './sides'

const ROUNDS = 5
const SECONDS = 1.5
const CONNECTIONS = [1, 8, 32]

/** What differs by less than a machine's pace from one round to the next is told in pairs. */
const PAIRS = 40
const INSTANT = 0.5

const folder = await mkdtemp(join(tmpdir(), 'postil-bench-'))
try {
  const table = await measure()
  console.log(table)
  await writeFile(join('bench', 'serve.md'), table)
} finally {
  await endAll()
  await rm(folder, { recursive: true, force: true })
}

async function measure(): Promise<string> {
  const { full, known, fresh } = await startPostil(folder)
  const bare = await startBare(full)
  const pouches = [await startPouch(folder, false), await startPouch(folder, true)]
  const peers = [await startJsonServer(folder), ...pouches]
  return [
    `Requests a second, the median of ${ROUNDS} rounds of ${SECONDS} s by turns (slowest to ` +
      `fastest), on ${cpus().length} cores; ${NOTES.toLocaleString('en')} notes of 0.9 KB are ` +
      'kept. In brackets: Postil against it.',
    '',
    ...(await compare('GET: the eight notes of a page', [full, bare, known, fresh, ...peers], ({ get }) => get)),
    ...(await inPairs(known, full)),
    ...(await compare('POST: one note', [full, ...peers], ({ post }) => post!)),
    'What Postil has answered to a POST is on the disk, flushed; pouchdb-server hands it to the ' +
      'system, or keeps it in memory, and json-server writes its file later.',
    '',
  ].join('\n')
}

async function compare(what: string, sides: Side[], ask: (side: Side) => Ask): Promise<string[]> {
  const heads = CONNECTIONS.map((count) => `${count} ${count === 1 ? 'connection' : 'connections'}`)
  const columns: Map<Side, number[]>[] = []
  for (const connections of CONNECTIONS) {
    const rates = new Map<Side, number[]>(sides.map((side) => [side, []]))
    for (let round = 0; round < ROUNDS; round++) {
      for (const side of sides) rates.get(side)!.push(await fire(ask(side), connections, SECONDS))
    }
    for (const each of rates.values()) each.sort((a, b) => a - b)
    columns.push(rates)
  }
  const ours = sides[0]!
  const cell = (rates: Map<Side, number[]>, side: Side): string => {
    const each = rates.get(side)!
    const shown = `${round(median(each))} (${round(each[0]!)} to ${round(each.at(-1)!)})`
    const ratio = median(rates.get(ours)!) / median(each)
    return side === ours ? shown : `${shown} [${ratio.toFixed(2)}x]`
  }
  return [
    `| ${what} | ${heads.join(' | ')} |`,
    `|---|${CONNECTIONS.map(() => '---').join('|')}|`,
    ...sides.map((side) => {
      const name = side === ours ? `**${side.name}**` : side.name
      return `| ${name} | ${columns.map((rates) => cell(rates, side)).join(' | ')} |`
    }),
    '',
  ]
}

/** One after the other at once, each as often the first. */
async function inPairs(one: Side, other: Side): Promise<string[]> {
  const said: string[] = []
  for (const connections of CONNECTIONS) {
    const ratios: number[] = []
    for (let pair = 0; pair < PAIRS; pair++) {
      const rates = new Map<Side, number>()
      for (const side of pair % 2 ? [one, other] : [other, one]) {
        rates.set(side, await fire(side.get, connections, INSTANT))
      }
      ratios.push(rates.get(one)! / rates.get(other)!)
    }
    ratios.sort((a, b) => a - b)
    const faster = ratios.filter((ratio) => ratio > 1).length
    said.push(`${connections}: ${median(ratios).toFixed(2)}x, the faster in ${faster}`)
  }
  return [
    `${one.name}, against ${other.name}, in ${PAIRS} pairs of rounds of ${INSTANT} s, by ` +
      `connections: ${said.join('; ')}.`,
    '',
  ]
}

function median(sorted: number[]): number {
  return sorted[sorted.length >> 1]!
}

function round(rate: number): string {
  return Math.round(rate).toLocaleString('en')
}
