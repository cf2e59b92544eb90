/**
 * A real Chromium with the parts of the page script that need no extension loaded as `living`, for
 * tests of what they make of a page.
 */

import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { launchPage } from '../anchoring/browser.ts'

export interface LivingPage {
  page: Page
  /** Shows a page with this body. */
  show(body: string): Promise<void>
  close(): Promise<void>
}

/** One for all tests of a file, opened before them and closed after. */
export function livingPage(): Pick<LivingPage, 'page' | 'show'> {
  let opened: LivingPage
  beforeAll(async () => {
    opened = await openLivingPage()
  }, 120_000)
  afterAll(async () => {
    await opened.close()
  })
  return {
    get page() {
      return opened.page
    },
    show: (body) => opened.show(body),
  }
}

async function openLivingPage(): Promise<LivingPage> {
  const script = await bundle()
  const { page, close } = await launchPage()
  return {
    page,
    async show(body) {
      const html = `<!doctype html><meta charset="utf-8"><body>${body}</body>`
      await page.evaluate((html) => {
        document.open()
        document.write(html)
        document.close()
      }, html)
      await page.evaluate(script)
    },
    close,
  }
}

async function bundle(): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('living.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'living',
    target: 'es2022',
    loader: { '.css': 'text' },
    define: { SHADOW_MODE: '"open"', ROOM_PAGE: 'null' },
  })
  const script = result.outputFiles[0]
  if (script === undefined) throw new Error('esbuild wrote nothing')
  // A top-level `var` in evaluated code does not outlive the call.
  return `${script.text}\nglobalThis.living = living;`
}
