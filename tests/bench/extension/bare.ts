/**
 * What to measure ours against: as little of a page of an extension as has a script, and paints; as
 * little of a script in every page as listens to its extension, and asks it about the page.
 */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { copyOf, type Variant } from '../../e2e/variant'

export const BARE = 'bare.html'

const HTML = `<!doctype html>
<meta charset="utf-8" />
<title>Bare</title>
<script defer src="bare.js"></script>
<ul class="bare"></ul>
`

const SCRIPT = `const item = document.createElement('li')
item.textContent = 'One item.'
document.querySelector('ul').append(item)
`

const LEAST = `chrome.runtime.onMessage.addListener(() => {})
document.addEventListener('DOMContentLoaded', () => {
  const here = { type: 'nothing', url: location.href, title: document.title }
  chrome.runtime.sendMessage(here).catch(() => {})
})
`

/** The least in the place of the boot script. */
export async function withLeastBoot(): Promise<Variant> {
  const variant = await copyOf('chromium')
  await writeFile(join(variant.folder, 'boot.js'), LEAST)
  return variant
}

/** With one page more. */
export async function withBarePage(): Promise<Variant> {
  const variant = await copyOf('chromium')
  await writeFile(join(variant.folder, BARE), HTML)
  await writeFile(join(variant.folder, 'bare.js'), SCRIPT)
  return variant
}
