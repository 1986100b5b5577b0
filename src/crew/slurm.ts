import type { StopOrder } from '../boss/ending.js'
import type { Batch, Crew, CrewListener, HostEnd, HostInfo, Place, Role } from './crew.js'
import { Hosts, type SlurmRules } from './slurm/hosts.js'
import { Seat, stopLine } from './slurm/seats.js'
import { classFor, hasTime, type HostClass, type Need, type SlurmSettings } from './slurm/settings.js'
import type { SrunHost } from './slurm/srun-host.js'

/**
 * Hosts that Slurm starts, one srun each. Slurm places, queues, binds and limits them; what is to be done is said on srun's pipes. A place that
 * was granted waits here until there is a host for it, so that nothing waits for one host while another is free.
 */
class SlurmCrew implements Crew {
  readonly name = 'slurm'
  private listener: CrewListener | undefined
  private readonly hosts_: Hosts
  private readonly seats = new Map<number, Seat>()
  private readonly byFrame = new Map<number, Seat>()

  constructor(
    private readonly settings: SlurmSettings,
    rules: SlurmRules,
  ) {
    this.hosts_ = new Hosts(settings, rules, {
      surveyed: (nodes, minutes) => this.listener?.surveyed?.(nodes, minutes && minutes * 60),
      changed: () => this.match(),
      ended: (host, end) => this.ended(host, end),
      refused: (role, its, why) => this.refused(role, its, why),
      makeWay: () => {
        const { busy } = this
        if (this.waiting.length > 0) dismissOldest(this.hosts_.inState('ready').filter((host) => !busy.has(host)))
      },
      isBusy: (host) => this.busy.has(host),
      isWanted: (host) => this.waiting.some((seat) => this.fitting([host], seat)),
    })
  }

  listen(listener: CrewListener): void {
    this.listener = listener
    this.hosts_.lookout.begin()
  }

  get notReady(): string | undefined {
    return this.hosts_.notReady
  }

  get waitingFor(): string | undefined {
    return this.hosts_.waitingFor
  }

  send(place: Place, role: Role, batch: Batch): void {
    let seat = this.seats.get(place.id)
    if (!seat) {
      const { cores = 1, memory = 0 } = place
      seat = new Seat(role, { cores, memory: memory || this.settings.memory, seconds: batch.expectedTime })
      this.seats.set(place.id, seat)
    }
    this.byFrame.set(batch.f, seat)
    seat.add(batch)
    if (!seat.host) this.match()
  }

  mayFollow({ id }: Place, { memory, expectedTime }: { memory: number | undefined; expectedTime: number | undefined }): boolean {
    const seat = this.seats.get(id)
    if (!seat) return false
    const { host, need, seconds } = seat
    const needed = memory || this.settings.memory
    if (host) return needed <= host.its.memory && hasTime(host.secondsLeft - seconds, expectedTime, host.its)
    return needed <= need.memory && (expectedTime ?? 0) <= (need.seconds ?? 0)
  }

  takeBack(f: number, row: number): void {
    const seat = this.byFrame.get(f)
    if (!seat) return
    if (seat.takeBack(f, row)) this.kept(f, row, row === 0)
    else seat.host?.talk.write(`{"f":${f},"keep":${row}}\n`)
  }

  stop(f: number, row: number, graceMs: number, order: StopOrder): void {
    const seat = this.byFrame.get(f)
    if (!seat) return
    const { host } = seat
    if (host) return host.talk.write(stopLine(f, row, graceMs, order))
    // what never began has no host that could report it
    if (seat.takeBack(f, 0))
      this.end({ frames: [f], guilty: { f, row }, cause: 'signal', message: 'it was stopped before it began', stderrTail: '' })
  }

  acknowledge(host: number, r: number): void {
    this.hosts_.all.get(host)?.talk.acknowledge(r)
  }

  release({ id }: Place): void {
    if (this.seats.delete(id)) this.match()
  }

  hosts(): HostInfo[] {
    return [...this.hosts_.all.values()].map(({ id, pid, role, cpus, talk, node, job, state, reason }) => ({
      host: id,
      pid,
      role,
      cpus,
      frames: talk.held.map(({ f }) => f),
      node,
      job,
      state: state === 'leaving' ? 'ready' : state,
      reason,
    }))
  }

  close(graceMs: number): Promise<void> {
    return this.hosts_.close(graceMs)
  }

