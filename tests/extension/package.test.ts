/** The archives for the shops: the same bytes each time, and nothing in them that is not meant. */

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from '../../extension/node_modules/fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'

const EXTENSION = join(import.meta.dirname, '..', '..', 'extension')
const PATIENCE = 120_000

let folder: string
let archives: string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postil-packages-'))
  await pack(EXTENSION, 'first', 'UTC')
  archives = (await readdir(join(folder, 'first'))).sort()
}, PATIENCE)

afterAll(() => rm(folder, { recursive: true }))

test('there is one for each browser, and one of the sources', () => {
  const names = archives.map((name) => name.replace(/-\d.*$/, ''))
  expect(names).toEqual(['postil-chrome', 'postil-firefox', 'postil-sources'])
})

test('two builds give equal bytes, whatever the time zone', { timeout: PATIENCE }, async () => {
  await pack(EXTENSION, 'second', 'Asia/Tokyo')
  for (const name of archives) {
    expect(await read('second', name), name).toEqual(await read('first', name))
  }
})

test('the sources alone build the same archives', { timeout: PATIENCE }, async () => {
  const sources = join(folder, 'sources')
  const files = unzipSync(await read('first', named('sources')))
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(sources, path)), { recursive: true })
    await writeFile(join(sources, path), content)
  }
  const installed = join(sources, 'extension', 'node_modules')
  await symlink(join(EXTENSION, 'node_modules'), installed)
  await pack(join(sources, 'extension'), 'third', 'UTC')
  for (const name of archives) {
    expect(await read('third', name), name).toEqual(await read('first', name))
  }
})

test('a shop finds the manifest at the top, and every file it names', async () => {
  for (const browser of ['chrome', 'firefox']) {
    const files = unzipSync(await read('first', named(browser)))
    const manifest = Buffer.from(files['manifest.json']!).toString()
    const paths = [...manifest.matchAll(/"([\w/.-]+\.(?:js|css|html|png|svg))"/g)]
    expect(paths.length).toBeGreaterThan(5)
    for (const [, path] of paths) expect(Object.keys(files)).toContain(path)
    expect(Object.keys(files).filter((path) => /node_modules|\.(tsx?|map)$/.test(path))).toEqual([])
  }
})

async function pack(from: string, into: string, zone: string): Promise<void> {
  const out = `--out=${join(folder, into)}`
  const env = { ...process.env, TZ: zone }
  await promisify(execFile)(process.execPath, [join(from, 'package.mjs'), out], { env })
}

function named(what: string): string {
  return archives.find((name) => name.startsWith(`postil-${what}-`))!
}

async function read(run: string, name: string): Promise<Buffer> {
  return readFile(join(folder, run, name))
}
