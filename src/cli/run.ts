import { statSync } from 'node:fs'
import { constants } from 'node:os'
import { bodyOf, Client, Refused, type Boss, type NewBoss } from '../client/client.js'
import { assertUrl, clientOf, hasSucceeded, totalOf } from './connect.js'
import { asDescription, readFile } from './description.js'
import { remarkIgnored } from './meant.js'
import { startOwnDaemon, type OwnDaemon } from './own-daemon.js'
import { printDocument, printReports, type ReportHead } from './print-report.js'
import { Progress } from './progress.js'
import { BadUsage, type Asked } from './verb.js'

/** How long a stopped Boss is waited for: its workers' grace, and a little more. */
const stoppingMs = 8_000

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/**
 * `taylord run FILE`: taylorism's `batch_main` on the command line.
 * @returns the exit code; 128 + the signal when it was interrupted.
 */
export async function run(asked: Asked): Promise<number> {
  const [file = ''] = asked.exactly('a FILE that describes a Boss')
  const [server, plugins] = [asked.text('server'), asked.text('plugins')]
  if (server !== undefined && plugins !== undefined)
    throw new BadUsage('--plugins is for a daemon of its own; the one at --server has its plugins already')
  if (server !== undefined) assertUrl('--server', server)
  if (plugins !== undefined && !statSync(plugins, { throwIfNoEntry: false })?.isDirectory())
    throw new BadUsage(`--plugins takes a directory of worker kinds; ${plugins} is none`)
  const description = asDescription(file, readFile(file))
  let own: OwnDaemon | undefined
  const interruption = new Interruption(() => own)
  try {
    if (server === undefined) own = await startOwnDaemon(plugins, description['verbose'] === true ? 'info' : 'warn', description['crew'])
    const client = own ? new Client(own.url) : await clientOf(asked)
    const work = carryOut(client, { file, json: asked.flag('json') }, description, interruption)
    return await (own ? Promise.race([work, own.lost]) : work)
  } finally {
    await own?.end()
    interruption.forget()
  }
}

async function carryOut(
  client: Client,
  { file, json }: { readonly file: string; readonly json: boolean },
  description: Readonly<Record<string, unknown>>,
  interruption: Interruption,
): Promise<number> {
  const boss = await client.create({ ...(description as NewBoss), start: true, end: true }).catch((error: Error) => {
    throw error instanceof Refused ? new Refused(error.status, error.code, `${file}: ${error.message}`, error.facts) : error
  })
  remarkIgnored(boss)
  const progress = new Progress(process.stderr, totalOf(boss))
  const over = untilOver(client, boss, progress)
  const signal = await Promise.race([over, interruption.heard])
  progress.end()
  if (signal) return stop(client, boss, over, signal)
  if (json) await printDocument(process.stdout, await headOf(client, boss), client.reportLines(boss.id))
  else await printReports(process.stdout, client.reportLines(boss.id))
  const ended = await client.boss(boss.id)
  return hasSucceeded(ended) ? 0 : 1
}

async function untilOver(client: Client, { id }: Boss, progress: Progress): Promise<void> {
  for await (const event of client.follow(id)) progress.hear(event)
}

async function headOf(client: Client, { id }: Boss): Promise<ReportHead> {
  const params = { path: { boss: String(id) }, query: { interim: false, limit: 1 } }
  const { boss, status, pending } = (await bodyOf(client.api.GET('/v1/bosses/{boss}/report', { params }))) as ReportHead
  return { boss, status, pending }
}

/** As taylorism's batch_main when it is interrupted: stops everything, waits for that, prints no report. */
async function stop(client: Client, { id }: Boss, over: Promise<void>, signal: Signal): Promise<number> {
  process.stderr.write(`taylord: ${signal}: stopping Boss ${id}\n`)
  await client.api.POST('/v1/bosses/{boss}/stop', { params: { path: { boss: String(id) }, query: { now: true } } })
  await Promise.race([over, new Promise((resolve) => setTimeout(resolve, stoppingMs).unref())])
  return 128 + constants.signals[signal]
}

/** Ctrl-C and its like. */
class Interruption {
  /** Resolves at the first signal. */
  readonly heard: Promise<Signal>
  private readonly listeners = new Map<Signal, () => void>()

  /** @param own the daemon that goes with this process at the second signal. */
  constructor(own: () => OwnDaemon | undefined) {
    let before = false
    this.heard = new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        const listener = () => {
          const leave = () => process.exit(128 + constants.signals[signal])
          if (before) void (own()?.end() ?? Promise.resolve()).then(leave)
          before = true
          resolve(signal)
        }
        this.listeners.set(signal, listener)
        process.on(signal, listener)
      }
    })
  }

  forget(): void {
    for (const [signal, listener] of this.listeners) process.off(signal, listener)
  }
}
