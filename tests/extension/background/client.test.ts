import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { connect, Failed, pairWith } from '../../../extension/src/background/client'

const closing: (() => void)[] = []

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  closing.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  return listen((_request, response) => {
    response.writeHead(status, headers)
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
}

async function failureOf(work: Promise<unknown>): Promise<Failed> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Failed)) throw new Error(`It did not fail as expected: ${String(error)}`)
  return error
}

const pull = (server: string) => connect(fetch, server, 'secret').pull(undefined)
const operation = { op: 7, id: 'a', base: 0, at: '2026-01-01T00:00:00Z' }
const push = (server: string) => connect(fetch, server, 'secret').push([operation])

test('The token goes with every request, and no cookie', async () => {
  let seen: Record<string, unknown> = {}
  const server = await listen((request, response) => {
    seen = request.headers
    response.end('{"changes": [], "cursor": "e.1.n", "more": false}')
  })
  await pull(server)
  expect(seen).toMatchObject({ authorization: 'Bearer secret', accept: 'application/json' })
  expect(seen).not.toHaveProperty('cookie')
})

test('A cursor is handed back as it came, whatever it holds', async () => {
  let asked = ''
  const server = await listen((request, response) => {
    asked = request.url ?? ''
    response.end('{"changes": [], "cursor": "next", "more": false}')
  })
  await connect(fetch, server, 'secret').pull('a b&limit=9')
  expect(new URL(asked, server).searchParams.get('since')).toBe('a b&limit=9')
  expect(new URL(asked, server).searchParams.get('limit')).toBe('500')
})

test.each([
  [401, 'unpaired'],
  [403, 'forbidden'],
  [404, 'not-postil'],
  [421, 'forbidden'],
  [422, 'answer'],
  [429, 'busy'],
  [500, 'server'],
  [503, 'busy'],
])('HTTP %i is told apart as `%s`, with the server’s own sentence', async (status, type) => {
  const server = await answering(status, { type: 'urn:x', detail: 'This is why.', field: 'note' })
  const failed = await failureOf(pull(server))
  expect(failed.failure).toEqual({ type, server, detail: 'This is why.' })
  expect(failed.status).toBe(status)
  expect(failed.problem.field).toBe('note')
})

test('Nobody listening is `offline`', async () => {
  const server = await answering(200, {})
  closing.splice(0).forEach((close) => {
    close()
  })
  expect((await failureOf(pull(server))).failure).toMatchObject({ type: 'offline', server })
})

test('A connection cut in the middle of an answer is `offline`', async () => {
  const server = await listen((_request, response) => {
    response.writeHead(200, { 'Content-Length': '1000' })
    response.write('{"changes": [')
    response.socket?.destroy()
  })
  expect((await failureOf(pull(server))).failure.type).toBe('offline')
})

test.each([
  ['a page of a router', '<!doctype html><title>Welcome</title>'],
  ['an empty answer', ''],
  ['JSON of another shape', '[1, 2, 3]'],
  ['changes that are none', '{"changes": 5, "cursor": "x", "more": false}'],
  ['null among the changes', '{"changes": [null], "cursor": "x", "more": false}'],
])('%s makes no sense, and says so', async (_what, body) => {
  expect((await failureOf(pull(await answering(200, body)))).failure.type).toBe('answer')
})

test('A page of changes that leads nowhere does not go on for ever', async () => {
  const server = await answering(200, { changes: [], cursor: 'same', more: true })
  const failed = await failureOf(connect(fetch, server, 'secret').pull('same'))
  expect(failed.failure.type).toBe('answer')
})

test.each([
  ['none', []],
  ['one of another counter', [{ op: 8, id: 'a', status: 'created' }]],
  ['one of another note', [{ op: 7, id: 'b', status: 'created' }]],
  ['too many', [{ op: 7, id: 'a' }, { op: 8, id: 'b' }]],
])('Results that do not answer what was sent (%s) are not believed', async (_what, results) => {
  const failed = await failureOf(push(await answering(200, { results })))
  expect(failed.failure.type).toBe('answer')
})

test('Retry-After in seconds and as a date is honoured', async () => {
  const seconds = await answering(503, {}, { 'Retry-After': '120' })
  expect((await failureOf(pull(seconds))).retryAfter).toBe(120_000)
  const date = new Date(Date.now() + 60_000).toUTCString()
  const dated = await answering(503, {}, { 'Retry-After': date })
  expect((await failureOf(pull(dated))).retryAfter).toBeGreaterThan(50_000)
  const nonsense = await answering(503, {}, { 'Retry-After': 'soon' })
  expect((await failureOf(pull(nonsense))).retryAfter).toBeUndefined()
})

test('A redirect is not followed with the token in hand', async () => {
  const server = await answering(302, '', { Location: 'http://127.0.0.1:9/' })
  expect((await failureOf(pull(server))).failure.type).toBe('offline')
})

test('Pairing hands over a token', async () => {
  const server = await answering(201, { token: 't', device: 'd', account: 'default' })
  const paired = await pairWith(fetch, server, 'K7QM-4XZP', 'Firefox')
  expect(paired).toEqual({ token: 't', device: 'd', account: 'default' })
})

test('Pairing with what is no Postil server hands over nothing', async () => {
  const failed = await failureOf(pairWith(fetch, await answering(200, { ok: true }), 'X', 'Y'))
  expect(failed.failure.type).toBe('answer')
})
