import { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { OutcomeCode, StopOrder } from '../boss/ending.js'
import { daemonVariable, frameVersion, leaveCode, pipes, tokenVariable, type Hello, type StopFrame, type ToHost } from '../frames.js'
import { Spools } from '../outputs/spool.js'
import { Bench } from './bench.js'
import { allowedCpus } from './binding.js'
import { keepTogether } from './company.js'
import { startGuard } from './guard.js'
import { fenceOf } from './fence.js'
import { fcntl, prctl } from './libc.js'
import { Outbox } from './outbox.js'
import { Programs } from './programs.js'
import { RunPage } from './run-page.js'
import { Scratch } from './scratch.js'
import { Tasks } from './tasks.js'
import { withTicket } from './ticket.js'

const setDeathSignal = 1
const sigkill = 9
const setDescriptorFlags = 2
const closeOnExec = 1

/** A worker host: one process that carries out one instruction at a time until the daemon is gone or closes the pipe. */
class Host {
  private readonly outbox = new Outbox((error) => this.mute(error))
  private page: RunPage | undefined
  private readonly bench = new Bench()
  private crafts: Tasks | Programs | undefined
  private busy = false
  private leaving = false
  private muted = false

  /** Takes one frame of the daemon. */
  take(frame: ToHost): void {
    if ('hello' in frame) this.begin(frame)
    else if ('ids' in frame) {
      this.bench.put(withTicket(frame))
      void this.work()
    } else if ('keep' in frame) this.outbox.say({ f: frame.f, kept: this.bench.keep(frame.f, frame.keep) })
    else if ('stop' in frame) this.stop(frame)
    // an acknowledged report is of no interest to a host that dies with its daemon
  }

  /** The pipe is closed. A daemon that still lives wants this host to go: it kills those that do not heed being asked. */
  dismissed(): void {
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
    const page = new RunPage(hello.run)
    this.page = page
    const guard = startGuard(hello.run, `${tokenVariable}=${process.env[tokenVariable]}`, hello.cgroup?.dir)
    page.guard(guard)
    keepTogether(guard)
    // behind the guard, which has to outlive the group
    const fence = fenceOf(hello.cgroup)
    const spools = new Spools(hello.outputs, hello.output_bytes)
    this.crafts =
      hello.role === 'js'
        ? new Tasks(hello.kinds, this.outbox, spools, page, fence, hello.recycle, () => this.busy || this.leave(leaveCode))
        : new Programs(spools, hello.topology, new Scratch(`${hello.run}.d`), fence, this.outbox, page)
    this.outbox.say({ ready: { version: frameVersion, pid: process.pid, cpus: allowedCpus() } })
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
    for (let next; (next = this.bench.take()); ) {
      if (crafts.avoids(next)) this.leave(leaveCode)
      const ending = crafts.carryOut(next)
      if (ending) await ending
      if (this.leaving) this.leave(0)
      if (crafts.spoilt) {
        // what kept one row from beginning keeps the others of its frame
        for (let other; crafts.spoilt === 'module' && (other = this.bench.take(next.frame)); ) await crafts.carryOut(other)
        this.leave(leaveCode)
      }
      if (crafts.endedAt - since < crafts.sliceMs) continue
      // twice: where a frame began this the first comes before the pipe is looked at again, and what it says may be to begin no more
      await setImmediate()
      await setImmediate()
      since = performance.now()
    }
    this.busy = false
    this.outbox.flush()
  }
}

const daemon = Number(process.env[daemonVariable])
prctl(setDeathSignal, sigkill, 0, 0, 0)
if (process.ppid !== daemon) process.exit(1) // the daemon died before the signal was set

// the guard and what tasks start must not keep the pipes open: by their ends the daemon and the host hear of each other
for (const fd of Object.values(pipes)) fcntl(fd, setDescriptorFlags, closeOnExec)

const host = new Host()
process.on('exit', () => host.flush())
process.on('uncaughtException', (error) => host.blame(error))
// the daemon's terminal or service manager signals the whole group; the daemon decides what becomes of its hosts
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined)

const inbox = new Socket({ fd: pipes.toHost, readable: true, writable: false })
let rest = ''
inbox.setEncoding('utf8')
inbox.on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) host.take(JSON.parse(line) as ToHost)
})
inbox.on('close', () => host.dismissed())
inbox.on('error', () => undefined) // it closes then
