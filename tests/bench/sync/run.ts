/**
 * How fast notes travel: Postil beside PouchDB's server, and beside the most this web server can
 * do. All in one run, so the ratios hold whatever the machine is.
 *
 *     make bench-sync
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { endAll, start, startOn } from '../programs'
import { EDITS, fieldsOf, idOf, NOTES } from './notes'
import { Postil } from './postil'
import { Pouch } from './pouch'

const ROUNDS = 9
const HERE = process.cwd()
const REPOSITORY = join(HERE, '..')
const PYTHON = join(REPOSITORY, '.venv', 'bin', 'python')

/** Notes a second, the median of the rounds with the slowest and the fastest. */
interface Rate {
  median: number
  from: number
  to: number
}

const folder = await mkdtemp(join(tmpdir(), 'postil-bench-'))
const SERVE = ['-m', 'server', 'serve', '--json', '--port', '0', '--data', folder]
try {
  const table = await measure()
  console.log(table)
  await writeFile(join('bench', 'sync.md'), table)
} finally {
  await endAll()
  await rm(folder, { recursive: true, force: true })
}

async function measure(): Promise<string> {
  const said = await start(PYTHON, SERVE, REPOSITORY)
  const { url, pairing } = JSON.parse(said) as { url: string; pairing: { code: string } }
  const postil = await Postil.pair(url, pairing.code)
  await postil.fill()
  await postil.search() // or its index is made while we measure

  const notes = Array.from({ length: NOTES }, (_, number) => number + 1).map(
    (rev) => `${JSON.stringify({ id: idOf(rev), ...fieldsOf(rev), rev, deleted: false })}\n`,
  )
  const bare = [join('bench', 'sync', 'ceiling.py')]
  const ceiling = await start(PYTHON, bare, HERE, notes.join(''))
  const stream = (JSON.parse(ceiling) as { url: string }).url

  const server = join('bench', 'sync', 'node_modules', 'pouchdb-server', 'bin', 'pouchdb-server')
  const options = (port: number): string[] => [
    join(HERE, server),
    ...['--in-memory', '--port', String(port), '--host', '127.0.0.1', '--dir', folder],
  ]
  const pouch = Pouch.open(await startOn(process.execPath, options, folder))
  await pouch.fill()

  const [pulled, streamed] = await byTurns(NOTES, ROUNDS, [
    async () => expectAll(await postil.pull()),
    async () => expectAll(await readLines(stream)),
  ])
  const [replicated] = await byTurns(NOTES, 2, [async () => expectAll(await pouch.pull())])
  const [pushed, bulk] = await byTurns(EDITS, ROUNDS, [
    (round) => postil.edit(round),
    (round) => pouch.edit(round),
  ])

  return [
    `Median of ${ROUNDS} rounds by turns (slowest to fastest), notes a second, on ${cpus().length} cores; ` +
      `${NOTES.toLocaleString('en')} notes of 0.9 KB.`,
    '',
    '| | notes a second | Postil against it |',
    '|---|---|---|',
    `| **Postil**: pull everything, ${'`GET /api/changes`'} | ${shown(pulled)} | |`,
    `| a bare NDJSON stream from memory, same web server | ${shown(streamed)} | ${times(pulled, streamed)} |`,
    `| PouchDB: replicate from pouchdb-server, in memory | ${shown(replicated)} | ${times(pulled, replicated)} |`,
    `| **Postil**: push ${EDITS} offline edits, on disk | ${shown(pushed)} | |`,
    `| PouchDB: ${'`_bulk_docs`'} to pouchdb-server, in memory | ${shown(bulk)} | ${times(pushed, bulk)} |`,
    '',
  ].join('\n')
}

/**
 * The rates of several deeds, done by turns: a machine that slows down meanwhile slows down all.
 */
async function byTurns<Deeds extends ((round: number) => Promise<void>)[]>(
  notes: number,
  rounds: number,
  deeds: [...Deeds],
): Promise<{ [deed in keyof Deeds]: Rate }> {
  const rates = deeds.map(() => [] as number[])
  for (let round = 0; round < rounds; round++) {
    for (const [which, deed] of deeds.entries()) {
      const began = performance.now()
      await deed(round)
      rates[which]!.push((notes / (performance.now() - began)) * 1000)
    }
  }
  return rates.map((measured) => {
    measured.sort((a, b) => a - b)
    return { median: measured[rounds >> 1]!, from: measured[0]!, to: measured.at(-1)! }
  }) as { [deed in keyof Deeds]: Rate }
}

async function readLines(url: string): Promise<number> {
  const { body } = await fetch(url)
  let count = 0
  let rest = ''
  const decoder = new TextDecoder()
  for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop()!
    for (const line of lines) JSON.parse(line)
    count += lines.length
  }
  return count
}

function expectAll(count: number): void {
  if (count !== NOTES) throw new Error(`${count} notes came, of ${NOTES}.`)
}

function shown({ median, from, to }: Rate): string {
  const round = (value: number): string => Math.round(value).toLocaleString('en')
  return `${round(median)} (${round(from)} to ${round(to)})`
}

function times(ours: Rate, theirs: Rate): string {
  const ratio = ours.median / theirs.median
  return `${ratio.toFixed(ratio < 10 ? 2 : 0)}x`
}
