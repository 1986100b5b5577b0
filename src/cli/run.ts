import { constants } from 'node:os'
import { bodyOf, Client, Refused, Unreachable, type Boss, type NewBoss } from '../client/client.js'
import { BadUsage, readArguments, readDescription, type RunArguments } from './arguments.js'
import { startOwnDaemon, type OwnDaemon } from './own-daemon.js'
import { printDocument, printReports, type ReportHead } from './print-report.js'
import { Progress } from './progress.js'

/** Its lines of `taylord --help`. */
export const runHelp = `Options of run:
  --server URL   a daemon that is there; default: one of its own, for this run alone
  --plugins DIR  directory of worker kinds, for a daemon of its own
  --json         print the report as one JSON document

FILE describes a Boss as POST /v1/bosses takes it, in JSON (*.json) or YAML. Progress goes to stderr, the reports to stdout.
It ends with 0 when all succeeded, 1 when one did not, 2 when FILE or an option is wrong, 4 when the daemon cannot be reached.
Ctrl-C stops the Boss and what runs; a second one does not wait for it.`

/** Exit codes. */
const allSucceeded = 0
const oneDidNot = 1
const wrong = 2
const unreachable = 4

/** How long a stopped Boss is waited for: its workers' grace, and a little more. */
const stoppingMs = 8_000

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/**
 * `taylord run FILE`: taylorism's `batch_main` on the command line.
 * @returns the exit code; 128 + the signal when it was interrupted.
 */
export async function run(args: readonly string[]): Promise<number> {
  let own: OwnDaemon | undefined
  const interruption = new Interruption(() => own)
  process.stdout.on('error', () => undefined) // who writes hears of it, too
  try {
    const asked = readArguments(args)
    const description = readDescription(asked.file)
    if (asked.server === undefined) own = await startOwnDaemon(asked.plugins, description['verbose'] === true ? 'info' : 'warn')
    const work = carryOut(new Client(own?.url ?? asked.server ?? ''), asked, description, interruption)
    return await (own ? Promise.race([work, own.lost]) : work)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 128 + constants.signals.SIGPIPE // as in `taylord run FILE | head -1`
    if (!(error instanceof BadUsage || error instanceof Refused || error instanceof Unreachable)) throw error
    process.stderr.write(`taylord: ${error.message}\n`)
    return error instanceof Unreachable || (error instanceof Refused && error.status >= 500) ? unreachable : wrong
  } finally {
    await own?.end()
    interruption.forget()
  }
}

async function carryOut(
  client: Client,
  { file, json }: RunArguments,
  description: Readonly<Record<string, unknown>>,
  interruption: Interruption,
): Promise<number> {
  const boss = await client.create({ ...(description as NewBoss), start: true, end: true }).catch((error: Error) => {
    throw error instanceof Refused ? new Refused(error.status, error.code, `${file}: ${error.message}`, error.facts) : error
  })
  const { pending, working, succeeded, failed, cancelled } = boss.counts
  const progress = new Progress(process.stderr, pending + working + succeeded + failed + cancelled)
  const over = untilOver(client, boss, progress)
  const signal = await Promise.race([over, interruption.heard])
  progress.end()
  if (signal) return stop(client, boss, over, signal)
  if (json) await printDocument(process.stdout, await headOf(client, boss), client.reportLines(boss.id))
  else await printReports(process.stdout, client.reportLines(boss.id))
  const { counts, status } = await client.boss(boss.id)
  return status === 'finished' && counts.failed + counts.cancelled === 0 ? allSucceeded : oneDidNot
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
