/**
 * `npm run bench:anchoring -- [--part accuracy|compare|speed] [--failures] [--seed N] [--quotes N]
 *   [--only MUTATION] [--set tuned|held-out|given] [--pages N] [--dump FILE] [folder of HTML ...]`
 *
 * Accuracy of Postil's anchoring on the tuned and the held-out pages; accuracy of its peers on the
 * held-out pages beside it; speed. With no argument at all it is written to bench/anchoring.md too.
 * `--dump` writes every case with all places the matcher weighed.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureAccuracy, printCurve, printTable } from './accuracy.ts'
import { printComparison } from './compare.ts'
import { SETS, corpus } from './corpus.ts'
import { writeReport } from './report.ts'
import { printSpeed } from './speed.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    failures: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    quotes: { type: 'string', default: '2' },
    pages: { type: 'string', default: '12' },
    only: { type: 'string' },
    set: { type: 'string' },
    dump: { type: 'string' },
    part: { type: 'string' },
  },
})

const MUTATION_NAMES = [
  'none', 'blocks injected', 'restructured', 'edited 5 %', 'edited 15 %', 'edited 30 %',
  'context rewritten', 'typography', 'reader mode', 'same quote earlier', 'same paragraph earlier',
  'paragraph moved', 'something inside', 'half cut', 'deleted', 'paragraph deleted', 'replaced',
  'page edited 8 %', 'all at once',
]

const pages = corpus(positionals, Number(values.pages))
const options = {
  seed: Number(values.seed),
  weighed: values.dump !== undefined,
  quotesPerSize: Number(values.quotes),
  mutations: MUTATION_NAMES.filter((name) => name.includes(values.only ?? '')),
}
const PEERS = ['@apache-annotator/dom', '@recogito/text-annotator', 'dom-anchor-text-quote']
const wants = (part: string): boolean => values.part === undefined || values.part === part

if (wants('accuracy')) await accuracy()
if (wants('compare')) await compare()
if (wants('speed')) await printSpeed(['Postil', ...PEERS], pages[0]?.html ?? '')
// What was cut short is not the report.
if (process.argv.length === 2) writeReport(join('bench', 'anchoring.md'))

async function compare(): Promise<void> {
  const held = pages.filter(({ set }) => set === 'held-out')
  const byEngine = new Map<string, Awaited<ReturnType<typeof measureAccuracy>>>()
  for (const engine of ['Postil', ...PEERS]) {
    byEngine.set(engine, await measureAccuracy({ ...options, weighed: false, engine, pages: held }))
  }
  printComparison(byEngine)
}

async function accuracy(): Promise<void> {
  for (const set of SETS) {
    const some = pages.filter((page) => page.set === set)
    if (some.length === 0 || (values.set ?? set) !== set) continue
    const began = performance.now()
    const cases = await measureAccuracy({ ...options, engine: 'Postil', pages: some })
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    printTable(`Postil, ${set} pages (${some.length}), ${seconds} s`, cases, 'mutation')
    printTable('By size of the quote', cases, 'size')
    printCurve(cases)
    if (values.dump !== undefined) {
      writeFileSync(`${values.dump}.${set}.json`, JSON.stringify(cases))
    }
    if (values.failures) {
      for (const one of cases) {
        if (one.outcome !== 'good' && one.outcome !== 'gone') console.log(JSON.stringify(one))
        else if (one.edges === false) console.log('EDGES', JSON.stringify(one))
      }
    }
  }
}
