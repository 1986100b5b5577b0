import { codeOf, endedAs, meaningOf, renderEnding, type StopOrder } from '../../src/boss/ending.js'
import type { Batch, Crew, CrewListener, HostInfo, Place, Role } from '../../src/crew/crew.js'

interface Held {
  readonly batch: Batch
  /** The first row that was not reported. */
  next: number
  /** Rows from here on were given back. */
  end: number
  readonly orders: Map<number, StopOrder>
}

interface Host {
  readonly id: number
  readonly role: Role
  readonly place: Place
  readonly held: Held[]
  reports: number
  /** The row that runs. */
  running: { held: Held; row: number } | undefined
  dead: boolean
}

/**
 * A crew whose hosts do everything that real ones may do, at random moments: they report rows one by one or many at once, twice, late or never, say that a
 * row begins or not, die while a row runs or between two, with reports unsaid. What a row comes to its kind says: `ok`, `bad` fails, `deadly` takes its host along.
 */
export class FaultyCrew implements Crew {
  readonly name = 'local'
  /** How often each attempt began, by `boss/instruction/attempt`. */
  readonly began = new Map<string, number>()
  private listener: CrewListener | undefined
  private readonly hosts_ = new Map<number, Host>()
  private lastHost = 0
  private closed = false

  /** @param random from 0 to 1. */
  constructor(private readonly random: () => number) {}

  listen(listener: CrewListener): void {
    this.listener = listener
  }

  send(place: Place, role: Role, batch: Batch): void {
    let host = this.hosts_.get(place.id)
    if (!host)
      this.hosts_.set(place.id, (host = { id: ++this.lastHost, role, place, held: [], reports: 0, running: undefined, dead: false }))
    host.held.push({ batch, next: 0, end: batch.ids.length, orders: new Map() })
    this.later(() => this.step(host))
  }

  takeBack(f: number, row: number): void {
    const found = this.find(f)
    this.later(() => {
      if (!found || found.host.dead) return
      const { held, host } = found
      const begun = host.running?.held === held ? host.running.row + 1 : held.next
      held.end = Math.min(held.end, Math.max(row, begun))
      this.listener?.kept(f, held.end)
      this.forgetDone(host)
    })
  }

  stop(f: number, row: number, _graceMs: number, order: StopOrder): void {
    this.later(() => this.find(f)?.held.orders.set(row, order))
  }

  acknowledge(): void {}

  release(place: Place): void {
    this.hosts_.delete(place.id)
  }

  hosts(): HostInfo[] {
    return [...this.hosts_.values()].map(({ id, role, place, held }) => ({
      host: id,
      pid: null,
      role,
      cpus: place.cpus,
      frames: held.map(({ batch }) => batch.f),
    }))
  }

  async close(): Promise<void> {
    this.closed = true
  }

  private find(f: number): { host: Host; held: Held } | undefined {
    for (const host of this.hosts_.values()) {
      const held = host.held.find(({ batch }) => batch.f === f)
      if (held) return { host, held }
    }
    return undefined
  }

  private later(act: () => void): void {
    const ms = this.random() < 0.5 ? 0 : Math.floor(this.random() * 4)
    const guarded = () => this.closed || act()
    if (ms === 0) setImmediate(guarded)
    else setTimeout(guarded, ms)
  }

  private step(host: Host): void {
    if (host.dead || host.running) return
    this.forgetDone(host)
    const [held] = host.held
    if (!held) return
    const chance = this.random()
    if (chance < 0.04) return this.die(host)
    this.begin(host, held, held.next)
    this.later(() => this.finish(host, held))
  }

  private begin(host: Host, held: Held, row: number): void {
    const { batch } = held
    host.running = { held, row }
    if (held.orders.has(row)) return
    const key = `${batch.boss}/${batch.ids[row]}/${batch.attempts[row]}`
    this.began.set(key, (this.began.get(key) ?? 0) + 1)
    if (batch.prompt || this.random() < 0.7) this.listener?.started(batch.f, row)
  }

  /** The row that runs ends, and with it maybe some that follow it in a moment. */
  private finish(host: Host, held: Held): void {
    if (host.dead || !host.running) return
    const from = host.running.row
    let to = from + 1
    while (to < held.end && this.random() < 0.6) this.begin(host, held, to++)
    const dying = held.batch.kind === 'deadly' && !held.orders.has(to - 1)
    if (dying || this.random() < 0.04) return this.die(host)
    host.running = undefined
    const { batch } = held
    const lines: string[] = []
    let o = ''
    for (let row = from; row < to; row++) {
      const order = held.orders.get(row)
      const how = order
        ? endedAs(order, 0)
        : batch.kind === 'bad'
          ? { outcome: 'failed' as const, cause: 'exception' as const }
          : { outcome: 'succeeded' as const }
      o += order ? order.o : codeOf('cause' in how ? how.cause : undefined)
      lines.push(
        renderEnding({
          name: batch.names[row] ?? '',
          kind: batch.kind,
          report: meaningOf(o.at(-1) ?? '')?.outcome ?? null,
          ...how,
          attempt: batch.attempts[row] ?? 1,
          scheduler_ticket: batch.scheduler_ticket,
          cpus: [],
          started_at: null,
          finished_at: new Date().toISOString(),
          usage: { wall: 0, cpu: null, max_rss: null },
        }),
      )
    }
    held.next = to
    const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`)
    const head = { r: ++host.reports, f: batch.f, at: from, n: to - from, o, ms: to - from, bytes: bytes.length }
    this.listener?.reported(host.id, head, bytes)
    if (this.random() < 0.1) this.listener?.reported(host.id, head, bytes)
    this.forgetDone(host)
    this.later(() => this.step(host))
  }

  private die(host: Host): void {
    const { running } = host
    host.dead = true
    if (this.hosts_.get(host.place.id) === host) this.hosts_.delete(host.place.id)
    this.later(() =>
      this.listener?.ended({
        frames: host.held.map(({ batch }) => batch.f),
        guilty: running && { f: running.held.batch.f, row: running.row },
        cause: 'signal',
        signal: 'SIGKILL',
        message: 'the worker’s process is gone',
        stderrTail: '',
      }),
    )
  }

  private forgetDone(host: Host): void {
    const left = host.held.filter(({ next, end }) => next < end)
    host.held.splice(0, host.held.length, ...left)
  }
}
