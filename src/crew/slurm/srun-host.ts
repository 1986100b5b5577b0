import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { frameVersion, type FromRemote, type Ready, type ReportFrame } from '../../frames.js'
import type { Batch, Role } from '../crew.js'
import { Conversation } from '../conversation.js'
import { remoteEnvironment } from '../environment.js'
import { helloOf, type HostRules } from '../host-settings.js'
import type { HostClass, SlurmSettings } from './settings.js'

const hostMain = fileURLToPath(new URL('../../worker/main.js', import.meta.url))
/** Gives the host its frames on pipes of their own, and what a task writes to stdout to srun's stderr. */
const wrap = 'exec 3<&0 4>&1 </dev/null >&2; exec "$0" "$@"'
/** How long a pipe may stay open after srun has gone. */
const lingerMs = 200
const tailBytes = 4096

/** What a host tells its crew. */
export interface SrunListener {
  ready(): void
  reported(head: ReportFrame, lines: Uint8Array): void
  started(f: number, row: number): void
  kept(f: number, row: number): void
  progress(f: number, row: number, value: unknown): void
  /** It cannot be used. @param why for a person. */
  unfit(why: string): void
  /** Its srun is gone. That need not be so of what it had started. */
  gone(code: number | null, signal: string | null): void
}

/** A host that Slurm starts somewhere: one srun, whose pipes are its pipes. */
export class SrunHost {
  /** `waiting` for Slurm; `ready`; `leaving` when it was told to; `lost`: nothing is believed of it any more. */
  state: 'waiting' | 'ready' | 'leaving' | 'lost' = 'waiting'
  job: string | undefined
  node: string | undefined
  cpus: readonly number[] = []
  /** Why it waits, by Slurm's word. */
  reason: string | undefined
  /** The row that it carries out. */
  running: { readonly f: number; readonly row: number; readonly loading: boolean } | undefined
  /** When it was asked for, began, was last heard, was last spoken to, was told to leave: ms since 1970. */
  readonly askedAt = Date.now()
  readyAt = 0
  heardAt = 0
  spokenAt = 0
  leftAt = 0
  /** Whether it never had anything to do. */
  fresh = true
  readonly talk: Conversation
  private child: ChildProcess | undefined
  private tail = Buffer.alloc(0)
  private pings = 0
  private over = false

  constructor(
    readonly id: number,
    readonly role: Role,
    readonly its: HostClass,
    private readonly rules: HostRules,
    private readonly settings: SlurmSettings,
    private readonly listener: SrunListener,
  ) {
    this.talk = new Conversation({
      heard: (frame) => this.hear(frame),
      reported: (head, lines) => {
        this.heardAt = Date.now()
        if (this.running?.f === head.f && this.running.row < head.at + head.n) this.running = undefined
        this.listener.reported(head, lines)
      },
      misheard: (error) => this.listener.unfit(`what it said cannot be: ${error.message}`),
    })
  }

  /** s that it has left. */
  get secondsLeft(): number {
    return this.its.minutes * 60 - (Date.now() - this.readyAt) / 1000
  }

  /** Last lines of what srun and the host wrote to stderr. */
  get stderrTail(): string {
    return this.tail.toString()
  }

  get pid(): number | null {
    return this.child?.pid ?? null
  }

