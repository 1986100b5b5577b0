import { execFile } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, onTestFinished } from 'vitest'
import { renderHeader, type Layout } from '../../src/arrays/npy.js'
import type { BossDocument } from '../../src/boss/boss-document.js'
import type { Answer, Daemon } from './daemon.js'
import { until } from './temp.js'

/** An array as its Boss shows it. */
export interface ArrayDocument extends Layout {
  readonly name: string
  readonly path: string
}

/** Where the arrays of a data directory lie. */
export function shelfOf(data: string): string {
  const { dev, ino } = statSync(data)
  return `/dev/shm/taylord-${dev}-${ino}`
}

/** The places that a data directory has in /dev/shm. */
export function placesOf(data: string): string[] {
  try {
    return readdirSync(shelfOf(data))
  } catch {
    return [] // the last one may be going at this moment
  }
}

/** A Boss that is removed when the test ends, with its arrays. */
export async function aBossWithArrays(daemon: Daemon, asked: Record<string, unknown> = {}): Promise<BossDocument> {
  const boss = await daemon.hire(asked)
  onTestFinished(() => removed(daemon, boss))
  return boss
}

/** Stops a Boss and removes it, unless it is gone. */
export async function removed(daemon: Daemon, { id }: BossDocument): Promise<void> {
  const stopped = await daemon.post<BossDocument>(`/v1/bosses/${id}/stop?now=true`)
  if (stopped.status === 404) return
  await until(async () => (await daemon.boss(id)).over_at, 'the Boss is over')
  expect((await daemon.call('DELETE', `/v1/bosses/${id}`)).status).toBe(204)
}

/** A .npy file of these elements. */
export const npyOf = (layout: Layout, elements: ArrayBufferView): Buffer =>
  Buffer.concat([renderHeader(layout), Buffer.from(elements.buffer, elements.byteOffset, elements.byteLength)])

export const put = <T = ArrayDocument>(daemon: Daemon, { id }: BossDocument, name: string, body: Buffer): Promise<Answer<T>> =>
  daemon.call<T>('PUT', `/v1/bosses/${id}/arrays/${name}`, {
    body: new Uint8Array(body),
    headers: { 'content-type': 'application/octet-stream' },
  })

export async function fileOf(daemon: Daemon, { id }: BossDocument, name: string): Promise<Buffer> {
  const { status, body } = await daemon.get<Buffer>(`/v1/bosses/${id}/arrays/${name}`)
  expect(status).toBe(200)
  return body
}

/** The first element of an int64 array. */
export async function sumOf(daemon: Daemon, boss: BossDocument, name = 'shared_sum'): Promise<number> {
  const file = await fileOf(daemon, boss, name)
  return Number(file.readBigInt64LE(renderHeader({ dtype: 'int64', shape: [2] }).length))
}

/** Runs a program of the Python that has numpy; what scripts/ready.sh --test installs is Debian's. */
export async function python(program: string, ...args: readonly string[]): Promise<string> {
  const run = promisify(execFile)
  pythonWithNumpy ??= run('python3', ['-c', 'import numpy']).then(
    () => 'python3',
    () => '/usr/bin/python3',
  )
  const { stdout } = await run(await pythonWithNumpy, ['-c', program, ...args])
  return stdout
}
let pythonWithNumpy: Promise<string> | undefined
