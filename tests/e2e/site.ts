/**
 * The web as the tests' readers see it: the articles in pages/, served on the loopback. A test can
 * have a page edited between two visits, put a Content-Security-Policy on it, or hold an answer.
 */

import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

/**
 * A name that browsers do not trust as they trust the loopback: without encryption, a page from
 * here is no secure context, as on much of the web. `profile.ts` has it lead to this machine.
 */
export const WEB_HOST = 'articles.example'

export type Edit = (html: string) => string

export interface Site {
  /**
   * The address of a page: 'tides', 'sums', 'paper' or, in the application, 'field/lichen'. Under
   * another name of this machine it is another site.
   */
  url(page: string, host?: string): string
  /** From now on the page is served as `edit` makes it; null puts the original back. */
  edit(page: string, edit: Edit | null): void
  /** From now on every page of the site comes with this policy; null lifts it. */
  policy(policy: string | null): void
  /** Answers for this path wait until the function that comes back is called. */
  hold(path: string): () => void
  close(): Promise<void>
}

/** As strict as a site can be that still shows its own pictures and styles. */
export const STRICT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

const ROOT = join(import.meta.dirname, 'pages')
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.xhtml': 'application/xhtml+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}

export async function openSite(): Promise<Site> {
  const edits = new Map<string, Edit>()
  const held = new Map<string, Promise<void>>()
  let policy: string | null = null

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://site').pathname
    await held.get(path)
    const page = path.replace(/^\/|\/$/g, '')
    const file = fileFor(page)
    let body = await readFile(file, 'utf8')
    const edit = edits.get(page)
    if (edit) {
      const edited = edit(body)
      if (edited === body) throw new Error(`The edit of ${page} changes nothing.`)
      body = edited
    }
    if (policy) response.setHeader('Content-Security-Policy', policy)
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream')
    // What must not be stored is not kept for the way back either.
    response.setHeader('Cache-Control', page === 'living' ? 'no-cache' : 'no-store')
    response.end(body)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      response.writeHead(missing ? 404 : 500, { 'Content-Type': 'text/plain' })
      response.end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url(page, host = WEB_HOST) {
      return `http://${host}:${port}/${page.includes('/') ? page : `${page}/`}`
    },
    edit(page, edit) {
      if (edit) edits.set(page, edit)
      else edits.delete(page)
    },
    policy(next) {
      policy = next
    },
    hold(path) {
      let release = (): void => undefined
      held.set(path, new Promise((resolve) => (release = resolve)))
      return () => {
        held.delete(path)
        release()
      }
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A folder is its index; every route of the application is the application. */
function fileFor(page: string): string {
  const inside = normalize(`/${page}`)
  if (extname(inside)) return join(ROOT, inside)
  return join(ROOT, inside.startsWith('/field') ? '/field' : inside, 'index.html')
}
