import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { frameVersion, leaveCode, pipes, type FromRemote, type ReportFrame, type RunningRow } from '../frames.js'
import { descendantsOf, ownMiB, peakMiB, signalAll, signalGroup } from '../processes.js'
import type { Batch, Role } from './crew.js'
import { Conversation } from './conversation.js'
import { hostEnvironment } from './environment.js'
import { hostEndOf, type Overdrawn } from './host-end.js'
import { groupsFor, type HostGroups } from './host-groups.js'
import { helloOf, type HostListener, type HostSettings } from './host-settings.js'
import { makeRunFile, readRunFile } from './run-file.js'
import { TakeBacks } from './take-backs.js'

const hostMain = fileURLToPath(new URL('../worker/main.js', import.meta.url))
/** How long a pipe may stay open after its host has gone: only something that inherited it can hold it. */
const lingerMs = 200
const tailBytes = 4096

/** One worker host: a process bound to its CPU set before exec, with a pipe for each direction. */
export class Host {
  pid: number | null = null
  private readonly token = randomBytes(16).toString('hex')
  private readonly run: string
  private readonly takeBacks = new TakeBacks(this.running.bind(this), this.kept.bind(this))
  private child: ChildProcess | undefined
  private readonly talk = new Conversation({
    heard: (frame) => this.hear(frame),
    reported: (head, lines) => this.listener.reported(head, lines),
    misheard: (error) => {
      this.muted = true
      this.keepTail(Buffer.from(`what it said cannot be: ${error.message}\n`))
      this.kill()
    },
  })
  private wasReady = false
  private tail = Buffer.alloc(0)
  private over = false
  /** It lives and cannot be understood any more, or says nothing for ever. */
  private muted = false
  /** The row for which it was killed, because of its memory. */
  private overdrawn: Overdrawn | undefined
  private groups: HostGroups | undefined
  /** Resolves when nothing of it is left on disk. */
  cleared: Promise<void> = Promise.resolve()

  constructor(
    readonly id: number,
    readonly role: Role,
    readonly cpus: readonly number[],
    private readonly settings: HostSettings,
    private readonly listener: HostListener,
  ) {
    this.run = join(settings.runDir, `${process.pid}-${id}`)
  }

  /** Starts the process. What goes wrong is told by `ended`. */
  start(): void {
    if (this.over) return
    const { settings, role, cpus } = this
    try {
      makeRunFile(this.run, this.token)
      this.groups = groupsFor(settings.cgroups, this.id)
      const [file, args] =
        cpus.length === 0 ? [process.execPath, [hostMain]] : ['taskset', ['-c', cpus.join(','), process.execPath, hostMain]]
      const child = spawn(file, args, {
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
        detached: true,
        env: hostEnvironment(this.token),
      })
      // too many open files: then it has no pipes at all, and its error comes in a moment
      if ((child.stdio as unknown) === undefined) return void child.once('error', (error) => this.end(null, null, error.message))
      this.child = child
    } catch (error) {
      setImmediate(() => this.end(null, null, (error as Error).message))
      return
    }
    const cgroup = this.groups && { cgroup: this.groups.own }
    this.attach(this.child, helloOf(settings, role, { ...cgroup, run: this.run, topology: settings.topology }))
  }

  /** Frames that it holds, the one being carried out first. */
  get held(): Conversation['held'] {
    return this.talk.held
  }

  /** Since when it has nothing to do, ms since 1970. */
  get idleSince(): number {
    return this.talk.idleSince
  }

  send(batch: Batch): void {
    this.talk.send(batch, this.cpus)
  }

  write(line: string): void {
    this.talk.write(line)
  }

  /** Wants the rows of a frame back from `row` on; `kept` of the listener tells which came. */
  takeBack(f: number, row: number): void {
    this.talk.write(`{"f":${f},"keep":${row}}\n`)
    this.talk.post()
    this.takeBacks.asked(f, row, this.talk.isWritten && this.role === 'js')
  }

  /** Report frame `r` and all before it are on disk. */
  acknowledge(r: number): void {
    this.talk.acknowledge(r)
  }

  /** The row that its run file says is being carried out. */
  running(): RunningRow | undefined {
    return readRunFile(this.run)?.running
  }

  /** Asks it to go: it does when the pipe closes. */
  dismiss(): void {
    if (this.child) this.talk.end()
    else this.end(null, null, 'it was not needed any more')
  }

  /** Asks what it started to end; a task's process hears it too and goes on. What was written to it before is there before. */
  terminate(): void {
    if (this.pid === null || this.over) return
    this.talk.post()
    signalGroup(this.pid, 'SIGTERM')
  }