  /** Starts its srun; must be called on the thread that lives as long as the daemon. What goes wrong is told by `gone`. */
  start(): void {
    const { settings, its } = this
    const given = (['partition', 'account', 'qos', 'constraint'] as const).flatMap((name) =>
      settings[name] === undefined ? [] : [`--${name}=${settings[name]}`],
    )
    // prettier-ignore
    const args = [
      '--pdeathsig',
      'TERM',
      'srun',
      `--job-name=${settings.tag}`,
      `--comment=host=${this.id}`,
      '--nodes=1',
      '--ntasks=1',
      `--cpus-per-task=${its.cores}`,
      `--mem=${its.memory + settings.overhead}M`,
      `--time=${its.minutes}`,
      '--cpu-bind=cores',
      '--mpi=none',
      `--chdir=${settings.dir}`,
      ...given,
      'sh',
      '-c',
      wrap,
      process.execPath,
      hostMain,
    ]
    try {
      const child = spawn('setpriv', args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env: remoteEnvironment() })
      // too many open files: then it has no pipes at all
      if ((child.stdio as unknown) === undefined) return void child.once('error', (error) => this.end(null, null, error.message))
      this.child = child
      this.attach(child)
    } catch (error) {
      setImmediate(() => this.end(null, null, (error as Error).message))
    }
  }

  send(batch: Batch): void {
    this.fresh = false
    this.talk.send({ ...batch, prompt: true }, [])
  }

  ping(): void {
    this.spokenAt = Date.now()
    this.talk.write(`{"ping":${++this.pings}}\n`)
  }

  /** Asks it to go: one that was started ends what it runs and is gone, one that waits does not begin. */
  dismiss(): void {
    if (this.state !== 'lost') {
      const waits = this.state === 'waiting'
      this.state = 'leaving'
      this.leftAt = Date.now()
      if (waits) return this.signal('SIGTERM')
    }
    this.talk.end()
  }

  /** @param signal SIGTERM ends its task by SIGKILL; SIGKILL leaves whatever runs there to Slurm and to its lease. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.over || this.pid === null) return
    try {
      process.kill(signal === 'SIGKILL' ? -this.pid : this.pid, signal)
    } catch {
      // gone, which is as good
    }
  }

  private attach(child: ChildProcess): void {
    const { settings, rules, role, its } = this
    if (!child.stdin || !child.stdout) return
    const hello = helloOf(rules, role, { lease: { seconds: settings.leaseMs / 1000 }, memory: its.memory })
    const piped = this.talk.begin(child.stdin, child.stdout, hello)
    child.stderr?.on('data', (chunk: Buffer) => {
      this.tail = Buffer.concat([this.tail, chunk]).subarray(-tailBytes)
      this.rules.log.debug({ host: this.id, text: chunk.toString() }, 'srun or its host wrote to stderr')
    })
    child.once('error', (error) => {
      if (child.pid === undefined) this.end(null, null, error.message)
    })
    child.once('exit', (code, signal) => {
      this.talk.hearOut()
      // reports that it wrote before its death come first
      void Promise.race([piped, sleep(lingerMs, undefined, { ref: false })]).then(() => this.end(code, signal, undefined))
    })
  }

  private hear(frame: Exclude<FromRemote, ReportFrame>): void {
    this.heardAt = Date.now()
    if ('ready' in frame) this.welcome(frame.ready)
    else if ('started' in frame) {
      this.running = { f: frame.f, row: frame.started, loading: false }
      this.listener.started(frame.f, frame.started)
    } else if ('loads' in frame) this.running = { f: frame.f, row: frame.loads, loading: true }
    else if ('progress' in frame) this.listener.progress(frame.f, frame.progress, frame.value)
    else if ('kept' in frame) {
      this.talk.kept(frame.f, frame.kept)
      this.listener.kept(frame.f, frame.kept)
    }
  }

  private welcome({ version, job, node, cpus, cwd, outputs }: Ready['ready']): void {
    const { dir } = this.settings
    this.job = job
    this.node = node
    this.cpus = cpus
    if (version !== frameVersion) return this.listener.unfit(`it speaks version ${version} of the frames, this daemon ${frameVersion}`)
    // where the directory is missing, Slurm starts it in another one; a node may also have one of its own there
    if ((cwd !== undefined && cwd !== dir) || outputs === false)
      return this.listener.unfit(
        `${node ?? 'a node'} does not see the daemon's data in ${dir}: it must be on a file system that all nodes see, under the same path`,
      )
    this.readyAt = this.heardAt = this.spokenAt = Date.now()
    if (this.state !== 'waiting') return
    this.state = 'ready'
    this.listener.ready()
  }

  private end(code: number | null, signal: string | null, reason: string | undefined): void {
    if (this.over) return
    this.over = true
    if (reason !== undefined) this.tail = Buffer.from(reason)
    this.listener.gone(code, signal)
  }
}
