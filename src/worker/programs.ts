import { statSync } from 'node:fs'
import { endedAs, outOfMemory, type Cause, type StopOrder } from '../boss/ending.js'
import { tokenVariable, type CommandRules, type WorkFrame } from '../frames.js'
import type { Spool, Spools } from '../outputs/spool.js'
import { affinity, NoBlock, type Affinity, type Topology } from '../topology.js'
import type { Row } from './bench.js'
import { Captured } from './captured.js'
import { timeText } from './clock.js'
import { watched, type Fence, type Hold } from './fence.js'
import { directoryOf, fileOf, secretOf, type Secret } from './rules.js'
import { objectionUnder } from './kinds/command.js'
import { CannotStart, findProgram, standardPath } from './find-program.js'
import { launch, type Launched } from './launch.js'
import { limitOf } from './memory.js'
import type { Done, Outbox } from './outbox.js'
import { Program, type Exit } from './program.js'
import type { RunPage } from './run-page.js'
import type { Scratch } from './scratch.js'

const tailBytes = 2048
/** For how long a program's start may go unsaid: those that take less are told of with others. */
const unsaidMs = 4

/** What the kind `command` takes, as its footprint resolved it. */
interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | Secret>>
  readonly cwd?: string
  readonly stdin?: string
  readonly ok_codes: readonly number[]
  /** One of `tasksets`. */
  readonly taskset?: string
  readonly taskset_bsize: number
}

type Ended = Pick<Done['ending'], 'outcome' | 'report' | 'cause' | 'error' | 'exit_code' | 'signal' | 'limit' | 'measured' | 'stderr_tail'>
type Usage = Done['ending']['usage']
interface Ran {
  readonly ended: Ended
  readonly cpu: number
  readonly maxRss: number | null
  /** Where it ran, if not on all CPUs of its place. */
  readonly cpus?: readonly number[]
}

/** Any program, and no secrets. */
const anything: CommandRules = { variables: [], secrets: {} }

/** Carries out rows of the kind `command`, one program at a time. Runs no code of users. */
export class Programs {
  readonly spoilt = undefined
  /** Each program is a process of its own. */
  readonly avoids = () => false
  /** When the last row ended, as the clock of `performance` says. */
  endedAt = 0
  private current: { f: number; row: number; program: Program; stopAs: StopOrder | undefined } | undefined

  constructor(
    private readonly spools: Spools,
    private readonly topology: Topology,
    private readonly scratch: Scratch,
    private readonly fence: Fence | undefined,
    private readonly outbox: Outbox,
    private readonly page: RunPage,
    private readonly rules: CommandRules = anything,
  ) {}

  /** Carries a row out and reports it. */
  async carryOut({ frame, row, stopped }: Row): Promise<void> {
    const startedAt = Date.now()
    const start = performance.now()
    this.page.begins(frame.f, row, limitOf(frame.a[row]), 0, this.fence ? 1 : 0)
    this.outbox.begins(frame.f, row, start, frame.prompt ? 0 : unsaidMs)
    const refused: Ran | undefined = stopped && { ended: { ...endedAs(stopped, 0), report: null }, cpu: 0, maxRss: null }
    const { ended, cpu, maxRss, cpus = frame.cpus } = refused ?? (await this.run(frame, row, start))
    this.endedAt = performance.now()
    const ms = this.endedAt - start
    this.page.rests()
    const usage: Usage = { wall: seconds(ms), cpu, max_rss: maxRss }
    this.outbox.report({
      f: frame.f,
      row,
      ms,
      ending: {
        name: frame.names[row] ?? '',
        kind: frame.kind,
        ...ended,
        attempt: frame.attempts[row] ?? 1,
        scheduler_ticket: frame.scheduler_ticket,
        cpus: [...cpus],
        started_at: timeText(startedAt),
        finished_at: timeText(startedAt + ms),
        usage,
      },
    })
    if (frame.prompt) this.outbox.flush()
  }

