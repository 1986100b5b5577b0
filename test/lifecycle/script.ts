import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BossDocument } from '../../src/boss/boss-document.js'
import type { ReportEntry } from '../../src/boss/report.js'
import type { Answer, Daemon, Page, Problem, Report } from '../support/daemon.js'
import { until } from '../support/temp.js'
import { Clock } from './clock.js'

/** One call of a case, as the vectors write it. */
export interface Step {
  readonly op: string
  readonly scheduler?: object
  readonly common?: Readonly<Record<string, unknown>>
  readonly individual?: Readonly<Record<string, readonly unknown[]>>
  readonly fatal?: boolean
  readonly verbose?: boolean
  readonly maxlenreport?: number
  readonly kw?: Readonly<Record<string, boolean>>
  readonly name?: string
  readonly s?: number
  readonly expect?: {
    readonly report?: { status: string; workers_report?: Entry[]; pending?: string[] } | null
    readonly raised?: { class: string; message: string }
    readonly marks?: string[]
    readonly alive?: boolean
    readonly never_returns?: boolean
  }
}

/** A recorded sequence of calls. */
export interface Case {
  readonly id: string
  readonly tags: readonly string[]
  /** Whether the order of the report counts. */
  readonly ordered: boolean
  readonly intended?: string
  readonly steps: readonly Step[]
  readonly log?: readonly string[]
  readonly stdout?: readonly string[]
}

/** What is compared of a report entry: `report` of a success, else how it ended. */
export type Entry = { name: string } & ({ report: unknown } | { outcome: string; cause: string; error?: string })

/** What a call answered; nothing when it just did what it was told. */
export interface Seen {
  report?: { status: string; workers_report: Entry[]; pending?: string[] }
  refused?: string
  marks?: string[]
  alive?: boolean
}

/** What a case's call answered in taylorism, in the words of here. */
export function recorded({ expect }: Step): Seen {
  if (!expect) return {}
  const { report, raised, marks, alive, never_returns } = expect
  if (raised?.message.startsWith('all *individual_instructions*')) return { refused: 'uneven-columns' }
  // what was raised otherwise, and what never came back, has its own line in changed.ts
  if (raised || never_returns) return { refused: 'not here' }
  if (report === null) return { refused: 'boss-not-over' }
  return {
    ...(report && { report: { workers_report: [], ...report } }),
    ...(marks && { marks }),
    ...(alive !== undefined && { alive }),
  }
}

const signals: Readonly<Record<string, [path: string, body?: object]>> = {
  HALT: ['halt'],
  RESUME: ['work'],
  END: ['end'],
  STOP: ['stop'],
  STOP_LISTENING: ['work', { stop_listening: true }],
  STOP_RIGHTNOW: ['stop?now=true'],
}

/** Plays a case against a daemon: each call of taylorism is one of HTTP (DESIGN section 3). */
export class Script {
  private boss: BossDocument | undefined
  private readonly clock: Clock
  /** Its workers were told to stop at once: time stands still until they have. */
  private stopsNow = false

  /** @param dir for the mark file and the clock. */
  constructor(
    private readonly daemon: Daemon,
    private readonly dir: string,
    private readonly ordered: boolean,
  ) {
    this.clock = new Clock(join(dir, 'clock'))
  }

  /** The Boss of this case; undefined when it was refused or not made yet. */
  get id(): number | undefined {
    return this.boss?.id
  }

  async play({ op, name = '', s = 0, kw = {}, ...step }: Step): Promise<Seen> {
    switch (op) {
      case 'boss':
        return this.hire({ ...step, start: false })
      case 'run_as_server':
        return this.hire(step)
      case 'batch_main': {
        const refused = await this.hire({ ...step, end: true })
        return 'refused' in refused ? refused : this.reportOnceOver()
      }
      case 'set_instructions': {
        const { common, individual, fatal } = step
        return this.tell('instructions', {
          common_instructions: this.marked(common),
          individual_instructions: individual,
          ...(fatal !== undefined && { fatal }),
        })
      }
      case 'make_them_work':
        return this.tell('work', kw)
      case 'signal':
        return this.tell(...(signals[name] as [string, object?]))
      case 'stop_them_working':
        return this.tell('stop?now=true')
      case 'end':
        return this.tell('end')
      case 'wait_till_finished': {
        await this.tell('end')
        const seen = await this.reportOnceOver()
        return 'refused' in seen ? seen : {}
      }
      case 'get_report':
        return this.report(`interim=${kw['interim'] ?? true}`)
      case 'alive':
        return { alive: (await this.daemon.boss(this.boss as BossDocument)).over_at === undefined }
      case 'read_mark':
        return { marks: this.marks }
      case 'sleep':
        await this.pass(s)
        return {}
      default:
        throw new Error(`no call of HTTP stands for "${op}"`)
    }
  }

