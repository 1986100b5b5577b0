import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { OutcomeCode, StopOrder } from '../boss/ending.js'
import {
  daemonVariable,
  frameVersion,
  leaveCode,
  pipes,
  remoteVariable,
  tokenVariable,
  type Hello,
  type Ready,
  type StopFrame,
  type ToHost,
} from '../frames.js'
import { surveyTopology } from '../machine.js'
import { Spools } from '../outputs/spool.js'
import { Bench } from './bench.js'
import { allowedCpus } from './binding.js'
import { keepTogether } from './company.js'
import { startGuard } from './guard.js'
import { fenceOf } from './fence.js'
import { jobGroupOf, type JobGroup } from './job-group.js'
import { fcntl, prctl } from './libc.js'
import { Line } from './line.js'
import { Outbox } from './outbox.js'
import { makeOwnRun, type OwnRun } from './own-run.js'
import { Programs } from './programs.js'
import { RunPage } from './run-page.js'
import { Scratch } from './scratch.js'
import { Tasks } from './tasks.js'
import { withTicket } from './ticket.js'
import { directWire, type Wire } from './wire.js'

const setDeathSignal = 1
const sigkill = 9
const setDescriptorFlags = 2
const closeOnExec = 1

/** A worker host: one process that carries out one instruction at a time until the daemon is gone or closes the pipe. */
class Host {
  private readonly outbox: Outbox
  private jobGroup: JobGroup | undefined
  private page: RunPage | undefined
  private readonly bench = new Bench()
  private crafts: Tasks | Programs | undefined
  private busy = false
  private leaving = false
  private muted = false

  /** @param own what it has on its machine when that is not the daemon's. */
  constructor(
    private readonly wire: Wire,
    private readonly own: Own | undefined,
  ) {
    this.outbox = new Outbox(wire, (error) => this.mute(error), own?.ready.node)
    wire.listen(
      (frame, answered) => this.take(frame, answered),
      () => this.dismissed(),
    )
  }

  /** Takes one frame of the daemon. @param answered rows that it wants back have been given back. */
  private take(frame: ToHost, answered: boolean): void {
    if ('hello' in frame) this.begin(frame)
    else if ('ids' in frame) {
      if (this.own) frame.cpus = this.own.cpus
      this.bench.put(withTicket(frame))
      void this.work()
    } else if ('keep' in frame) {
      const kept = this.bench.keep(frame.f, frame.keep)
      if (!answered) this.outbox.say({ f: frame.f, kept })
    } else if ('stop' in frame) this.stop(frame)
    // an acknowledged report is of no interest to a host that dies with its daemon
  }

  /** The pipe is closed. A daemon that still lives wants this host to go: it kills those that do not heed being asked. */
  private dismissed(): void {
    if (this.own) return this.bench.clear() // the line ends this process
    if (!this.busy || process.ppid !== daemon) this.leave(0)
    this.leaving = true
    this.bench.clear()
    this.crafts?.close()
  }

  /** Ends this process; what it started goes with it. */
  leave(code: number): never {
    this.flush()
    this.crafts?.kill()
    process.exit(code)
  }

  /** Before the process ends: what was collected goes out. */
  flush(): void {
    try {
      this.outbox.flush()
      this.wire.drain()
    } catch {
      // nobody is there to read it
    }
  }

  /** Something was thrown that no task caught. */
  blame(error: unknown): void {
    if (this.crafts instanceof Tasks && this.crafts.blame(error)) return
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    this.leave(1)
  }

  private begin({ hello }: Hello): void {
    if (hello.version !== frameVersion) {
      process.stderr.write(
        `this host speaks version ${frameVersion} of the frames, the daemon ${hello.version}; install both from one package\n`,
      )
      this.leave(1)
    }
    const { own } = this
    const run = own?.run.file ?? hello.run ?? ''
    const page = new RunPage(run, own && ((f, row) => this.outbox.loads(f, row)))
    this.page = page
    const guard = startGuard(run, `${tokenVariable}=${process.env[tokenVariable]}`, hello.cgroup?.dir, own?.run.dir)
    page.guard(guard)
    keepTogether(guard)
    // behind the guard, which has to outlive the group
    const fence = fenceOf(hello.cgroup)
    const { job } = own?.ready ?? {}
    if (job !== undefined && hello.memory !== undefined) this.jobGroup = jobGroupOf(job, hello.memory)
    const spools = new Spools(hello.outputs, hello.output_bytes)
    const cpus = own?.cpus ?? allowedCpus()
    const topology = hello.topology ?? surveyTopology(cpus)
    this.crafts =
      hello.role === 'js'
        ? new Tasks(hello.kinds, this.outbox, spools, page, fence, hello.recycle, () => this.busy || this.leave(leaveCode))
        : new Programs(spools, topology, new Scratch(`${run}.d`), fence, this.jobGroup, this.outbox, page, hello.commands)
    this.outbox.say({
      ready: { version: frameVersion, pid: process.pid, cpus, ...own?.ready, ...(own && { outputs: existsSync(hello.outputs) }) },
    })
  }