  /** Ends the program of this row, if it is the one that runs: SIGTERM to its group, SIGKILL after the grace. */
  stop(f: number, row: number, order: StopOrder, graceMs: number): void {
    const { current } = this
    if (!current || current.f !== f || current.row !== row || current.stopAs !== undefined) return
    current.stopAs = order
    current.program.stop(graceMs)
  }

  /** Asks whatever runs to end. */
  close(): void {
    this.current?.program.terminate()
  }

  /** Ends whatever runs, at once. */
  kill(): void {
    this.current?.program.kill()
  }

  /** @param start as the clock of `performance` says. */
  private async run(frame: WorkFrame, row: number, start: number): Promise<Ran> {
    let spool: Spool | undefined
    try {
      const { rules } = this
      const command = checked(frame.a[row] ?? {}, rules)
      const cwd = command.cwd === undefined ? this.scratch.make() : directoryOf(command.cwd, rules)
      const given = Object.fromEntries(Object.entries(command.env).map(([name, value]) => [name, secretOf(value, rules)]))
      const own = this.affinityOf(command, frame.scheduler_ticket ?? frame.ids[row] ?? 0)
      const env = environment(frame, row, { ...own?.env, ...given }, own?.cpus ?? frame.cpus)
      const path = (rules.programs ? undefined : given['PATH']) ?? inherited['PATH'] ?? standardPath
      const name = findProgram(command.program, path, cwd)
      const file = fileOf(command.program, name, rules)
      spool = this.spools.attempt(frame.boss, frame.ids[row] ?? 0, frame.attempts[row] ?? 1)
      const streams = { stdout: new Captured(spool.stdout), stderr: new Captured(spool.stderr) }
      const { launched, hold } = this.within(frame, row, () => started(file, name, command, env, cwd, own?.bound ? own.cpus : undefined))
      const program = new Program(launched, streams.stdout, streams.stderr, hold)
      const current = { f: frame.f, row, program, stopAs: undefined as StopOrder | undefined }
      this.current = current
      this.page.program(program.pid)
      const exit = await program.ended
      this.page.program(0)
      this.current = undefined
      if (command.cwd === undefined) this.scratch.clear()
      const stopped = current.stopAs && endedAs(current.stopAs, seconds(performance.now() - start))
      const ended = endedOf(exit, streams, command.ok_codes, stopped)
      return { ended, cpu: exit.cpu, maxRss: exit.maxRss, ...(own && { cpus: own.cpus }) }
    } catch (error) {
      if (!(error instanceof CannotStart)) process.stderr.write(`${(error as Error).stack}\n`)
      const failure = { type: error instanceof CannotStart ? 'CannotStart' : (error as Error).name, message: (error as Error).message }
      return { ended: { outcome: 'failed', report: null, cause: 'start', error: failure }, cpu: 0, maxRss: null }
    } finally {
      spool?.close()
    }
  }

  /** Starts a program within the memory that its row has declared. */
  private within(frame: WorkFrame, row: number, start: () => Launched): { launched: Launched; hold: Hold | undefined } {
    const limit = limitOf(frame.a[row])
    if (limit === 0) return { launched: start(), hold: undefined }
    // shared arrays belong to all of a Boss and would be counted where they are touched first
    if (!this.fence || frame.arrays) return { launched: start(), hold: watched(limit) }
    const { started: launched, hold } = this.fence.launch(limit, start)
    return { launched, hold }
  }

  /** Where it shall run, if it says so. @param number of the block: its ticket, or its own number where there is none. @throws {CannotStart} */
  private affinityOf({ taskset, taskset_bsize: size }: Command, number: number): Affinity | undefined {
    try {
      return taskset === undefined ? undefined : affinity(this.topology, taskset, size, number)
    } catch (error) {
      throw error instanceof NoBlock ? new CannotStart(`"taskset": ${error.message}`) : error
    }
  }
}

