/** The extension's open pages, each by the port it holds open; see `live.ts`. */
import { LIVE_PORT } from '../model'
import { connect } from './client'
import { database } from './connection'
import { setting } from './database'
import { Audience, pause, type Surroundings } from './live'
import { sync } from './schedule'

export function welcome(port: chrome.runtime.Port): void {
  const ours = port.sender?.url?.startsWith(chrome.runtime.getURL(''))
  if (port.name !== LIVE_PORT || !ours) return
  port.onDisconnect.addListener(audience.join())
  void sync('hello').catch(ignore)
}

/** Listen to what may answer now: just paired, or back on the network. */
export function stirAudience(): void {
  audience.stir()
}

const around: Surroundings = {
  async server() {
    const open = await database()
    const pairing = await setting(open, 'pairing')
    const failure = await setting(open, 'failure')
    if (!pairing || failure?.type === 'unpaired') return null
    const client = connect(fetch.bind(globalThis), pairing.server, pairing.token)
    return { client, cursor: (await setting(open, 'cursor'))?.cursor }
  },
  sync: () => sync('live'),
  pause,
}

const audience = new Audience(around)

/** What fails in a sync shows in the sync state. */
function ignore(): void {}
