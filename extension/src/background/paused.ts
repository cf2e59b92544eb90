/** The sites a reader wants left alone, by host. */
import { database } from './connection'

export async function isPaused(url: string): Promise<boolean> {
  return (await (await database()).get('paused', hostOf(url))) !== undefined
}

export async function pauseSite(url: string, paused: boolean): Promise<void> {
  const open = await database()
  if (paused) await open.put('paused', { host: hostOf(url) })
  else await open.delete('paused', hostOf(url))
}

export async function pausedHosts(): Promise<string[]> {
  return (await database()).getAllKeys('paused')
}

/** Files have no host: they are one site together. */
export function hostOf(url: string): string {
  const { host, protocol } = new URL(url)
  return host || protocol
}