function started(file: string, name: string, command: Command, env: readonly string[], cwd: string, cpus: readonly number[] | undefined) {
  try {
    return launch(file, name, command.args, env, cwd, command.stdin, cpus)
  } catch (error) {
    // the kernel answers a missing directory with the same word as a missing program
    if (!isDirectory(cwd)) throw new CannotStart(`its directory ${cwd} is not there; make it, or leave "cwd" out for a fresh one`)
    throw error
  }
}

/** With the microsecond as its last digit. */
const seconds = (ms: number) => Math.round(ms * 1000) / 1e6

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function endedOf(
  exit: Exit,
  streams: { stdout: Captured; stderr: Captured },
  okCodes: readonly number[],
  stopped: ReturnType<typeof endedAs> | undefined,
): Ended {
  const [stdout, stderr] = [streams.stdout.end(), streams.stderr.end()]
  const truncated = stdout.truncated || stderr.truncated
  const rc = exit.code ?? null
  const cut = (stdout.cut || stderr.cut) && { ...(stdout.cut && { stdout: stdout.cut }), ...(stderr.cut && { stderr: stderr.cut }) }
  const report = { rc, stdout: stdout.text, stderr: stderr.text, ...(truncated && { truncated }), ...(cut && { cut }) }
  if (!stopped && !exit.oom && rc !== null && okCodes.includes(rc)) return { outcome: 'succeeded', report }
  const tail = streams.stderr.lastLines(tailBytes)
  const facts = {
    report,
    ...(tail !== '' && { stderr_tail: tail }),
    ...(rc !== null && { exit_code: rc }),
    ...(exit.signal !== undefined && { signal: exit.signal }),
  }
  if (stopped) return { ...stopped, ...facts }
  if (exit.oom) return { outcome: 'failed', cause: 'oom', error: outOfMemory(exit.oom), ...facts, ...exit.oom }
  const cause: Cause = exit.signal === undefined ? 'exit' : 'signal'
  const message = exit.signal === undefined ? `the program ended with exit code ${rc}` : `the program was ended by ${exit.signal}`
  return { outcome: 'failed', cause, error: { type: exit.signal === undefined ? 'ExitCode' : 'Signal', message }, ...facts }
}

/** Variables of this process, which do not change. */
const variables = (names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
const inherited = variables(['PATH', 'HOME', 'LANG', 'TMPDIR'])
const token = variables([tokenVariable])

/** A clean environment: nothing of the daemon's own, what tells the program who it is, and what the instruction adds. */
function environment(
  { boss, ids, names, attempts, scheduler_ticket, arrays = {} }: WorkFrame,
  row: number,
  own: Readonly<Record<string, string>>,
  cpus: readonly number[],
): string[] {
  const told = {
    TAYLORD_BOSS: boss,
    TAYLORD_INSTRUCTION: ids[row],
    TAYLORD_NAME: names[row],
    TAYLORD_ATTEMPT: attempts[row],
    TAYLORD_TICKET: scheduler_ticket ?? '',
    TAYLORD_CPUS: cpus.join(','),
    ...Object.fromEntries(Object.entries(arrays).map(([array, path]) => [`TAYLORD_ARRAY_${array}`, path])),
  }
  const all = { ...inherited, ...told, ...own, ...token }
  return Object.entries(all).map(([name, value]) => `${name}=${value}`)
}

/** @throws {CannotStart} naming the attribute that is not what it must be. */
function checked(a: Readonly<Record<string, unknown>>, rules: CommandRules): Command {
  // an append has asked already, but not for what a ticket makes of a text
  const wrong = objectionUnder(rules)(a)
  if (wrong) throw new CannotStart(`"${wrong.attribute}" must be ${wrong.mustBe}`)
  const {
    program,
    args,
    env,
    cwd,
    stdin,
    ok_codes: okCodes,
    taskset,
    taskset_bsize: size,
  } = a as Partial<Record<keyof Command, null>> & Command
  return {
    program,
    args: args ?? [],
    env: env ?? {},
    ok_codes: okCodes ?? [0],
    taskset_bsize: size ?? 1,
    ...(cwd != null && { cwd }),
    ...(stdin != null && { stdin }),
    ...(taskset != null && { taskset }),
  }
}
