import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** What the daemon answered, as text: what is compared later must be the bytes. */
export interface Answered {
  readonly status: number
  readonly text: string
}
interface Call {
  readonly json?: unknown
  readonly ndjson?: string
  readonly headers?: Record<string, string>
}

/** A real daemon outside of a test: soaks start it, kill it, and start it anew on the same data directory. */
export class Taylord {
  readonly pid: number
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  /** Address, once it listens; fails when it ends before. */
  readonly listening: Promise<string>
  url = ''
  log = ''
  private readonly child: ChildProcess

  /** @param plugins directory of worker kinds; null for none. @param args further arguments of `taylord serve`. @param env further variables. */
  constructor(
    data: string,
    plugins: string | null = here('../kinds'),
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ) {
    const scratch = join(data, 'tmp')
    mkdirSync(scratch, { recursive: true })
    const child = spawn(
      here('../../bin/taylord'),
      ['serve', '--port', '0', '--data', data, ...(plugins === null ? [] : ['--plugins', plugins]), '--log', 'warn', ...args],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, TMPDIR: scratch, ...env } },
    )
    this.child = child
    this.pid = child.pid ?? 0
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
    child.stderr.on('data', (chunk: Buffer) => (this.log = (this.log + chunk.toString()).slice(-100_000)))
    let out = ''
    this.listening = new Promise((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString()
        const [, url] = /^taylord listening on (http:\/\/\S+)\n/.exec(out) ?? []
        if (url !== undefined) resolve((this.url = url))
      })
      child.once('exit', (code, signal) => reject(new Error(`the daemon ended with ${code ?? signal}: ${this.log}`)))
    })
    this.listening.catch(() => {}) // whoever kills it before it listens does not wait for that
  }

  /** SIGKILL, as a power failure. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }

  /** Ends it as an operator does. @throws when it does not end well. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM')
    const { code, signal } = await this.ended
    if (code !== 0) throw new Error(`the daemon ended with ${code ?? signal} after SIGTERM: ${this.log}`)
  }

  /** @throws when no whole answer came: what was asked may have been done or not. */
  async call(method: string, path: string, { json, ndjson, headers = {} }: Call = {}): Promise<Answered> {
    const type = json !== undefined ? 'application/json' : ndjson !== undefined ? 'application/x-ndjson' : undefined
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...headers, ...(type && { 'content-type': type }) },
      ...(type && { body: ndjson ?? JSON.stringify(json) }),
    })
    return { status: response.status, text: await response.text() }
  }

  /** @throws when it is answered with anything but 2xx. */
  async ask<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const { status, text } = await this.call(method, path, call)
    if (status < 200 || status > 299) throw new Error(`${method} ${path} answered ${status}: ${text}`)
    return JSON.parse(text) as T
  }
}