  private get busy(): Set<SrunHost | undefined> {
    return new Set([...this.seats.values()].map(({ host }) => host))
  }

  /** Places without a host, the oldest first. */
  private get waiting(): Seat[] {
    return [...this.seats.values()].filter((seat) => !seat.host && seat.frames.length > 0)
  }

  /** Gives hosts that have nothing to do to places that wait for one, and asks for more where that is not enough. */
  private match(): void {
    const { waiting, busy } = this
    if (waiting.length === 0) return
    const free = this.hosts_.inState('ready').filter((host) => !busy.has(host))
    const coming = this.hosts_.inState('waiting')
    for (const seat of waiting) {
      const host = this.fitting(free, seat)
      if (host) {
        free.splice(free.indexOf(host), 1)
        seat.take(host)
        continue
      }
      const next = this.fitting(coming, seat)
      if (next) coming.splice(coming.indexOf(next), 1)
      else this.makeWay(free, seat.need.cores)
      if (!next && this.hosts_.backlog > 0) this.hire(seat)
    }
  }

  private classFor(need: Need): HostClass {
    return classFor(need, this.settings, this.hosts_.lookout.minutes)
  }

  /** The smallest host that will do. */
  private fitting(hosts: readonly SrunHost[], { role, need }: Seat): SrunHost | undefined {
    const { minutes } = this.classFor(need)
    let best: SrunHost | undefined
    for (const host of hosts) {
      const { its, fresh, secondsLeft } = host
      if (host.role !== role || its.cores !== need.cores || its.memory < need.memory) continue
      // what would be asked for anew is as good as it gets
      if (fresh ? its.minutes < minutes : !hasTime(secondsLeft, need.seconds, its)) continue
      if (!best || its.memory < best.its.memory) best = host
    }
    return best
  }

  private hire({ role, need }: Seat): void {
    this.hosts_.start(role, this.classFor(need), (host) => ({
      reported: (head, lines) => {
        if (!host().talk.holdsFrame(head.f)) this.forget(head.f)
        this.listener?.reported(host().id, head, lines)
      },
      started: (f, row) => this.listener?.started(f, row, host()),
      kept: (f, row) => this.kept(f, row, !host().talk.holdsFrame(f)),
      progress: (f, row, value) => this.listener?.progress(f, row, value),
    }))
  }

  /** Hosts that have nothing to do and fit nobody may be what keeps others from being started. @param free those. */
  private makeWay(free: SrunHost[], cores: number): void {
    const { all, cores: most } = this.hosts_
    const taken = [...all.values()].reduce((sum, { its }) => sum + its.cores, 0)
    if (taken + cores <= most && all.size < this.settings.maxHosts) return
    dismissOldest(free)
  }

  private kept(f: number, row: number, isAll: boolean): void {
    if (isAll) this.forget(f)
    this.listener?.kept(f, row)
  }

  private forget(f: number): void {
    this.byFrame.get(f)?.forget(f)
    this.byFrame.delete(f)
  }

  private ended(host: SrunHost, end: HostEnd): void {
    for (const seat of this.seats.values()) if (seat.host === host) seat.host = undefined
    this.end(end)
  }

  private end(end: HostEnd): void {
    for (const f of end.frames) this.forget(f)
    if (end.frames.length > 0) this.listener?.ended(end)
  }

  /** What waits for just such a host fails, one instruction of each place. */
  private refused(role: Role, its: HostClass, message: string): void {
    for (const seat of this.waiting) {
      const { cores, memory, minutes } = this.classFor(seat.need)
      if (seat.role !== role || cores !== its.cores || memory !== its.memory || minutes !== its.minutes) continue
      const frames = seat.clear()
      const [f = 0] = frames
      this.end({ frames, guilty: { f, row: 0 }, cause: 'start', message, stderrTail: '' })
    }
  }
}

/** The one that has had nothing to do for longest is told to go, and is not among them any more. */
function dismissOldest(idle: SrunHost[]): void {
  idle.sort((a, b) => a.talk.idleSince - b.talk.idleSince)
  idle.shift()?.dismiss()
}

/**
 * The crew of a cluster that Slurm runs. Nothing starts before the jobs of an earlier daemon with this tag have ended.
 * @param rules what hosts are told; every path in it means the same on all nodes.
 */
export function slurmCrew(settings: SlurmSettings, rules: SlurmRules): Crew {
  return new SlurmCrew(settings, rules)
}
