/**
 * A real Chromium with the anchoring engine loaded as `postil`, for tests of the parts that read a
 * DOM. Code given to `run` is evaluated in the page.
 */

import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type Page, chromium } from 'playwright-core'
import { findChromium } from '../../browsers.ts'

export interface AnchoringPage {
  page: Page
  /** Shows a page with this body. */
  show(body: string): Promise<void>
  close(): Promise<void>
}

export const CHROMIUM_FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function openAnchoringPage(): Promise<AnchoringPage> {
  const script = await bundleEngine()
  const { page, close } = await launchPage()
  return {
    page,
    async show(body) {
      await page.setContent(`<!doctype html><meta charset="utf-8"><body>${body}</body>`)
      await page.evaluate(script)
    },
    close,
  }
}

/** A page in a Chromium of its own. */
export async function launchPage(): Promise<{ page: Page; close(): Promise<void> }> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: CHROMIUM_FLAGS,
  })
  return { page: await browser.newPage(), close: () => browser.close() }
}

/** The engine as one script that sets the global `postil`. */
export async function bundleEngine(): Promise<string> {
  const result = await build({
    entryPoints: [
      fileURLToPath(new URL('../../../extension/src/anchoring/index.ts', import.meta.url)),
    ],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'postil',
    target: 'es2022',
  })
  const script = result.outputFiles[0]
  if (script === undefined) throw new Error('esbuild wrote nothing')
  // A top-level `var` in evaluated code does not outlive the call.
  return `${script.text}\nglobalThis.postil = postil;`
}
