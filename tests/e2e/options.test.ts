/** The options beyond pairing: names, sites, files of everything, and the way back to nothing. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import type { Annotation, Batch } from '../../extension/src/model'
import { problemsSeen } from './axe'
import { pair, press, textOf } from './options'
import { ONE_KIND } from './profile'
import type { Reader } from './reader'
import { story } from './story'
import { problemsOf } from './w3c'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const PEN = 'The pen adds.'
const OPTIONS = 'options.html'

const told = story.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'postil-files-'))
  onCleanup(() => rm(folder, { recursive: true }))
  return folder
})

describe.each(ONE_KIND)('in the options, a reader in %s', (kind) => {
  const here = told.override({ kind })

  here('names a highlighter, and sees the name in open pages', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'green')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    const options = await reader.profile.extensionPage(OPTIONS)
    const field = await options.waitForSelector('input[name="green"]')
    await field!.type('To quote')
    await field!.press('Enter')
    await options.close()

    await reader.page.bringToFront()
    await reader.select(PEN)
    await reader.page.waitForSelector('postil-ui >>> button[aria-label="To quote"]')
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    await reader.openHighlight(BELL)
    await reader.page.waitForSelector('postil-ui >>> button[aria-label="To quote"]')
  })

  here('has a site left alone, and takes it off the list again', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL)
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL] })
    const options = await reader.profile.extensionPage(OPTIONS)
    const field = await options.waitForSelector('input[name="site"]')
    await field!.type(site.url('tides'))
    await press(options, words('optionsAdd'))
    const host = new URL(site.url('tides')).host
    await options.waitForSelector(`.sites li::-p-text(${host})`)
    await expect.poll(() => reader.texts()).toEqual({})

    await press(options, words('optionsRemove'))
    await options.waitForSelector('.sites li', { hidden: true })
    await options.close()
    await reader.page.bringToFront()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL] })
  })
})

describe('in the options', () => {
  told('everything goes out as a file and comes in again, once', async ({
    site,
    reader,
    folder,
  }) => {
    const options = await writeTwo(reader, site.url('tides'))
    await intoFolder(options, folder)
    await press(options, words('optionsExportW3c'))
    const file = await downloaded(folder, '.jsonld')
    const collection: unknown = JSON.parse(await readFile(file, 'utf8'))
    expect(problemsOf(collection)).toEqual([])
    expect(collection).toMatchObject({ total: 2 })
    await press(options, words('optionsExportMarkdown'))
    const markdown = await readFile(await downloaded(folder, '.md'), 'utf8')
    expect(markdown).toContain(`> ${BELL}\n\nA bell, of all things.\n\n#sound`)

    await bringIn(options, file)
    await said(options, words('optionsAdded_other', '0'))
    await said(options, words('optionsKnown_other', '2'))
    await forgetAll(options)
    await reader.page.bringToFront()
    await expect.poll(() => reader.texts()).toEqual({})

    await options.bringToFront()
    await bringIn(options, file)
    await said(options, words('optionsAdded_other', '2'))
    await reader.page.bringToFront()
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL], pink: [PEN] })
    await reader.openNote(BELL)
    expect(await reader.note()).toBe('A bell, of all things.')
    expect(await reader.tags()).toEqual(['sound'])
  })

  told('what is brought in travels to the server', async ({ site, server, reader, folder }) => {
    const url = site.url('tides')
    const options = await writeTwo(reader, url)
    await intoFolder(options, folder)
    await press(options, words('optionsExportW3c'))
    const file = await downloaded(folder, '.jsonld')
    await forgetAll(options)
    await pair(reader.profile, server.url, server.pairing.code)
    await options.bringToFront()
    await bringIn(options, file)
    await said(options, words('optionsAdded_other', '2'))
    const token = await server.token()
    await expect.poll(async () => (await server.kept(token, url)).length).toBe(2)
  })

  told('a file of something else is told from one of notes', async ({ reader }) => {
    const options = await reader.profile.extensionPage(OPTIONS)
    await bringIn(options, join(import.meta.dirname, '..', 'package.json'))
    await said(options, words('optionsNotAnnotations', 'package.json'))
  })

  told('axe finds no fault, paired or not', async ({ server, reader }) => {
    const options = await reader.profile.extensionPage(OPTIONS)
    await options.waitForSelector('input[name="forget"]')
    expect(await problemsSeen(options)).toEqual([])
    await options.close()
    await pair(reader.profile, server.url, server.pairing.code)
    const paired = await reader.profile.extensionPage(OPTIONS)
    await paired.waitForSelector('.paired')
    expect(await problemsSeen(paired)).toEqual([])
  })
})

/** What is painted is not kept yet: answers the options once both notes are, with all their words. */
async function writeTwo(reader: Reader, url: string): Promise<Page> {
  await reader.open(url)
  await reader.highlightWithNote(BELL, 'A bell, of all things.', ['sound'])
  await reader.highlight(PEN, 'pink')
  await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL], pink: [PEN] })
  const options = await reader.profile.extensionPage(OPTIONS)
  await expect.poll(() => kept(options)).toMatchObject([{ tags: ['sound'] }, { color: 'pink' }])
  return options
}

async function kept(options: Page): Promise<Annotation[]> {
  return options.evaluate(async () => {
    const asked = { type: 'everything:read', after: null }
    const { ok } = (await chrome.runtime.sendMessage(asked)) as { ok: Batch }
    return ok.annotations
  })
}

async function intoFolder(page: Page, folder: string): Promise<void> {
  const session = await page.createCDPSession()
  const allowed = { behavior: 'allow', downloadPath: folder } as const
  await session.send('Browser.setDownloadBehavior', allowed)
}

/** The file of that ending, once it is there whole. */
async function downloaded(folder: string, ending: string): Promise<string> {
  const find = async () => (await readdir(folder)).find((name) => name.endsWith(ending))
  await expect.poll(find).toBeDefined()
  return join(folder, (await find())!)
}

async function bringIn(options: Page, file: string): Promise<void> {
  const field = await options.waitForSelector('input[type="file"]:not(:disabled)')
  await field!.uploadFile(file)
}

async function forgetAll(options: Page): Promise<void> {
  const field = await options.waitForSelector('input[name="forget"]')
  await field!.type(words('optionsForgetWord'))
  await field!.press('Enter')
  await said(options, words('optionsForgotten'))
}

async function said(page: Page, sentence: string): Promise<void> {
  await expect.poll(() => textOf(page)).toContain(sentence)
}
