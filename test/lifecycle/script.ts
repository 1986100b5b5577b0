import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BossDocument } from '../../src/boss/boss-document.js'
import type { ReportEntry } from '../../src/boss/report.js'
import type { Answer, Daemon, Page, Problem, Report } from '../support/daemon.js'

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

  /** @param dir for the mark file. */
  constructor(
    private readonly daemon: Daemon,
    private readonly dir: string,
    private readonly ordered: boolean,
  ) {}

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
        return 'refused' in refused ? refused : this.report('interim=false', { prefer: 'wait=20' })
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
        const seen = await this.report('interim=false', { prefer: 'wait=20' })
        return 'refused' in seen ? seen : {}
      }
      case 'get_report':
        return this.report(`interim=${kw['interim'] ?? true}`)
      case 'alive':
        return { alive: (await this.daemon.boss(this.boss as BossDocument)).over_at === undefined }
      case 'read_mark':
        return { marks: this.marks }
      case 'sleep':
        await sleep(s * 1000)
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
    return common && 'mark' in common ? { ...common, mark: join(this.dir, 'm') } : common
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
