/**
 * A reader's browser: a fresh profile with the built extension in it, driven through puppeteer,
 * which speaks to Chromium and to Firefox by one API.
 */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { vi } from 'vitest'
import { findChromium, findFirefox } from '../browsers'
import { type Build, BUILDS } from './build'
import { WEB_HOST } from './site'

export type Kind = 'chromium' | 'firefox'
export const KINDS: readonly Kind[] = ['chromium', 'firefox']

/**
 * Where the stories are told that no browser tells differently: in Chromium, and with EVERYWHERE=1
 * (`make everywhere`) in all. Told twice each, all of them would take a quarter of an hour.
 */
export const EVERYWHERE = Boolean(process.env['EVERYWHERE'])
export const ONE_KIND: readonly Kind[] = EVERYWHERE ? KINDS : ['chromium']

/** Wide enough for an article with a side column, high enough for its first paragraphs. */
const VIEWPORT = { width: 1120, height: 860 }

const CHROMIUM_FLAGS = [
  '--no-sandbox', // Chromium has none for root, as whom continuous integration runs
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Firefox gives each installed add-on an address at random, unless it is told one beforehand. */
const FIREFOX_UUID = '6f1d0c8e-3b5a-4c7e-9a51-2d5f0e7b9c11'

/** What Chromium's own page of extensions calls. */
interface DeveloperPrivate {
  updateProfileConfiguration(update: { inDeveloperMode: boolean }): Promise<void>
  updateExtensionConfiguration(update: { extensionId: string } & Allowed): Promise<void>
}

interface Allowed {
  incognitoAccess?: boolean
  hostAccess?: HostAccess
}

type HostAccess = 'ON_CLICK' | 'ON_ALL_SITES'

export class Profile {
  private constructor(
    readonly kind: Kind,
    readonly browser: Browser,
    readonly extension: { id: string; origin: string },
    readonly folder: string,
  ) {}

  static async open(kind: Kind, build: Build = 'test'): Promise<Profile> {
    return Profile.openWith(kind, BUILDS[build][kind])
  }

  /** With the extension that is in this folder. */
  static async openWith(kind: Kind, folder: string): Promise<Profile> {
    const opening = kind === 'chromium' ? Profile.#openChromium : Profile.#openFirefox
    return Profile.#alone(() => opening(folder))
  }

  /** Chromium on a profile in this folder, which may have been another browser's before. */
  static async openAt(home: string): Promise<Profile> {
    return Profile.#openChromium(BUILDS.test.chromium, home)
  }

  /** A Firefox that lets add-ons into pages only when its reader says so, and then asks no more. */
  static async openKeepingOut(): Promise<Profile> {
    const keepingOut = {
      'extensions.originControls.grantByDefault': false,
      'extensions.webextOptionalPermissionPrompts': false,
    }
    return Profile.#alone(() => Profile.#openFirefox(BUILDS.test.firefox, keepingOut))
  }

  /** One that lets add-ons into files, as its reader allows one in its list; others do of old. */
  static async openWithFiles(kind: Kind): Promise<Profile> {
    if (kind === 'chromium') return Profile.open(kind)
    const lettingIn = { 'extensions.webextensions.fileSchemeAccess.requireOptIn': false }
    return Profile.#alone(() => Profile.#openFirefox(BUILDS.test.firefox, lettingIn))
  }

  /** Once in hundreds of times a browser that was just started shows no new tab: then another. */
  static async #alone(open: () => Promise<Profile>, times = 2): Promise<Profile> {
    const profile = await open()
    try {
      // What greets a new reader would else come up in front of some later page.
      const welcome = await profile.welcome()
      await welcome.close()
      return profile
    } catch (error) {
      await profile.close()
      if (times === 1) throw error
      return Profile.#alone(open, times - 1)
    }
  }

  /** The tab that the extension opens when it is installed. */
  async welcome(): Promise<Page> {
    return vi.waitFor(
      async () => {
        const [, opened] = await this.browser.pages()
        if (!opened) throw new Error('The extension opened no page of its own.')
        return opened
      },
      { timeout: 25_000, interval: 50 }, // a machine with much to do starts a browser slowly
    )
  }

  /** A new tab at an address of the web. */
  async visit(url: string): Promise<Page> {
    const page = await this.browser.newPage()
    await page.goto(url)
    return page
  }

  /** A page of the extension (`options.html`) in a tab. */
  async extensionPage(file: string): Promise<Page> {
    const page = await this.browser.newPage()
    const url = `${this.extension.origin}/${file}`
    if (this.kind === 'chromium') {
      await page.goto(url)
      return page
    }
    // Firefox never tells of the load of a page of an add-on, so the page itself is asked, and
    // asked again where the question met the tab in the middle of changing its process.
    page.goto(url, { timeout: 0 }).catch(() => undefined)
    const arrived = async (): Promise<void> => {
      const at = await page.evaluate(() => `${document.readyState} ${location.href}`)
      if (at !== `complete ${url}`) throw new Error(`Firefox did not open ${url}: it is at ${at}.`)
    }
    await vi.waitFor(arrived, { timeout: 15_000, interval: 50 })
    return page
  }

  /** Presses the extension's button in the browser's own toolbar; Chromium only. */
  async pressButton(over: Page): Promise<void> {
    const extension = (await this.browser.extensions()).get(this.extension.id)
    if (!extension) throw new Error('The extension is not installed any more.')
    await extension.triggerAction(over)
  }

  /** What opens then. */
  async popup(over: Page): Promise<Page> {
    await this.pressButton(over)
    const target = await this.browser.waitForTarget(
      (one) => one.url() === `${this.extension.origin}/popup.html`,
    )
    return target.asPage()
  }

  /** Has the extension forget its notes, its settings and its server. */
  async forgetEverything(): Promise<void> {
    const page = await this.extensionPage('options.html')
    const answer = await page.evaluate(async () => {
      const answer: unknown = await chrome.runtime.sendMessage({ type: 'everything:forget' })
      await chrome.storage.session.clear()
      return JSON.stringify(answer)
    })
    if (answer !== '{"ok":null}') throw new Error(`Nothing was forgotten: ${answer}`)
    await page.close()
  }

  /** Installs the extension over itself, as an update does; the pages that are open stay. */
  async renewExtension(): Promise<void> {
    await this.browser.installExtension(this.folder)
  }

  /** Lets the extension into private windows, as its reader does in the browser's own page. */
  async allowPrivate(): Promise<void> {
    await this.#allow({ incognitoAccess: true })
  }

  /** Keeps the extension out of pages until its button is pressed there, or lets it in again. */
  async allowPages(hostAccess: HostAccess): Promise<void> {
    await this.#allow({ hostAccess })
  }

  /** As its reader does in the browser's own page; Chromium only. */
  async #allow(what: Allowed): Promise<void> {
    const page = await this.visit('chrome://extensions')
    const change = { extensionId: this.extension.id, ...what }
    await page.evaluate(async (change) => {
      const { developerPrivate } = chrome as unknown as { developerPrivate: DeveloperPrivate }
      // Else an unpacked extension is not started again after the change.
      await developerPrivate.updateProfileConfiguration({ inDeveloperMode: true })
      await developerPrivate.updateExtensionConfiguration(change)
    }, change)
    await page.close()
  }

  async close(): Promise<void> {
    await this.browser.close()
  }

  /** Ends the browser as a power cut does. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.browser.once('disconnected', resolve))
    this.browser.process()!.kill('SIGKILL')
    await ended
  }

  static async #openChromium(folder: string, home?: string): Promise<Profile> {
    const browser = await puppeteer.launch({
      ...(home !== undefined && { userDataDir: home }),
      browser: 'chrome',
      executablePath: findChromium(),
      pipe: true,
      enableExtensions: true,
      headless: true,
      args: [...CHROMIUM_FLAGS, `--host-resolver-rules=MAP ${WEB_HOST} 127.0.0.1`],
      defaultViewport: VIEWPORT,
    })
    const id = await browser.installExtension(folder)
    return new Profile('chromium', browser, { id, origin: `chrome-extension://${id}` }, folder)
  }

  static async #openFirefox(
    folder: string,
    preferences: Record<string, unknown> = {},
  ): Promise<Profile> {
    const manifest = await readFile(join(folder, 'manifest.json'), 'utf8')
    const { browser_specific_settings: settings } = JSON.parse(manifest) as {
      browser_specific_settings: { gecko: { id: string } }
    }
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: findFirefox(),
      headless: true,
      args: ['--remote-allow-system-access'], // without it, pages of add-ons may not be driven
      extraPrefsFirefox: {
        'network.dns.localDomains': WEB_HOST,
        ...preferences,
        'extensions.webextensions.uuids': JSON.stringify({ [settings.gecko.id]: FIREFOX_UUID }),
      },
      defaultViewport: VIEWPORT,
    })
    const id = await browser.installExtension(folder)
    const origin = `moz-extension://${FIREFOX_UUID}`
    return new Profile('firefox', browser, { id, origin }, folder)
  }
}
