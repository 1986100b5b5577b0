import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import type { InstructionDocument } from '../../src/boss/instruction-document.js'
import type { ReportEntry } from '../../src/boss/report.js'
import { shelfOf } from './arrays.js'
import { assertAnswer } from './contract.js'
import { Listener } from './listener.js'
import { Logbook } from './logbook.js'
import { untilGone } from './processes.js'
import { tempDir } from './temp.js'
import { patience, scaled } from './scale.js'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
/** Kinds that tests use. */
export const testKinds = fileURLToPath(new URL('../kinds', import.meta.url))

/** An answer of the daemon. */
export interface Answer<T> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

/** A refusal as clients read it. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly [fact: string]: unknown
}
export interface Report {
  readonly boss: number
  readonly status: string
  readonly workers_report: ReportEntry[]
  readonly pending: number
  readonly next?: number
}
export interface Page<T> {
  readonly items: T[]
  readonly next?: string
}
export interface Appended {
  readonly count: number
  readonly first: number
  readonly last: number
}
type Ref = BossDocument | string | number
const refOf = (boss: Ref) => (typeof boss === 'object' ? boss.id : boss)

interface Call {
  readonly json?: unknown
  readonly body?: NonNullable<RequestInit['body']>
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

/** A daemon that runs for one test, and what a client says to it. */
export class Daemon {
  readonly pid: number
  /** Resolves when the process has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>

  constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly data: string,
    private stderr: string,
  ) {
    this.pid = child.pid ?? 0
    this.ended = endOf(child)
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()))
  }

  /** Its log so far. */
  get log(): string {
    return this.stderr
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** Ends it as an operator does, and holds that nothing is left over. */
  async stop(): Promise<void> {
    this.kill('SIGTERM')
    expect(await this.ended).toEqual({ code: 0, signal: null })
    await this.assertNothingLeft()
    expect(readdirSync(join(this.data, 'run'))).toEqual([])
  }

  /** Ends it as a power failure does; what it started follows. */
  async crash(): Promise<void> {
    this.kill('SIGKILL')
    await this.ended
    await this.assertNothingLeft()
  }

  /** No process of its hosts, their guards and programs is there any more. */
  assertNothingLeft(): Promise<void> {
    return untilGone(this.data)
  }

  async call<T>(method: string, path: string, { json, body, headers = {}, signal }: Call = {}): Promise<Answer<T>> {
    const given = json === undefined ? body : JSON.stringify(json)
    const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...type, ...headers },
      ...(given !== undefined && { body: given, duplex: 'half' as const }),
      ...(signal && { signal }),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    const contentType = response.headers.get('content-type') ?? ''
    const isJson = /[/+]json/.test(contentType)
    const answer: unknown = isJson ? JSON.parse(bytes.toString()) : bytes
    return { status: response.status, headers: response.headers, body: answer as T }
  }

  /** Sends a call without a body, and waits until the daemon has it: it answers 100 and goes on with it at once. */
  async begin(
    method: string,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<{ answer: Promise<{ status: number; body: unknown }> }> {
    const sent = request(`${this.url}${path}`, { method, headers: { ...headers, expect: '100-continue' } }).end()
    const answer = once(sent, 'response').then(async ([response]: IncomingMessage[]) => {
      const { statusCode: status = 0, headers } = response as IncomingMessage
      const body = await textOf(response as IncomingMessage)
      assertAnswer({ method, path: path.split('?')[0] ?? '', status, headers: new Headers(headers as Record<string, string>) }, body)
      return { status, body: JSON.parse(body) as unknown }
    })
    await once(sent, 'continue')
    return { answer }
  }

  get<T>(path: string, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.call('GET', path, headers && { headers })
  }

  post<T>(path: string, json?: unknown): Promise<Answer<T>> {
    return this.call('POST', path, { json })
  }

  async hire(asked: Record<string, unknown> = {}): Promise<BossDocument> {
    const { status, body } = await this.post<BossDocument>('/v1/bosses', asked)
    expect(status, JSON.stringify(body)).toBe(201)
    return body
  }

  async append(boss: Ref, table: Record<string, unknown>): Promise<Appended> {
    const { status, body } = await this.post<Appended>(`/v1/bosses/${refOf(boss)}/instructions`, table)
    expect(status, JSON.stringify(body)).toBe(201)
    return body
  }

  async tell(boss: Ref, signal: string, json?: unknown): Promise<BossDocument> {
    const { status, body } = await this.post<BossDocument>(`/v1/bosses/${refOf(boss)}/${signal}`, json)
    expect(status, JSON.stringify(body)).toBe(200)
    return body
  }

  async boss(boss: Ref): Promise<BossDocument> {
    const { body } = await this.get<BossDocument>(`/v1/bosses/${refOf(boss)}`)
    return body
  }

  async instruction(boss: Ref, id: number): Promise<InstructionDocument> {
    const { body } = await this.get<InstructionDocument>(`/v1/bosses/${refOf(boss)}/instructions/${id}`)
    return body
  }

  async report(boss: Ref, query = ''): Promise<Report> {
    const { body } = await this.get<Report>(`/v1/bosses/${refOf(boss)}/report${query}`)
    return body
  }

  /** Waits until a Boss is over; returns its final report, at most 10,000 entries of it. */
  async reportOnceOver(boss: Ref): Promise<Report> {
    const ask = () => this.get<Report>(`/v1/bosses/${refOf(boss)}/report?interim=false&limit=10000`, { prefer: `wait=${scaled(20, 240)}` })
    let answer = await ask()
    // Node's fetch waits for 5 minutes at most
    for (const end = Date.now() + patience(0); answer.status === 409 && Date.now() < end; ) answer = await ask()
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    await this.assertConsistent()
    return answer.body
  }

  /** Holds that what it has in memory agrees with itself and with its store. */
  async assertConsistent(): Promise<void> {
    const { body } = await this.get<{ breaches: string[] }>('/v1/debug/consistency')
    expect(body.breaches).toEqual([])
  }

  /** Every entry of a report, as NDJSON brings them. */
  async entries(boss: Ref): Promise<ReportEntry[]> {
    const { body } = await this.get<Buffer>(`/v1/bosses/${refOf(boss)}/report`, { accept: 'application/x-ndjson' })
    const lines = body.toString().split('\n').filter(Boolean)
    return lines.map((line) => JSON.parse(line) as ReportEntry)
  }

  /** Follows `path`, as in `/v1/events?since=0`, from now on. */
  listen(path: string): Promise<Listener> {
    return Listener.open(`${this.url.replace('http', 'ws')}${path}`)
  }
}

const endOf = (child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> =>
  new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))

