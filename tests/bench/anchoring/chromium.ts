/** Bundles one of the benchmark's browser halves and opens it in Chromium. */

import { build } from 'esbuild'
import { type Browser, type Page, chromium } from 'playwright-core'
import { findChromium } from '../../browsers.ts'
import { CHROMIUM_FLAGS } from '../../extension/anchoring/browser.ts'

export async function openChromium(entry: string): Promise<{ browser: Browser; page: Page }> {
  const bundle = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'bench',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    logLevel: 'error',
  })
  const script = bundle.outputFiles[0]?.text ?? ''
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_FLAGS, '--js-flags=--expose-gc'],
  })
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(error))
  await page.setContent('<!doctype html><meta charset="utf-8"><body></body>')
  await page.evaluate(`${script}\nglobalThis.bench = bench;`)
  return { browser, page }
}
