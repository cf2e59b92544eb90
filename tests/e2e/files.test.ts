/** Articles kept as files on this computer. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect } from 'vitest'
import { KINDS, Profile } from './profile'
import { Reader } from './reader'
import { story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const ARTICLE = `<!doctype html><title>Kept</title><p>What was kept says: ${BELL} And no more.</p>`

const told = story
  .extend('address', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'postil-kept-'))
    onCleanup(() => rm(folder, { recursive: true }))
    const path = join(folder, 'kept article.html')
    await writeFile(path, ARTICLE)
    return pathToFileURL(path).href
  })
  .extend('letIn', async ({ kind }, { onCleanup }) => {
    const profile = await Profile.openWithFiles(kind)
    onCleanup(() => profile.close())
    return new Reader(profile)
  })

describe.each(KINDS)('in %s', (kind) => {
  told.override({ kind })('are annotated like any other, where that is allowed', async ({
    address,
    letIn,
  }) => {
    await letIn.open(address)
    await letIn.highlightWithNote(BELL, 'Kept, too.')
    await letIn.reload()
    await expect.poll(() => letIn.texts()).toEqual({ yellow: [BELL] })
    await letIn.openNote(BELL)
    expect(await letIn.note()).toBe('Kept, too.')
  })
})

told.override({ kind: 'firefox' })('a browser that keeps them from extensions is named', async ({
  address,
  reader,
}) => {
  await reader.open(address)
  const popup = await reader.profile.extensionPage('popup.html?tab=-1')
  const tab = await popup.evaluate(async (wanted) => {
    return (await chrome.tabs.query({})).find(({ url }) => url === wanted)?.id
  }, address)
  await popup.close()
  for (const file of ['popup', 'panel']) {
    const ours = await reader.profile.extensionPage(`${file}.html?tab=${tab}`)
    await expect
      .poll(() => ours.evaluate(() => document.body.innerText))
      .toContain(words('noNotesFile'))
    await ours.close()
  }
})
