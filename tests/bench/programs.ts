/** Programs that run while something is measured. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'

const running: ChildProcess[] = []

/** Runs a program that says something; answers the first line of it. */
export async function start(
  program: string,
  args: string[],
  cwd: string,
  input = '',
): Promise<string> {
  const child = run(program, args, cwd, 'pipe')
  child.stdin!.end(input)
  const lines = createInterface({ input: child.stdout! })
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => null)])
  if (!first) throw new Error(`${program} ${args.join(' ')} did not start.`)
  lines.on('line', () => {}) // read on, or the program waits for us
  return String(first[0])
}

/** Runs a program that listens on a port; answers its address once it does. */
export async function startOn(
  program: string,
  args: (port: number) => string[],
  cwd: string,
): Promise<string> {
  const port = await freePort()
  const child = run(program, args(port), cwd, 'ignore')
  const url = `http://127.0.0.1:${port}`
  while (child.exitCode === null) {
    const there = await fetch(url).then(
      (answer) => answer.arrayBuffer(),
      () => null,
    )
    if (there) return url
  }
  throw new Error(`${program} ended at once.`)
}

export async function endAll(): Promise<void> {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
}

function run(
  program: string,
  args: string[],
  cwd: string,
  output: 'pipe' | 'ignore',
): ChildProcess {
  const child = spawn(program, args, { cwd, stdio: ['pipe', output, 'inherit'] })
  running.push(child)
  return child
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
