/** The extension with one page more: as little of one as has a script, and paints. */

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

export async function withBarePage(): Promise<Variant> {
  const variant = await copyOf('chromium')
  await writeFile(join(variant.folder, BARE), HTML)
  await writeFile(join(variant.folder, 'bare.js'), SCRIPT)
  return variant
}
