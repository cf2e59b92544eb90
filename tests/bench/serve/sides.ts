/** Postil and its peers, each with the same notes, and how each is asked the same thing. */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fieldsOf, idOf } from '../sync/notes'
import { start, startOn } from '../programs'

export const NOTES = 10_000
const BATCH = 500
const PAGE = 'https://example.org/articles/42'

/** One thing to ask, and the answer it has to have. */
export interface Ask {
  url: string
  method: 'GET' | 'POST'
  status: number
  headers: Record<string, string>
  body?: string
  /** Whether each request is made to be one that was never asked before. */
  unheard?: boolean
}

export interface Side {
  name: string
  get: Ask
  post?: Ask
}

const HERE = process.cwd()
const REPOSITORY = join(HERE, '..')
const PYTHON = join(REPOSITORY, '.venv', 'bin', 'python')
const MODULES = join(HERE, 'bench', 'serve', 'node_modules')
const JSON_BODY = { 'Content-Type': 'application/json' }
const NEW = JSON.stringify(fieldsOf(NOTES + 1))

/** Postil asked by one who has nothing, by one who has it all, and for what it does not know yet. */
export async function startPostil(folder: string): Promise<Record<'full' | 'known' | 'fresh', Side>> {
  const flags = ['-m', 'server', 'serve', '--json', '--port', '0', '--data', join(folder, 'postil')]
  const said = await start(PYTHON, flags, REPOSITORY)
  const { url, pairing } = JSON.parse(said) as { url: string; pairing: { code: string } }
  const paired = await post(`${url}/api/pair`, { code: pairing.code, name: 'bench' })
  const headers = { Authorization: `Bearer ${paired.token}` }
  for (let from = 0; from < NOTES; from += BATCH) {
    const operations = Array.from({ length: BATCH }, (_, index) => ({
      op: from + index + 1,
      id: idOf(from + index),
      base: 0,
      set: fieldsOf(from + index),
    }))
    await post(`${url}/api/changes`, { operations }, headers)
  }
  const page = `${url}/api/annotations?url=${encodeURIComponent(PAGE)}`
  const answer = await fetch(page, { headers })
  await answer.arrayBuffer()
  const known = { ...headers, 'If-None-Match': answer.headers.get('ETag')! }
  const created = { method: 'POST', status: 201, headers: { ...headers, ...JSON_BODY } } as const
  return {
    full: {
      name: 'Postil',
      get: { url: page, method: 'GET', status: 200, headers },
      post: { url: `${url}/api/annotations`, ...created, body: NEW },
    },
    known: {
      name: 'Postil, 304 for what is known',
      get: { url: page, method: 'GET', status: 304, headers: known },
    },
    fresh: {
      name: 'Postil, asked for the first time',
      get: { url: page, method: 'GET', status: 200, headers, unheard: true },
    },
  }
}

export async function startBare(postil: Side): Promise<Side> {
  const { url, headers } = postil.get
  const answer = await (await fetch(url, { headers })).text()
  const args = ['-m', 'tests.bench.serve.bare']
  const said = await start(PYTHON, args, REPOSITORY, answer)
  return {
    name: 'bare Flask on waitress, jsonify',
    get: {
      url: (JSON.parse(said) as { url: string }).url,
      method: 'GET',
      status: 200,
      headers: {},
    },
  }
}

export async function startJsonServer(folder: string): Promise<Side> {
  const file = join(folder, 'notes.json')
  const notes = Array.from({ length: NOTES }, (_, n) => ({ id: idOf(n), ...fieldsOf(n) }))
  await writeFile(file, JSON.stringify({ notes }))
  const program = join(MODULES, 'json-server', 'lib', 'cli', 'bin.js')
  const args = (port: number): string[] =>
    [program, '--quiet', '--host', '127.0.0.1', '--port', String(port), file]
  const url = await startOn(process.execPath, args, folder)
  const created = { method: 'POST', status: 201, headers: JSON_BODY } as const
  return {
    name: 'json-server',
    get: {
      url: `${url}/notes?url=${encodeURIComponent(PAGE)}`,
      method: 'GET',
      status: 200,
      headers: {},
    },
    post: { url: `${url}/notes`, ...created, body: NEW },
  }
}

export async function startPouch(folder: string, inMemory: boolean): Promise<Side> {
  const kept = join(folder, inMemory ? 'pouch-memory' : 'pouch')
  await mkdir(kept)
  const program = join(MODULES, 'pouchdb-server', 'bin', 'pouchdb-server')
  const args = (port: number): string[] =>
    [program, '--host', '127.0.0.1', '--port', String(port), '--dir', kept].concat(
      inMemory ? '--in-memory' : [],
    )
  const url = await startOn(process.execPath, args, kept)
  await fetch(`${url}/notes`, { method: 'PUT' })
  for (let from = 0; from < NOTES; from += BATCH) {
    const docs = Array.from({ length: BATCH }, (_, index) => ({
      _id: idOf(from + index),
      ...fieldsOf(from + index),
    }))
    await post(`${url}/notes/_bulk_docs`, { docs })
  }
  const map = 'function (doc) { emit(doc.url) }'
  await post(`${url}/notes`, { _id: '_design/pages', views: { notes: { map } } })
  const query = `key=${encodeURIComponent(JSON.stringify(PAGE))}&include_docs=true`
  const page = `${url}/notes/_design/pages/_view/notes?${query}`
  await (await fetch(page)).text() // which builds the view
  const created = { method: 'POST', status: 201, headers: JSON_BODY } as const
  return {
    name: inMemory ? 'pouchdb-server --in-memory' : 'pouchdb-server',
    get: { url: page, method: 'GET', status: 200, headers: {} },
    post: { url: `${url}/notes`, ...created, body: NEW },
  }
}

async function post(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...JSON_BODY, ...headers },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}
