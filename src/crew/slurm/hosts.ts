import { setTimeout as sleep } from 'node:timers/promises'
import { leaveCode } from '../../frames.js'
import type { HostEnd, NodeInfo, Role } from '../crew.js'
import type { HostRules } from '../host-settings.js'
import { hasEnded, isRefused, refuses, type JobState } from './answers.js'
import { Cluster } from './cluster.js'
import { srunEndOf, type Witness } from './ending.js'
import { Lookout, type Log } from './lookout.js'
import { Patience } from './patience.js'
import { hasTime, type HostClass, type SlurmSettings } from './settings.js'
import { SrunHost, type SrunListener } from './srun-host.js'

const tickMs = 1_000
/** A host that waits longer is looked up, and then now and then. */
const pendingMs = 2_000
const lookAgainMs = 10_000
/** How long a job waits in the queue although nobody waits for it. */
const unwantedMs = 5_000
const pollMs = 200
/** How often Slurm is told again to end a job, in polls. */
const cancelEach = 20
/** How long it takes a host to end itself when its lease has run out. */
const lastActsMs = 2_000
/** How long a host or its srun may take to go. */
const stubbornMs = 5_000

export interface SlurmRules extends HostRules {
  readonly log: HostRules['log'] & Log
}

/** What the hosts tell their crew, and ask it. */
export interface HostsListener {
  /** @param minutes that a job may take; undefined: without limit. */
  surveyed(nodes: readonly NodeInfo[], minutes: number | undefined): void
  /** Another host may be of use, or may be asked for. */
  changed(): void
  /** It is gone for certain, and so is what it held. */
  ended(host: SrunHost, end: HostEnd): void
  /** Slurm never gives such a host. @param why for a person. */
  refused(role: Role, its: HostClass, why: string): void
  /** Something has waited in the queue for a while: what has nothing to do may be in its way. */
  makeWay(): void
  /** Whether it has something to do. */
  isBusy(host: SrunHost): boolean
  /** Whether somebody waits for such a one. */
  isWanted(host: SrunHost): boolean
}

/** All hosts that Slurm starts for us, from the srun that asks for one to the certainty that it has ended. */
export class Hosts {
  readonly all = new Map<number, SrunHost>()
  readonly lookout: Lookout
  /** Cores of all nodes that can be used. */
  cores = 0
  private readonly cluster: Cluster
  private readonly patience = new Patience()
  private lastHost = 0
  private lastTick = 0
  private lastLook = 0
  private ticking: NodeJS.Timeout | undefined
  private closing = false

  constructor(
    private readonly settings: SlurmSettings,
    private readonly rules: SlurmRules,
    private readonly crew: HostsListener,
  ) {
    this.cluster = new Cluster(settings.tag, settings.partition, settings.overhead)
    this.lookout = new Lookout(this.cluster, rules.log, (nodes) => {
      this.cores = nodes.reduce((sum, { cores, usable }) => sum + (usable ? cores : 0), 0)
      crew.surveyed(nodes, this.lookout.minutes)
      crew.changed()
    })
  }

  /** Why no host starts, for `/readyz`; undefined when that need not mean anything. */
  get notReady(): string | undefined {
    return this.lookout.fault ?? this.patience.reason
  }

  /** What those wait for who wait for a host. */
  get waitingFor(): string | undefined {
    const fault = this.lookout.fault ?? this.patience.lastFault
    if (fault !== undefined) return `Slurm, which starts no host: ${fault}`
    const waiting = [...this.all.values()].find(({ state, reason }) => state === 'waiting' && reason !== undefined)
    return waiting && `Slurm, which has not started its host yet (job ${waiting.job}): ${waiting.reason}`
  }

  /** How many more may be asked for now. */
  get backlog(): number {
    if (this.closing || this.lookout.fault !== undefined || !this.patience.mayTry(Date.now())) return 0
    const most = this.patience.isCareful ? 1 : this.settings.backlog
    return Math.min(most - this.inState('waiting').length, this.settings.maxHosts - this.all.size)
  }

  inState(state: SrunHost['state']): SrunHost[] {
    return [...this.all.values()].filter((host) => host.state === state)
  }

