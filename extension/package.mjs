/**
 * Writes what the shops of extensions take: an archive for each browser, and the sources their
 * reviewers ask for, with how to build them.
 *
 *   node package.mjs [--out=FOLDER]     into packages/, unless told otherwise
 *
 * The same sources give the same bytes, whenever and wherever they are packed: entries are sorted,
 * carry one and the same time, and nothing of the machine.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { zipSync } from 'fflate'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** The first moment a zip archive can name. Archives know no time zones: it is local everywhere. */
const EPOCH = new Date(1980, 0, 1)

const SOURCES = [
  '.npmrc',
  'BUILDING.md',
  '_locales',
  'build.mjs',
  'icons',
  'manifest.json',
  'package-lock.json',
  'package.json',
  'package.mjs',
  'src',
  'tsconfig.json',
]
const LICENSE = join(HERE, '..', 'LICENSE')

const told = process.argv.find((one) => one.startsWith('--out='))
const out = told ? told.slice('--out='.length) : join(HERE, 'packages')
const { version } = JSON.parse(await readFile(join(HERE, 'package.json'), 'utf8'))

const built = await mkdtemp(join(tmpdir(), 'postil-package-'))
try {
  await promisify(execFile)(process.execPath, [join(HERE, 'build.mjs'), `--out=${built}`])
  await mkdir(out, { recursive: true })
  for (const browser of ['chrome', 'firefox']) {
    await write(`postil-${browser}`, await filesIn(join(built, browser)))
  }
  const sources = {}
  for (const one of SOURCES) {
    Object.assign(sources, await filesIn(join(HERE, one), `extension/${one}`))
  }
  sources['LICENSE'] = await readFile(LICENSE)
  await write('postil-sources', sources)
} finally {
  await rm(built, { recursive: true })
}

async function write(name, files) {
  const sorted = Object.keys(files).sort()
  const entries = Object.fromEntries(sorted.map((path) => [path, [files[path], { mtime: EPOCH }]]))
  const path = join(out, `${name}-${version}.zip`)
  await writeFile(path, zipSync(entries, { level: 9 }))
  console.log(path)
}

/** Path within the archive -> content; of a folder, all that is below it. */
async function filesIn(path, name = '') {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => null)
  if (!entries) return { [name]: await readFile(path) }
  const files = {}
  for (const entry of entries) {
    Object.assign(files, await filesIn(join(path, entry.name), posix.join(name, entry.name)))
  }
  return files
}