/** How a daemon is started for a test. */
export interface Start {
  /** Data directory; a fresh one when absent. */
  readonly data?: string
  /** Directory of plugins; `test/kinds` when absent. */
  readonly plugins?: string
  /** Further arguments. */
  readonly args?: readonly string[]
  /** Command that starts it, as in `srun`. */
  readonly under?: readonly string[]
  /** Arguments of Node itself. */
  readonly node?: readonly string[]
  /** Further variables. */
  readonly env?: Readonly<Record<string, string>>
}

interface Launched {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly data: string
  /** Ends it, if it has not ended yet, and holds that nothing is left over. */
  end(): Promise<void>
}

function launch({ data, plugins = testKinds, args = [], under = [], node = [], env }: Start & { readonly data: string }): Launched {
  // hosts and programs inherit TMPDIR: by it a test finds whatever a daemon left behind
  const scratch = join(data, 'tmp')
  mkdirSync(scratch, { recursive: true })
  const serve = [...node, main, 'serve', '--port', '0', '--data', data, '--plugins', plugins, ...args]
  const [command = '', ...words] = [...under, process.execPath, ...serve]
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: scratch, ...env },
  })
  const shelf = shelfOf(data)
  const end = async () => {
    await endProcess()
    rmSync(shelf, { recursive: true, force: true }) // a test that failed halfway has arrays there
  }
  const endProcess = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exit = endOf(child)
    child.kill('SIGTERM')
    child.kill('SIGINT') // a second signal ends it at once
    await exit
    await untilGone(data)
    expect(readdirSync(join(data, 'run'))).toEqual([])
  }
  return { child, data, end }
}

async function untilListening({ child, data }: Launched): Promise<Daemon> {
  let out = ''
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      const [, address] = /^taylord listening on (http:\/\/\S+)\n/.exec(out) ?? []
      if (address !== undefined) resolve(address)
    })
    child.once('exit', (code, signal) => reject(new Error(`the daemon ended with ${code ?? signal}: ${err}`)))
  })
  return new Daemon(child, url, data, err)
}

/** Starts a real daemon that ends with the test; what it leaves behind then fails the test. */
export function startDaemon(start: Start = {}): Promise<Daemon> {
  const launched = launch({ ...start, data: start.data ?? join(tempDir(), 'data') })
  onTestFinished(launched.end)
  return untilListening(launched)
}

/** Starts a daemon that is expected to refuse to start. */
export async function startInVain(start: Start & { readonly data: string }): Promise<{ code: number | null; message: string }> {
  const { child, end } = launch(start)
  onTestFinished(end)
  let message = ''
  child.stderr.on('data', (chunk: Buffer) => (message += chunk.toString()))
  const { code } = await endOf(child)
  return { code, message }
}

/** A test with a `daemon` that those of its file share, one after the other, and a directory `dir` of its own. */
export const lineTestWith = (start: Omit<Start, 'data'>) =>
  test.extend<{ daemon: Daemon; dir: string; log: Logbook }>({
    daemon: [
      // oxlint-disable-next-line no-empty-pattern -- vitest reads from it which fixtures are wanted
      async ({}, use) => {
        const dir = mkdtempSync(join(tmpdir(), 'taylord-test-'))
        const launched = launch({ ...start, data: join(dir, 'data') })
        await use(await untilListening(launched))
        await launched.end()
        rmSync(dir, { recursive: true, force: true })
      },
      { scope: 'file' },
    ],
    // oxlint-disable-next-line no-empty-pattern -- as above
    dir: async ({}, use) => use(tempDir()),
    log: async ({ dir }, use) => use(new Logbook(dir)),
  })

export const lineTest = lineTestWith({})
