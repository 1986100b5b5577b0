import { statSync } from 'node:fs'
import { endedAs, outOfMemory, type Cause, type StopOrder } from '../boss/ending.js'
import type { CommandRules, WorkFrame } from '../frames.js'
import type { Spools } from '../outputs/spool.js'
import { affinity, NoBlock, type Affinity, type Topology } from '../topology.js'
import type { Row } from './bench.js'
import { Captured } from './captured.js'
import { timeText } from './clock.js'
import { environment, inherited } from './environment.js'
import { watched, type Fence, type Hold } from './fence.js'
import { CannotStart, findProgram, standardPath } from './find-program.js'
import { objectionUnder } from './kinds/command.js'
import type { JobGroup } from './job-group.js'
import { launch, type Launched } from './launch.js'
import { limitOf } from './memory.js'
import type { Done, Outbox } from './outbox.js'
import { Program, type Exit } from './program.js'
import { directoryOf, fileOf, secretOf, type Secret } from './rules.js'
import type { RunPage } from './run-page.js'
import type { Scratch } from './scratch.js'

const tailBytes = 2048

/** What the kind `command` takes, as its footprint resolved it. */
interface Command {
  readonly program: string
  readonly args: readonly string[]
  /** undefined when it adds no variable */
  readonly env: Readonly<Record<string, string | Secret>> | undefined
  readonly cwd: string | undefined
  readonly stdin: string | undefined
  readonly ok_codes: readonly number[]
  /** One of `tasksets`. */
  readonly taskset: string | undefined
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
  readonly sliceMs = 4
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
    private readonly jobGroup: JobGroup | undefined,
    private readonly outbox: Outbox,
    private readonly page: RunPage,
    private readonly rules: CommandRules = anything,
  ) {}

  /** Carries a row out and reports it. @returns a promise only if that is not done by now: most programs end soon. */
  carryOut(at: Row): void | Promise<void> {
    const { frame, row, stopped } = at
    this.page.begins(frame.f, row, limitOf(frame.a[row]), 0, this.fence ? 1 : 0)
    const start = this.outbox.beginsBriefly(frame.f, row, performance.now(), frame.prompt)
    const startedAt = Date.now()
    const ran = stopped ? { ended: { ...endedAs(stopped, 0), report: null }, cpu: 0, maxRss: null } : this.run(frame, row, start)
    if (!(ran instanceof Promise)) return this.report(at, startedAt, start, ran)
    this.outbox.flush() // now its beginning is told
    return ran.then((later) => this.report(at, startedAt, start, later))
  }

  private report({ frame, row }: Row, startedAt: number, start: number, { ended, cpu, maxRss, cpus = frame.cpus }: Ran): void {
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
  private run(frame: WorkFrame, row: number, start: number): Ran | Promise<Ran> {
    const spool = this.spools.attempt(frame.boss, frame.ids[row] ?? 0, frame.attempts[row] ?? 1)
    try {
      const { rules } = this
      const command = checked(frame.a[row] ?? {}, rules)
      const cwd = command.cwd === undefined ? this.scratch.make() : directoryOf(command.cwd, rules)
      const given = command.env && valuesOf(command.env, rules)
      const own = this.affinityOf(command, frame.scheduler_ticket ?? frame.ids[row] ?? 0)
      const env = environment(frame, row, own ? { ...own.env, ...given } : given, own?.cpus ?? frame.cpus)
      const path = (rules.programs ? undefined : given?.['PATH']) ?? inherited['PATH'] ?? standardPath
      const name = findProgram(command.program, path, cwd)
      const file = fileOf(command.program, name, rules)
      const streams = { stdout: new Captured(spool.stdout), stderr: new Captured(spool.stderr) }
      const { launched, hold } = this.within(frame, row, () => started(file, name, command, env, cwd, own?.bound ? own.cpus : undefined))
      this.page.program(launched.pid)
      const program = new Program(launched, streams.stdout, streams.stderr, hold)
      const ran = (exit: Exit, stopAs?: StopOrder): Ran => {
        this.page.program(0)
        if (command.cwd === undefined) this.scratch.clear()
        const stopped = stopAs && endedAs(stopAs, seconds(performance.now() - start))
        const ended = endedOf(exit, streams, command.ok_codes, stopped)
        spool.close()
        return { ended, cpu: exit.cpu, maxRss: exit.maxRss, ...(own && { cpus: own.cpus }) }
      }
      const exit = program.endsSoon()
      return exit ? ran(exit) : this.follow(frame.f, row, program).then(({ exit: later, stopAs }) => ran(later, stopAs))
    } catch (error) {
      spool.close()
      if (!(error instanceof CannotStart)) process.stderr.write(`${(error as Error).stack}\n`)
      const failure = { type: error instanceof CannotStart ? 'CannotStart' : (error as Error).name, message: (error as Error).message }
      return { ended: { outcome: 'failed', report: null, cause: 'start', error: failure }, cpu: 0, maxRss: null }
    }
  }

  /** Waits for a program that lives longer: it may be stopped meanwhile. */
  private async follow(f: number, row: number, program: Program): Promise<{ exit: Exit; stopAs: StopOrder | undefined }> {
    const current = { f, row, program, stopAs: undefined as StopOrder | undefined }
    this.current = current
    const exit = await program.ended()
    this.current = undefined
    return { exit, stopAs: current.stopAs }
  }

  /** Starts a program within the memory that its row has declared. */
  private within(frame: WorkFrame, row: number, start: () => Launched): { launched: Launched; hold: Hold | undefined } {
    const limit = limitOf(frame.a[row])
    if (this.jobGroup) {
      const hold = this.jobGroup.hold(limit) // before it starts: it counts from here
      return { launched: start(), hold }
    }
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

const valuesOf = (env: NonNullable<Command['env']>, rules: CommandRules) =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, secretOf(value, rules)]))

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

/** As it may be given: null and absent are the same. */
type Given = Pick<Command, 'program'> & { readonly [name in Exclude<keyof Command, 'program'>]?: Command[name] | null } & {
  readonly literal_cwd?: string | null
}

/** @throws {CannotStart} naming the attribute that is not what it must be. */
function checked(a: Readonly<Record<string, unknown>>, rules: CommandRules): Command {
  // an append has asked already, but not for what a ticket makes of a text
  const wrong = objectionUnder(rules)(a)
  if (wrong) throw new CannotStart(`"${wrong.attribute}" must be ${wrong.mustBe}`)
  const { program, args, env, cwd, literal_cwd: literal, stdin, ok_codes: okCodes, taskset, taskset_bsize: size } = a as Given
  return {
    program,
    args: args ?? [],
    env: env && Object.keys(env).length > 0 ? env : undefined,
    cwd: cwd ?? literal ?? undefined,
    stdin: stdin ?? undefined,
    ok_codes: okCodes ?? [0],
    taskset: taskset ?? undefined,
    taskset_bsize: size ?? 1,
  }
}
