/** Getting to know a server, and parting from it. Notes stay here either way. */
import { Failed, pairWith } from './client'
import { keepSetting, setting, type Database } from './database'
import { tellAgain } from './lost'
import { beginResync } from './pulled'
import { change } from './transaction'

export class BadPairing extends Error {
  constructor(readonly type: 'bad-address' | 'code-missing' | 'bad-code') {
    super(type)
  }
}

/**
 * Pair by what the reader typed. Where it is the server and account of before, reading goes on
 * where it stopped; any other is read from the beginning, and gets all that is here.
 */
export async function pair(
  database: Database,
  send: typeof fetch,
  typed: { server: string; code: string; name: string },
): Promise<void> {
  const { server, code } = readPairing(typed.server, typed.code)
  const name = typed.name.trim().slice(0, 128) || 'Postil'
  const paired = await pairWith(send, server, code, name).catch((error: unknown) => {
    throw isWrongCode(error) ? new BadPairing('bad-code') : error
  })
  await change(database, async (tx) => {
    await keepSetting(tx, 'pairing', { ...paired, server, name })
    for (const name of ['failure', 'retry', 'mending'] as const) {
      await keepSetting(tx, name, undefined)
    }
    const before = await setting(tx, 'cursor')
    if (before?.server !== server || before.account !== paired.account) {
      await beginResync(tx, 0)
      await tellAgain(tx)
    }
  })
}

export async function unpair(database: Database): Promise<void> {
  await change(database, async (tx) => {
    for (const name of ['pairing', 'failure', 'retry', 'seen'] as const) {
      await keepSetting(tx, name, undefined)
    }
  })
}

/** An address and a code, or a link that holds both, pasted into either field. */
export function readPairing(server: string, code: string): { server: string; code: string } {
  const link = [server, code].find((text) => text.includes('/pair#'))
  const [address = '', linked] = (link ?? server).trim().split('/pair#', 2)
  const url = readAddress(address)
  const given = (linked ?? code).trim().toUpperCase()
  if (!given) throw new BadPairing('code-missing')
  return { server: url, code: given }
}

function readAddress(typed: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(typed) ? typed : `http://${typed}`)
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname) {
    throw new BadPairing('bad-address')
  }
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** What a Postil server answers to a code it does not take. */
function isWrongCode(error: unknown): boolean {
  if (!(error instanceof Failed)) return false
  const { type, field } = error.problem
  return field === 'code' || (typeof type === 'string' && type.endsWith(':wrong-code'))
}

