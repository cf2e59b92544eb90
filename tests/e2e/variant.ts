/** The test build with one thing changed, in a folder of its own that goes with the test. */

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUILDS } from './build'
import type { Kind } from './profile'

type Json = Record<string, unknown>

export interface Variant {
  folder: string
  remove(): Promise<void>
}

/** With another manifest: `change` answers what it should be. */
export async function withManifest(kind: Kind, change: (manifest: Json) => Json): Promise<Variant> {
  const variant = await copyOf(kind)
  const path = join(variant.folder, 'manifest.json')
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Json
  await writeFile(path, JSON.stringify(change(manifest)))
  return variant
}

/**
 * Speaking another language, whatever the browser's own is: few machines have browsers in several,
 * so the words of that language take the place of the English ones.
 */
export async function speaking(kind: Kind, language: string): Promise<Variant> {
  const variant = await copyOf(kind)
  const messages = (of: string): string => join(variant.folder, '_locales', of, 'messages.json')
  await cp(messages(language), messages('en'))
  return variant
}

export async function copyOf(kind: Kind): Promise<Variant> {
  const folder = await mkdtemp(join(tmpdir(), 'postil-variant-'))
  await cp(BUILDS.test[kind], folder, { recursive: true })
  return { folder, remove: () => rm(folder, { recursive: true }) }
}