  /** Asks Slurm for a host. @param hear what it says. */
  start(role: Role, its: HostClass, hear: (host: () => SrunHost) => Omit<SrunListener, 'ready' | 'unfit' | 'gone'>): void {
    const host: SrunHost = new SrunHost(++this.lastHost, role, its, this.rules, this.settings, {
      ...hear(() => host),
      ready: () => {
        this.patience.worked()
        this.crew.changed()
      },
      unfit: (why) => this.unfit(host, why),
      gone: (code, signal) => void this.bury(host, code, signal),
    })
    this.all.set(host.id, host)
    host.start()
    this.ticking ??= setInterval(() => this.tick(), Math.min(tickMs, this.settings.pingMs)).unref()
  }

  /** Resolves when none is left, nor a job of theirs, or nothing more can be done about it. */
  async close(graceMs: number): Promise<void> {
    this.closing = true
    this.lookout.end()
    for (const host of this.all.values()) host.dismiss()
    await this.untilGone(Math.max(graceMs, stubbornMs))
    if (this.all.size > 0) await this.cluster.cancel().catch(() => undefined)
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      for (const host of this.all.values()) host.signal(signal)
      await this.untilGone(stubbornMs)
    }
    clearInterval(this.ticking)
  }

  private async untilGone(ms: number): Promise<void> {
    for (const until = Date.now() + ms; this.all.size > 0 && Date.now() < until; ) await sleep(5)
  }

  /** It cannot be understood, or is where it can do nothing. */
  private unfit(host: SrunHost, why: string): void {
    this.rules.log.warn({ host: host.id, job: host.job, node: host.node }, why)
    if (host.state === 'ready') return void this.giveUp(host, why)
    if (host.state === 'waiting') this.patience.failed(why, Date.now())
    host.state = 'leaving'
    host.signal('SIGTERM')
  }

  /** Its srun has ended. */
  private async bury(host: SrunHost, code: number | null, signal: string | null): Promise<void> {
    const { state } = host
    if (state === 'lost') return // `giveUp` sees to the rest
    if (host.readyAt === 0) {
      if (state === 'waiting') this.failedToStart(host, code, signal)
    } else {
      host.state = 'lost'
      if (host.talk.held.length > 0) this.crew.ended(host, await this.endOf(host, code, signal))
    }
    this.all.delete(host.id)
    this.crew.changed()
  }

  private async endOf(host: SrunHost, code: number | null, signal: string | null): Promise<HostEnd> {
    const end = (more: Partial<Witness>) => srunEndOf(host, { code, signal, job: undefined, lost: undefined, ...more })
    if (this.closing) return end({ lost: 'the daemon goes down' })
    const hasLeft = (more: Partial<Witness>): HostEnd => ({ ...end(more), guilty: undefined, left: true })
    if (host.running) return end({ job: await this.outcomeOf(host, code) })
    if (code === leaveCode) return hasLeft({})
    const job = await this.outcomeOf(host, code)
    // of one that left since the kernel had ended something in its job Slurm tells that in place of its code
    return job?.state === 'OUT_OF_MEMORY' ? hasLeft({ job }) : end({ job })
  }

  private failedToStart(host: SrunHost, code: number | null, signal: string | null): void {
    const said = host.stderrTail.split('\n').filter((line) => line !== '' && !/queued and waiting|has been allocated/.test(line))
    const why = said.join('; ') || `srun ended by ${signal ?? `exit code ${code}`}`
    if (isRefused(why)) return this.refuse(host, why)
    this.patience.failed(why, Date.now())
    this.rules.log.warn({ host: host.id, exit_code: code, signal }, `Slurm starts no host: ${why}`)
  }

  private refuse({ id, role, its }: SrunHost, why: string): void {
    const message = `Slurm gives no host with ${its.cores} cores, ${its.memory + this.settings.overhead} MiB and ${its.minutes} minutes: ${why}`
    this.rules.log.warn({ host: id }, message)
    this.crew.refused(role, its, message)
  }

  /** What Slurm says of the job of a host whose srun has ended. Where that need not mean that it has ended, its lease is waited for. */
  private async outcomeOf(host: SrunHost, code: number | null): Promise<JobState | undefined> {
    const mustEndBy = host.spokenAt + this.settings.leaseMs + lastActsMs
    for (;;) {
      const job = await this.jobOf(host)
      if (Date.now() > mustEndBy) return job === 'unknown' ? undefined : job
      // an exit code other than 0 comes from the machine itself, so all is well there
      const isCertain =
        job !== 'unknown' && hasEnded(job) && job?.state !== 'NODE_FAIL' && (job !== undefined || (code !== null && code !== 0))
      if (isCertain) return job
      await sleep(pollMs)
    }
  }

  private async jobOf(host: SrunHost): Promise<JobState | undefined | 'unknown'> {
    try {
      return (await this.cluster.jobs()).get(host.job ?? '')
    } catch {
      return 'unknown'
    }
  }

  /** Nothing is heard of a host: it is made sure that it has ended, then what it held may begin elsewhere. */
  private async giveUp(host: SrunHost, why: string): Promise<void> {
    host.state = 'lost'
    host.reason = why
    this.rules.log.warn({ host: host.id, job: host.job, node: host.node }, `a host is given up: ${why}`)
    // nothing of it is believed any more; a frozen one would keep Slurm from ending the job
    host.signal('SIGKILL')
    const mustEndBy = host.spokenAt + 2 * this.settings.leaseMs + lastActsMs
    for (let polls = 0; Date.now() < mustEndBy && !this.closing; polls++) {
      if (polls % cancelEach === 0) await this.cluster.cancel(host.job).catch(() => undefined)
      const job = await this.jobOf(host)
      if (job !== 'unknown' && hasEnded(job) && job?.state !== 'NODE_FAIL') break
      await sleep(pollMs)
    }
    this.crew.ended(host, srunEndOf(host, { code: null, signal: null, job: undefined, lost: why }))
    this.all.delete(host.id)
    this.crew.changed()
  }

  private tick(): void {
    const now = Date.now()
    const { pingMs, leaseMs, idleMs } = this.settings
    // this process may have been stopped or busy: what was said to it meanwhile is still to be read
    const wasAway = now - this.lastTick > 3 * Math.min(tickMs, pingMs)
    this.lastTick = now
    for (const host of this.inState('ready')) {
      if (now - host.spokenAt >= pingMs) host.ping()
      if (now - host.heardAt > leaseMs && !wasAway) void this.doubt(host)
      else if (!this.crew.isBusy(host) && (now - host.talk.idleSince > idleMs || !hasTime(host.secondsLeft, undefined, host.its)))
        host.dismiss()
    }
    for (const host of this.inState('leaving'))
      if (now - host.leftAt > stubbornMs && host.readyAt > 0) void this.giveUp(host, 'it was asked to go, and did not')
    const waiting = this.inState('waiting').filter(({ askedAt }) => now - askedAt > pendingMs)
    if (waiting.length > 0) {
      this.crew.makeWay()
      void this.lookAtQueue(waiting, now)
    }
    this.crew.changed()
    if (this.all.size > 0) return
    clearInterval(this.ticking)
    this.ticking = undefined
  }

  /** One that says nothing is lost, unless it is suspended: then it says nothing, and goes on later. */
  private async doubt(host: SrunHost): Promise<void> {
    const job = await this.jobOf(host)
    if (host.state !== 'ready' || Date.now() - host.heardAt < this.settings.leaseMs) return
    if (job !== 'unknown' && job?.state === 'SUSPENDED') host.heardAt = Date.now()
    else void this.giveUp(host, `nothing was heard of it for ${Math.round(this.settings.leaseMs / 1000)} s`)
  }

  /** Jobs that wait in the queue: whether anybody still waits for them, and why they wait, which may be for ever. */
  private async lookAtQueue(waiting: readonly SrunHost[], now: number): Promise<void> {
    for (const host of waiting) if (now - host.askedAt > unwantedMs && !this.crew.isWanted(host)) host.dismiss()
    if (now - this.lastLook < lookAgainMs && waiting.every(({ reason }) => reason !== undefined)) return
    this.lastLook = now
    const jobs = await this.cluster.jobs().catch(() => new Map<string, JobState>())
    for (const [id, { host: number, state, reason }] of jobs) {
      const host = waiting.find((one) => one.id === number && one.state === 'waiting')
      if (!host || state !== 'PENDING') continue
      host.job = id
      host.reason = reason
      if (!refuses(reason)) continue
      host.dismiss()
      this.refuse(host, reason)
    }
  }
}
