import { setTimeout as sleep } from 'node:timers/promises'
import type { StopOrder } from '../boss/ending.js'
import type { Batch, Crew, CrewListener, HostEnd, HostInfo, Place, Role } from './crew.js'
import { Host } from './host.js'
import type { HostListener, HostSettings } from './host-settings.js'
import { MemoryWatch } from './memory-watch.js'

export { reapLeftovers } from './leftovers.js'

const firstBackoffMs = 100
const longestBackoffMs = 10_000
/** A timer of Node's cannot be set for longer. */
const longestMs = 2 ** 31 - 1
/** Idle hosts of one CPU set and role that stay warm; unbound ones are all of one set. */
const warm = { bound: 1, unbound: 64 }
/** After which an idle host goes: a crew that has nothing to do holds no memory a minute later. */
const usualIdleMs = 30_000
/** What a host gets beyond the grace to end by itself, with its report, what its task left running. */
const marginMs = 250

interface Seat {
  readonly place: Place
  readonly hosts: Partial<Record<Role, Host>>
}

/** Processes of this machine, warm and bound, one instruction at a time each. They do not outlive the daemon, however it ends. */
class LocalCrew implements Crew {
  readonly name = 'local'
  private listener: CrewListener | undefined
  private readonly all = new Map<number, Host>()
  private readonly seats = new Map<number, Seat>()
  private readonly idle = new Map<string, Host[]>()
  private readonly backoff = new Map<string, { ms: number; until: number }>()
  private readonly byFrame = new Map<number, Host>()
  private readonly closing = new AbortController()
  private readonly clearing = new Set<Promise<void>>()
  private readonly thinning: NodeJS.Timeout
  private lastHost = 0
  private readonly memory = new MemoryWatch(this.all)

  constructor(
    private readonly settings: HostSettings,
    private readonly idleMs: number,
  ) {
    this.thinning = setInterval(() => this.thin(), idleMs / 2).unref()
  }

  listen(listener: CrewListener): void {
    this.listener = listener
  }

  send(place: Place, role: Role, batch: Batch): void {
    let seat = this.seats.get(place.id)
    if (!seat) this.seats.set(place.id, (seat = { place, hosts: {} }))
    const host = (seat.hosts[role] ??= this.idle.get(keyOf(role, place.cpus))?.pop() ?? this.hire(role, place.cpus))
    this.byFrame.set(batch.f, host)
    host.send(batch)
    if (role === 'js') this.memory.begin()
  }

  takeBack(f: number, row: number): void {
    this.byFrame.get(f)?.takeBack(f, row)
  }

  stop(f: number, row: number, graceMs: number, order: StopOrder): void {
    const host = this.byFrame.get(f)
    if (!host) return
    host.write(`${JSON.stringify({ f, stop: row, grace_ms: graceMs, ...order })}\n`)
    if (host.role !== 'js') return
    // a task may block its process, most often by waiting for a program, and never hear of it
    const isRunning = () => {
      const running = host.running()
      return running?.f === f && running.row === row
    }
    if (isRunning()) host.terminate()
    setTimeout(
      () => {
        if (isRunning()) host.kill()
      },
      Math.min(graceMs + marginMs, longestMs),
    ).unref()
  }

  acknowledge(host: number, r: number): void {
    this.all.get(host)?.acknowledge(r)
  }

  release({ id, cpus }: Place): void {
    const seat = this.seats.get(id)
    this.seats.delete(id)
    for (const host of Object.values(seat?.hosts ?? {})) {
      const key = keyOf(host.role, cpus)
      const others = this.idle.get(key) ?? []
      this.idle.set(key, others)
      if (others.length < (cpus.length === 0 ? warm.unbound : warm.bound)) others.push(host)
      else host.dismiss()
    }
  }

  hosts(): HostInfo[] {
    return [...this.all.values()].map(({ id, pid, role, cpus, held }) => ({ host: id, pid, role, cpus, frames: held.map(({ f }) => f) }))
  }

  async close(graceMs: number): Promise<void> {
    this.closing.abort()
    clearInterval(this.thinning)
    this.memory.end()
    for (const host of this.all.values()) host.dismiss()
    const until = Date.now() + graceMs
    while (this.all.size > 0 && Date.now() < until) await sleep(5)
    for (const host of this.all.values()) host.kill()
    while (this.all.size > 0) await sleep(5)
    await Promise.all(this.clearing)
  }

  private hire(role: Role, cpus: readonly number[]): Host {
    const key = keyOf(role, cpus)
    const listener: HostListener = {
      ready: () => this.backoff.delete(key),
      reported: (head, lines) => {
        if (!host.held.some(({ f }) => f === head.f)) this.byFrame.delete(head.f)
        this.listener?.reported(host.id, head, lines)
      },
      started: (f, row) => this.listener?.started(f, row),
      kept: (f, row) => {
        if (!host.held.some((held) => held.f === f)) this.byFrame.delete(f)
        this.listener?.kept(f, row)
      },
      progress: (f, row, value) => this.listener?.progress(f, row, value),
      ended: (end, wasReady) => this.bury(host, key, end, wasReady),
    }
    const host = new Host(++this.lastHost, role, cpus, this.settings, listener)
    this.all.set(host.id, host)
    const wait = (this.backoff.get(key)?.until ?? 0) - Date.now()
    if (wait <= 0) host.start()
    else
      void sleep(wait, undefined, { signal: this.closing.signal }).then(
        () => host.start(),
        () => undefined,
      )
    return host
  }

  private bury(host: Host, key: string, end: HostEnd, wasReady: boolean): void {
    this.all.delete(host.id)
    this.clearing.add(host.cleared)
    void host.cleared.then(() => this.clearing.delete(host.cleared))
    for (const seat of this.seats.values()) if (seat.hosts[host.role] === host) delete seat.hosts[host.role]
    const idle = this.idle.get(key)
    if (idle?.includes(host)) idle.splice(idle.indexOf(host), 1)
    for (const f of end.frames) this.byFrame.delete(f)
    if (!wasReady) {
      const ms = Math.min(longestBackoffMs, (this.backoff.get(key)?.ms ?? firstBackoffMs / 2) * 2)
      this.backoff.set(key, { ms, until: Date.now() + ms })
    }
    if (end.frames.length > 0) this.listener?.ended(end)
  }

  /** Idle hosts go after a while; what they had grown to goes with them. */
  private thin(): void {
    const before = Date.now() - this.idleMs
    for (const [key, hosts] of this.idle) {
      const stay = hosts.filter((host) => host.idleSince > before)
      for (const host of hosts) if (!stay.includes(host)) host.dismiss()
      this.idle.set(key, stay)
    }
  }
}

const keyOf = (role: Role, cpus: readonly number[]) => `${role} ${cpus.join(',')}`

/**
 * The crew of this machine.
 * @param settings where hosts find what they need; `runDir` is this daemon's alone.
 * @param idleMs after which a host that has nothing to do goes.
 */
export function localCrew(settings: HostSettings, idleMs = usualIdleMs): Crew {
  return new LocalCrew(settings, idleMs)
}
