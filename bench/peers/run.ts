import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { text } from 'node:stream/consumers'
import type { Bench } from '../part.ts'

/** What a script of a peer prints. */
export interface PeerOutcome {
  readonly version: string
  readonly durability: string
  /** Of w1, w2 and i1. */
  readonly seconds: number
  /** Of l1: ms to the first line of the task and to its result, of each job. */
  readonly starts: number[]
  readonly ends: number[]
}
export type Work = 'w1' | 'w2' | 'l1' | 'i1'

/** Has a peer do n pieces of a work. @throws when it fails or takes more than 5 minutes. */
export async function runPeer({ dir, servers }: Bench, peer: string, work: Work, n: number): Promise<PeerOutcome> {
  const own = join(dir, 'peer')
  mkdirSync(own)
  const script = fileURLToPath(new URL(`${peer}.mjs`, import.meta.url))
  const child = spawn(process.execPath, [script, work, String(n)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...servers.env, BENCH_DIR: own },
    timeout: 300_000,
    killSignal: 'SIGKILL',
  })
  try {
    const ended = new Promise<string>((resolve) => child.once('close', (code, signal) => resolve(String(code ?? signal))))
    const [out, end] = await Promise.all([text(child.stdout), ended])
    if (end !== '0') throw new Error(`${peer} ended with ${end}`)
    return JSON.parse(out) as PeerOutcome
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}
