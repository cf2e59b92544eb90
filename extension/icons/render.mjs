/**
 * Draws icon.svg at the sizes browsers ask for. Needed only after the drawing was changed:
 *
 *   CHROMIUM=/usr/bin/chromium node icons/render.mjs
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const require = createRequire(new URL('../../tests/package.json', import.meta.url))
const { chromium } = require('playwright-core')

const drawing = await readFile(new URL('icon.svg', import.meta.url), 'utf8')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu'],
})
const page = await browser.newPage()
for (const size of [16, 32, 48, 128]) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px}</style>${drawing}`)
  const path = new URL(`${size}.png`, import.meta.url).pathname
  await page.screenshot({ path, omitBackground: true })
}
await browser.close()
