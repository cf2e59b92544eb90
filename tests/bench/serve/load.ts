/**
 * Whether the server holds: 32 clients that read, write and wait for a minute. No answer may be an
 * error, and after ten seconds its memory may not grow beyond what the notes take.
 *
 *     make load
 */

import { readFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fieldsOf, idOf } from '../sync/notes'
import { endAll, start } from '../programs'

const CLIENTS = 32
const SECONDS = Number(process.env.LOAD_SECONDS ?? 60)
const SETTLED = 10 // seconds until memory is what it takes to serve
const MOST_GROWTH = 1.5

interface Counted {
  reads: number
  writes: number
  polls: number
  waits: number[]
}

const folder = await mkdtemp(join(tmpdir(), 'postil-load-'))
try {
  await load()
} finally {
  await endAll()
  await rm(folder, { recursive: true, force: true })
}

async function load(): Promise<void> {
  const repository = join(process.cwd(), '..')
  const python = join(repository, '.venv', 'bin', 'python')
  const flags = ['-m', 'server', 'serve', '--json', '--port', '0', '--data', folder]
  const said = await start(python, flags, repository)
  const { url, pairing } = JSON.parse(said) as { url: string; pairing: { code: string } }
  const { pid } = JSON.parse(await readFile(join(folder, 'server.json'), 'utf8')) as { pid: number }
  const paired = await ask(url, '/api/pair', '', { code: pairing.code, name: 'load' })
  const token = String(paired.token)

  const counted: Counted = { reads: 0, writes: 0, polls: 0, waits: [] }
  const end = performance.now() + SECONDS * 1000
  const memory: number[] = []
  const watching = (async () => {
    for (const at of [SETTLED, SECONDS - 1]) {
      await until(end - (SECONDS - at) * 1000)
      memory.push(await residentMegabytes(pid))
    }
  })()
  const clients = Array.from({ length: CLIENTS }, (_, n) => client(url, token, n, end, counted))
  await Promise.all([...clients, watching])

  counted.waits.sort((a, b) => a - b)
  const slowest = counted.waits[Math.floor(counted.waits.length * 0.99)]!
  const [early, late] = memory as [number, number]
  // What is kept takes room by right: a record, what indexes it, and what searches it.
  const byRight = (counted.writes * 4) / 1024
  console.log(
    `${CLIENTS} clients for ${SECONDS} s: ${counted.reads} reads, ${counted.writes} writes, ` +
      `${counted.polls} long polls, no error; 99 % of reads and writes within ` +
      `${slowest.toFixed(0)} ms. Memory ${early.toFixed(0)} MB after ${SETTLED} s, ` +
      `${late.toFixed(0)} MB at the end, with ${byRight.toFixed(0)} MB for new notes by right.`,
  )
  if (late - byRight > early * MOST_GROWTH) throw new Error('Its memory grows.')
}

/** One of four waits for news, the others read and write by turns. */
async function client(
  url: string,
  token: string,
  number: number,
  end: number,
  counted: Counted,
): Promise<void> {
  let made = 0
  let cursor = ''
  while (performance.now() < end) {
    if (number % 4 === 0) {
      const since = cursor ? `&since=${cursor}&wait=2` : ''
      const page = await ask(url, `/api/changes?limit=100${since}`, token)
      cursor = String(page.cursor)
      counted.polls += 1
      continue
    }
    const began = performance.now()
    const seed = number * 1_000_000 + made++
    if (made % 3 === 0) {
      await ask(url, '/api/annotations', token, { id: idOf(seed), ...fieldsOf(seed % 4000) })
      counted.writes += 1
    } else {
      const page = encodeURIComponent(String(fieldsOf(seed % 4000).url))
      const query = made % 10 ? `annotations?url=${page}` : 'search?q=margin&limit=20'
      await ask(url, `/api/${query}`, token)
      counted.reads += 1
    }
    counted.waits.push(performance.now() - began)
  }
}

async function ask(
  url: string,
  path: string,
  token: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const answer = await fetch(url + path, {
    method: body ? 'POST' : 'GET',
    headers: {
      'Content-Type': 'application/json',
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024
}

function until(moment: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, moment - performance.now())))
}
