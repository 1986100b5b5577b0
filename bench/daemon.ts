import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Taylord } from '../test/soak/taylord.ts'
import type { Bench } from './part.ts'

/** Worker kinds of the bench. */
export const kinds = fileURLToPath(new URL('kinds', import.meta.url))

export const durable = 'SQLite WAL, synchronous=FULL'

/** Has `act` talk to a daemon of its own on a new directory, and ends it. */
export async function withDaemon<T>(
  { dir }: Pick<Bench, 'dir'>,
  act: (daemon: Taylord) => Promise<T>,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const data = join(dir, 'data')
  const daemon = new Taylord(data, kinds, args, env)
  try {
    await daemon.listening
    const result = await act(daemon)
    await daemon.stop()
    return result
  } finally {
    await daemon.kill()
    rmSync(data, { recursive: true, force: true })
  }
}

export const twoThreads = { limit: 'threads', max_threads: 2 }

/** n rows of the kind noop, as NDJSON. */
export const noops = (n: number): string => Array.from({ length: n }, (_, i) => `{"kind":"noop","i":${i}}`).join('\n')

/** @returns the id of a new Boss. */
export async function newBoss(daemon: Taylord, scheduler: object = twoThreads, more: object = {}): Promise<number> {
  return (await daemon.ask<{ id: number }>('POST', '/v1/bosses', { json: { scheduler, ...more } })).id
}

/** Starts the two workers, as those of the peers are. */
export const warmUp = (daemon: Taylord): Promise<number> => through(daemon, 100, noops(100))

/** Has a daemon of its own carry out n no-ops. @returns rows a second. */
export const throughNew = (bench: Pick<Bench, 'dir'>, n: number): Promise<number> =>
  withDaemon(bench, async (daemon) => {
    await warmUp(daemon)
    return through(daemon, n, noops(n))
  })

/** Gives a Boss rows and reads all reports back. @returns rows a second, from the append to the last report. */
export async function through(daemon: Taylord, n: number, ndjson: string, scheduler?: object): Promise<number> {
  const boss = await newBoss(daemon, scheduler)
  const start = performance.now()
  await daemon.ask('POST', `/v1/bosses/${boss}/instructions`, { ndjson })
  await daemon.ask('POST', `/v1/bosses/${boss}/end`)
  const report = await allReports(daemon, boss)
  const seconds = (performance.now() - start) / 1000
  assertSucceeded(report, n)
  return n / seconds
}

/** @returns the NDJSON of all reports of a Boss, once it is over. */
export async function allReports(daemon: Taylord, boss: number): Promise<string> {
  // as curl asks: to pack and unpack what goes no further than this machine would cost more than it saves
  const headers = { accept: 'application/x-ndjson', prefer: 'wait=600', 'accept-encoding': 'identity' }
  const { status, text } = await daemon.call('GET', `/v1/bosses/${boss}/report?interim=false`, { headers })
  if (status !== 200) throw new Error(`the report was answered with ${status}: ${text}`)
  return text
}

/** Reads all reports of a Boss, once it is over, without keeping them. @returns how many there are. */
export async function readReports(daemon: Taylord, boss: number): Promise<number> {
  const headers = { accept: 'application/x-ndjson', prefer: 'wait=600' }
  const response = await fetch(`${daemon.url}/v1/bosses/${boss}/report?interim=false`, { headers })
  if (!response.ok || !response.body) throw new Error(`the report was answered with ${response.status}: ${await response.text()}`)
  const newline = 10
  let lines = 0
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) lines++
  }
  return lines
}

/** @throws when not all of n reports are successes. */
export function assertSucceeded(report: string, n: number): void {
  const entries = report.trim().split('\n')
  const good = entries.filter((entry) => (JSON.parse(entry) as { outcome: string }).outcome === 'succeeded').length
  if (good !== n || entries.length !== n) throw new Error(`${good} of ${n} succeeded: ${entries[0]}`)
}

/** Seconds of CPU that a process took so far, all its threads, by the scheduler's own clock. */
export function cpuSeconds(pid: number): number {
  const ofThread = (thread: string) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0])
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + ofThread(thread), 0) / 1e9
}

/** MiB that a process holds now (VmRSS) or held at most (VmHWM). */
export function memoryMiB(pid: number, which: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(new RegExp(`^${which}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024
}