  /** The pipe is gone by a fault of a task, and nobody can tell which: no row is to blame that runs when it shows. */
  private mute(error: unknown): never {
    this.page?.rests()
    if (!this.muted) process.stderr.write(`it cannot report any more: ${(error as Error).message}\n`)
    this.muted = true // what leaves flushes once more
    process.exit(1)
  }

  private stop({ f, stop: row, grace_ms: graceMs, o, ...told }: StopFrame): void {
    const order: StopOrder = { o: o as OutcomeCode, ...told }
    if (!this.bench.stop(f, row, order)) this.crafts?.stop(f, row, order, graceMs)
  }

  private async work(): Promise<void> {
    const { crafts } = this
    if (this.busy || !crafts) return
    this.busy = true
    let since = performance.now()
    /** It goes on where setImmediate let it: then the pipe is looked at before the next one does. */
    let isImmediate = false
    for (let next; (next = this.bench.take()); ) {
      if (crafts.avoids(next)) this.leave(leaveCode)
      const ending = crafts.carryOut(next)
      if (ending) {
        await ending
        isImmediate = false
      }
      if (this.leaving) this.leave(0)
      if (crafts.spoilt) {
        // what kept one row from beginning keeps the others of its frame
        for (let other; crafts.spoilt === 'module' && (other = this.bench.take(next.frame)); ) await crafts.carryOut(other)
        this.leave(leaveCode)
      }
      if (crafts.endedAt - since < crafts.sliceMs) continue
      // Slurm says from now on that its job is out of memory, whatever becomes of the rows that follow
      if (this.jobGroup && this.jobGroup.kills > 0) this.leave(leaveCode)
      // what the pipe says may be to begin no more; where a frame or the end of a row let this go on, the first comes before it is looked at
      if (!isImmediate) await setImmediate()
      await setImmediate()
      isImmediate = true
      since = performance.now()
    }
    this.busy = false
    this.outbox.flush()
  }
}

/** What a host has that is on another machine than its daemon. */
interface Own {
  readonly run: OwnRun
  /** Slurm has bound it. */
  readonly cpus: number[]
  readonly ready: Pick<Ready['ready'], 'job' | 'node' | 'cwd'>
}

function ownOf(environment: NodeJS.ProcessEnv): Own {
  const { SLURM_JOB_ID: job, SLURMD_NODENAME: node } = environment
  // not by its daemon: srun would carry it too, and may be on this machine
  const token = randomBytes(16).toString('hex')
  environment[tokenVariable] = token
  const ready = { ...(job !== undefined && { job }), ...(node !== undefined && { node }), cwd: process.cwd() }
  return { run: makeOwnRun(token), cpus: allowedCpus(), ready }
}

const isRemote = process.env[remoteVariable] === '1'
const daemon = Number(process.env[daemonVariable])
if (!isRemote) {
  prctl(setDeathSignal, sigkill, 0, 0, 0)
  if (process.ppid !== daemon) process.exit(1) // the daemon died before the signal was set
  // the daemon's terminal or service manager signals the whole group; the daemon decides what becomes of its hosts
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined)
}

// the guard and what tasks start must not keep the pipes open: by their ends the daemon and the host hear of each other
for (const fd of Object.values(pipes)) fcntl(fd, setDescriptorFlags, closeOnExec)

const own = isRemote ? ownOf(process.env) : undefined
const host = new Host(own ? new Line(own.run) : directWire, own)
process.on('exit', () => {
  host.flush()
  if (own) rmSync(own.run.dir, { recursive: true, force: true })
})
process.on('uncaughtException', (error) => host.blame(error))
