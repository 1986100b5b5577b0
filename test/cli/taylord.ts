import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** What a run of a command left. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts bin/taylord; what of it still runs when the test ends is killed. No TAYLORD_* variable of the surroundings reaches it. */
function start(args: readonly string[], env: Record<string, string>, program: string): ChildProcess {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('TAYLORD_'))
  const child = spawn(program, args, { env: { ...Object.fromEntries(clean), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Runs bin/taylord to its end. */
export function taylord(args: readonly string[], env: Record<string, string> = {}, program = `${root}bin/taylord`): Promise<Ran> {
  return begin(args, env, program).ended
}

/** Runs bin/taylord. @returns a way to send it a signal, what it has said so far, and what it left when it has ended. */
export function begin(
  args: readonly string[],
  env: Record<string, string> = {},
  program = `${root}bin/taylord`,
): { kill(signal: NodeJS.Signals): void; said(): Omit<Ran, 'code'>; ended: Promise<Ran> } {
  const child = start(args, env, program)
  const said = { stdout: '', stderr: '' }
  child.stdout!.setEncoding('utf8').on('data', (part: string) => (said.stdout += part))
  child.stderr!.setEncoding('utf8').on('data', (part: string) => (said.stderr += part))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }))
  return { kill: (signal) => void child.kill(signal), said: () => said, ended }
}

/** A daemon that listens. */
export interface Daemon {
  readonly pid: number
  readonly firstLine: string
  /** Of it, without a slash at the end. */
  readonly url: string
  /** Sends SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>
}

/** Starts a daemon and waits for its first line on stdout. */
export async function daemon(args: readonly string[], env: Record<string, string> = {}): Promise<Daemon> {
  const child = start(['serve', ...args], env, `${root}bin/taylord`)
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const stderr = text(child.stderr!)
  const line = once(createInterface({ input: child.stdout! }), 'line').then(([first]) => first as string)
  const firstLine = await Promise.race([
    line,
    ended.then(async (code) => Promise.reject(new Error(`it ended with ${code}: ${await stderr}`))),
  ])
  return {
    pid: child.pid!,
    firstLine,
    url: /http:\S+/.exec(firstLine)?.[0] ?? '',
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}
