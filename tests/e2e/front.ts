/** A proxy before the server, as many have one, or the line to it: it has a limit, and can be cut. */

import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Front {
  url: string
  /** From now on larger bodies are answered with 413. */
  limit(bytes: number): void
  /** From now on nothing comes through, or again everything. */
  cut(away: boolean): void
  close(): Promise<void>
}

export async function openFront(server: string): Promise<Front> {
  let most = Infinity
  let down = false
  const behind = new URL(server)
  const proxy = createServer((incoming, outgoing) => {
    if (down) {
      incoming.socket.destroy()
      return
    }
    if (Number(incoming.headers['content-length'] ?? 0) > most) {
      incoming.resume()
      outgoing.writeHead(413, { 'Content-Type': 'text/html' })
      outgoing.end('<html><body><h1>413 Request Entity Too Large</h1></body></html>')
      return
    }
    const { method, url: path, headers } = incoming
    const { hostname, port, host } = behind
    const told = { hostname, port, method, path, headers: { ...headers, host } }
    const onward = request(told, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    limit(bytes) {
      most = bytes
    },
    cut(away) {
      down = away
      if (away) proxy.closeAllConnections()
    },
    async close() {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}
