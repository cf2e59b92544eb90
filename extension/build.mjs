/**
 * Builds the extension for both browsers from one source.
 *
 *   node build.mjs          dist/chrome and dist/firefox, as they are shipped
 *   node build.mjs --test   dist/test/chrome and dist/test/firefox: the same, except that browser
 *                           tests can look into the shadow root of our interface in pages
 *   --out=FOLDER            elsewhere than in dist
 *
 * What differs between the browsers stands in `BROWSERS`, nowhere else.
 */
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** Run on every page: written as short as can be, every name its own. Boot is held to 3 KB. */
const BOOT = { boot: 'src/page/boot.ts' }
const ASKED = { here: 'src/page/here.ts' }
const SHORT = { minifyWhitespace: true, minifySyntax: true }
const MOST_OF_BOOT = 3 * 1024 // bytes

/** What background reads as the answer: that to which the last line of a file comes. */
const ANSWER = 'globalThis.postil?.here?.()'

const SCRIPTS = {
  background: 'src/background/main.ts',
  page: 'src/page/main.ts',
  popup: 'src/popup/main.tsx',
  first: 'src/panel/first.ts',
  panel: 'src/panel/main.tsx',
  options: 'src/options/main.tsx',
  onboarding: 'src/onboarding/main.tsx',
}

const STYLES = {
  page: 'src/page/page.css',
  popup: 'src/popup/popup.css',
  panel: 'src/panel/panel.css',
  options: 'src/options/options.css',
  onboarding: 'src/onboarding/onboarding.css',
}

const COPIED = {
  'src/popup/popup.html': 'popup.html',
  'src/panel/panel.html': 'panel.html',
  'src/options/options.html': 'options.html',
  'src/onboarding/onboarding.html': 'onboarding.html',
  'icons/icon.svg': 'icons/icon.svg',
  'icons/16.png': 'icons/16.png',
  'icons/32.png': 'icons/32.png',
  'icons/48.png': 'icons/48.png',
  'icons/128.png': 'icons/128.png',
  _locales: '_locales',
}

/** Both are equal, but for what stands here; permissions here are asked for as well. */
const BROWSERS = {
  chrome: {
    target: 'chrome126',
    roomPage: null,
    manifest: {
      minimum_chrome_version: '126',
      permissions: ['sidePanel'],
      side_panel: { default_path: 'panel.html' },
    },
  },
  firefox: {
    target: 'firefox142',
    roomPage: 'room.html',
    copied: { 'src/page/room.html': 'room.html' },
    manifest: {
      // Empty, and at an address that no page knows: see room.ts.
      web_accessible_resources: [{ resources: ['room.html'], matches: ['<all_urls>'] }],
      sidebar_action: {
        default_panel: 'panel.html',
        default_title: '__MSG_panelTitle__',
        default_icon: { 16: 'icons/16.png', 32: 'icons/32.png' },
        open_at_install: false,
      },
    },
  },
}

/**
 * Nothing of ours sets HTML, so the one place where Preact would is taken out: what a page of the
 * extension shows of a note is text, whoever writes the next component.
 */
const neverHtml = {
  name: 'never-html',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]preact[\\/]dist[\\/]preact\.mjs$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const setting = /\.innerHTML=(?=\w+\.__html)/g
      if (source.match(setting)?.length !== 1) throw new Error(`${path} sets HTML differently now.`)
      return { contents: source.replace(setting, '.textContent='), loader: 'js' }
    })
  },
}

const test = process.argv.includes('--test')
const told = process.argv.find((one) => one.startsWith('--out='))
const folder = told ? told.slice('--out='.length) : join(HERE, 'dist')
const shadowMode = test ? 'open' : 'closed'

for (const [browser, { target, roomPage, manifest, copied }] of Object.entries(BROWSERS)) {
  const out = join(folder, test ? 'test' : '', browser)
  const define = { SHADOW_MODE: JSON.stringify(shadowMode), ROOM_PAGE: JSON.stringify(roomPage) }
  await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  await Promise.all([
    bundle(SCRIPTS, out, target, { '.css': 'text' }, { define }),
    bundle(BOOT, out, target, {}, SHORT),
    bundle(ASKED, out, target, {}, { ...SHORT, footer: { js: ANSWER } }),
    bundle(STYLES, out, target, { '.css': 'css' }),
    writeManifest(out, manifest),
    ...Object.entries({ ...COPIED, ...copied }).map(([from, to]) =>
      cp(join(HERE, from), join(out, to), { recursive: true }),
    ),
  ])
  const { size } = await stat(join(out, 'boot.js'))
  if (size > MOST_OF_BOOT) throw new Error(`boot.js has ${size} bytes; ${MOST_OF_BOOT} is the most.`)
}

/** A style sheet imported by a script is its text, for adopting into a shadow root. */
function bundle(entryPoints, outdir, target, loader, more = {}) {
  return build({
    absWorkingDir: HERE,
    entryPoints,
    outdir,
    target,
    loader,
    bundle: true,
    // The bundles name their parts by where they seem to be, not by where a link leads.
    preserveSymlinks: true,
    format: 'iife',
    charset: 'utf8',
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [neverHtml],
    logLevel: 'warning',
    ...more,
  })
}

async function writeManifest(out, ours) {
  const manifest = JSON.parse(await readFile(join(HERE, 'manifest.json'), 'utf8'))
  const { version } = JSON.parse(await readFile(join(HERE, 'package.json'), 'utf8'))
  const whole = { ...manifest, version, ...ours }
  whole.permissions = [...manifest.permissions, ...(ours.permissions ?? [])].sort()
  await writeFile(join(out, 'manifest.json'), JSON.stringify(whole, null, 2) + '\n')
}