  /** Ends it and what it started, at once. */
  kill(): void {
    if (this.pid === null || this.over) return
    const state = readRunFile(this.run)
    signalGroup(state?.program ?? 0, 'SIGKILL')
    // its guard has to outlive it
    signalAll(descendantsOf(this.pid, state?.guard), 'SIGKILL')
    signalGroup(this.pid, 'SIGKILL')
  }

  /** Ends it if its row took more than it may, or if the kernel has ended part of it for that. */
  holdToLimit(row: RunningRow): void {
    const { pid } = this
    if (this.overdrawn || pid === null) return
    if (row.fence > 0) this.overdrawn = this.groups?.overdrawnBy(row)
    else {
      const measured = tenths(ownMiB([pid, ...descendantsOf(pid)], row.base + row.limit) - row.base)
      if (measured > row.limit) this.overdrawn = { row, measured, maxRss: peakMiB(pid) }
    }
    if (this.overdrawn) this.kill()
  }

  private attach(child: ChildProcess, hello: object): void {
    this.pid = child.pid ?? null
    const piped = this.talk.begin(child.stdio[pipes.toHost] as Socket, child.stdio[pipes.fromHost] as Socket, hello)
    // a host that lives and cannot report is of no use: a task may have closed what it reports by
    void piped
      .then(() => sleep(lingerMs, undefined, { ref: false }))
      .then(() => {
        if (this.over) return
        this.muted = true
        this.kill()
      })
    child.stdout?.on('data', (chunk: Buffer) =>
      this.settings.log.debug({ host: this.id, text: chunk.toString() }, 'a host wrote to stdout'),
    )
    child.stderr?.on('data', (chunk: Buffer) => this.keepTail(chunk))
    child.once('error', (error) => {
      if (this.pid === null) this.end(null, null, error.message)
    })
    child.once('exit', (code, signal) => {
      this.talk.hearOut() // what it had said is little
      // reports that it wrote before its death come first; a turn more, for this process itself may have been busy all the while
      const waited = sleep(lingerMs, undefined, { ref: false }).then(() => turn())
      void Promise.race([piped, waited]).then(() => this.end(code, signal, undefined))
    })
  }

  private hear(frame: Exclude<FromRemote, ReportFrame>): void {
    if ('ready' in frame) {
      if (frame.ready.version !== frameVersion) {
        this.keepTail(Buffer.from(`it speaks version ${frame.ready.version} of the frames, this daemon ${frameVersion}\n`))
        return this.kill()
      }
      this.wasReady = true
      this.listener.ready()
    } else if ('started' in frame) {
      this.takeBacks.began(frame.f, frame.started)
      this.listener.started(frame.f, frame.started)
    } else if ('progress' in frame) this.listener.progress(frame.f, frame.progress, frame.value)
    else if ('kept' in frame && this.takeBacks.answered(frame.f)) this.kept(frame.f, frame.kept)
  }

  /** Rows of a frame from `kept` on are not with the host any more. */
  private kept(f: number, kept: number): void {
    this.talk.kept(f, kept)
    this.listener.kept(f, kept)
  }

  private end(code: number | null, signal: string | null, reason: string | undefined): void {
    if (this.over) return
    this.over = true
    this.takeBacks.clear()
    const state = readRunFile(this.run)
    // what harmed its pipe need not be what runs when that has shown
    const running = this.muted ? undefined : state?.running
    const left = this.wasReady && code === leaveCode && !running
    // its guard does the same a moment later, from this file and for all else that carries the token
    if (state) signalGroup(state.program, 'SIGKILL')
    rmSync(this.run, { force: true })
    // what programs left behind may be a large tree; what is not removed now a later start removes
    const fenced = signal === 'SIGKILL' && running ? this.groups?.overdrawnBy(running) : undefined
    const removed = this.groups?.remove()
    this.cleared = rm(`${this.run}.d`, { recursive: true, force: true }).then(
      () => removed,
      () => removed,
    )
    const first = this.held[0]
    const end = hostEndOf({
      frames: this.held.map(({ f }) => f),
      first: first && { f: first.f, row: first.reported },
      wasReady: this.wasReady,
      left,
      running,
      code,
      signal,
      reason,
      overdrawn: this.overdrawn ?? fenced,
      stderrTail: this.tail.toString(),
    })
    this.listener.ended(end, this.wasReady, left)
  }

  private keepTail(chunk: Buffer): void {
    this.tail = Buffer.concat([this.tail, chunk]).subarray(-tailBytes)
    this.settings.log.debug({ host: this.id, text: chunk.toString() }, 'a host wrote to stderr')
  }
}

const tenths = (amount: number) => Math.round(amount * 10) / 10