  /** Lines of the mark file, sorted. */
  get marks(): string[] {
    const file = join(this.dir, 'm')
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').toSorted() : []
  }

  private marked(common: Step['common']): object | undefined {
    return common && 'mark' in common ? { ...common, mark: join(this.dir, 'm'), clock: this.clock.dir } : common
  }

  /** Lets time pass, from the end of one worker to that of the next; what comes of each has come before time goes on. */
  private async pass(s: number): Promise<void> {
    const { clock } = this
    const to = clock.now + s
    for (;;) {
      await until(() => this.isSettled(), 'the Boss has come to rest')
      const next = this.nextEnd
      clock.now = Math.min(next, to)
      if (next > to) return
    }
  }

  /** Time passes while this waits. */
  private async reportOnceOver(): Promise<Seen> {
    let over = false
    const seen = this.report('interim=false', { prefer: 'wait=20' }).finally(() => (over = true))
    await until(async () => {
      if (!over && !this.stopsNow && (await this.isSettled()) && this.nextEnd < Infinity) this.clock.now = this.nextEnd
      return over
    }, 'the Boss is over')
    return seen
  }

  private get nextEnd(): number {
    return Math.min(...this.clock.ends.map(({ at }) => at).filter((at) => at > this.clock.now))
  }

  /** Whether all that could start has, what has ended is reported, and nothing more comes before time goes on. */
  private async isSettled(): Promise<boolean> {
    const { daemon, clock } = this
    const { over_at, halted, status, counts, scheduler } = await daemon.boss(this.boss as BossDocument)
    const ends = clock.ends
    if (over_at !== undefined) return ends.every(({ at }) => at > clock.now)
    const { body } = await daemon.get<Page<{ id: number }>>(`/v1/bosses/${this.id}/instructions?status=working`)
    const working = body.items.map(({ id }) => id)
    const lasting = new Set(ends.filter(({ at }) => at > clock.now).map(({ id }) => id))
    if (working.length !== lasting.size || working.some((id) => !lasting.has(id))) return false
    if (!halted && status !== 'stopping') return counts.pending === 0 || working.length === scheduler['max_threads']
    const { body: hosts } = await daemon.get<Page<{ boss?: number; ahead: number }>>('/v1/workers')
    return hosts.items.every(({ boss, ahead }) => boss !== this.id || ahead === 0)
  }

  private async hire({ common, individual, ...step }: Omit<Step, 'op'> & { start?: boolean; end?: boolean }): Promise<Seen> {
    const { scheduler, verbose, maxlenreport, start, end } = step
    const { status, body } = await this.daemon.post<BossDocument | Problem>('/v1/bosses', {
      scheduler,
      verbose,
      maxlenreport,
      start,
      end,
      ...(individual && { common_instructions: this.marked(common), individual_instructions: individual }),
    })
    if (status !== 201) return { refused: (body as Problem).code }
    this.boss = body as BossDocument
    return {}
  }

  private async tell(path: string, body?: object): Promise<Seen> {
    if (path === 'stop?now=true') this.stopsNow = true
    const answer = await this.daemon.post<Problem>(`/v1/bosses/${this.boss?.id}/${path}`, body)
    return answer.status < 300 ? {} : { refused: answer.body.code }
  }

  private async report(query: string, headers?: Record<string, string>): Promise<Seen> {
    const path = `/v1/bosses/${this.boss?.id}`
    const answer: Answer<Report & Problem> = await this.daemon.get(`${path}/report?${query}`, headers)
    if (answer.status !== 200) return { refused: answer.body.code }
    const { status, workers_report, pending } = answer.body
    const entries = workers_report.map(entryOf)
    const seen = { status, workers_report: this.ordered ? entries : entries.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
    // taylorism lists what is left over; here the report has its number and the instructions are asked for
    if (status !== 'pending') return { report: seen }
    const { body: left } = await this.daemon.get<Page<{ name: string }>>(`${path}/instructions?status=pending`)
    if (left.items.length !== pending) throw new Error(`the report says ${pending} pending, the list has ${left.items.length}`)
    return { report: { ...seen, pending: left.items.map((item) => item.name) } }
  }
}

function entryOf({ name, outcome, report, cause, error }: ReportEntry): Entry {
  if (outcome === 'succeeded') return { name, report }
  return { name, outcome, cause: cause ?? 'none', ...(cause === 'exception' && error && { error: `${error.type}: ${error.message}` }) }
}
