import { peakMiB } from './memory.js'
import { runDelay } from './run-delay.js'
import type { KeptFrame, LoadsFrame, Ready } from '../frames.js'
import { codeOf, renderEnding, type Ending, type OutcomeCode } from '../boss/ending.js'
import type { Wire } from './wire.js'

/** What a row came to, before it is written. */
export interface Done {
  readonly f: number
  readonly row: number
  readonly ending: Ending
  /** ms that it took */
  readonly ms: number
}

/** Between two writes; rows that take longer are each written before the next begins. */
const restMs = 0.5
/** The same for rows that do not block the process for long. */
const briefRestMs = 15
const mostRows = 200
/** For how long the peak of the memory counts for rows that are too short to be measured alone: they hardly change it. */
const peakMs = 20
const mostBytes = 64 * 1024

/**
 * What a host has to say. Reports are collected and written together, at the latest when a row begins later than half a millisecond after
 * the last write, when the event loop turns, or when there is nothing left to do. So a row that lasts has told that it began, and what ended
 * before it is on its way; only one that blocks the process from within half a millisecond of a write tells neither until it ends. Rows that
 * do not block it for long are collected longer, for each frame costs both sides a good part of what a program costs.
 */
export class Outbox {
  private done: Done[] = []
  private began: { f: number; row: number } | undefined
  private reports = 0
  private writtenAt = 0
  /** The row that begins next is the first of its kind. */
  private first = false
  private turning: NodeJS.Immediate | undefined
  private measured = process.resourceUsage()
  private readonly delay = runDelay()

  /**
   * @param muted called when nothing can be said any more; it must not return.
   * @param node where rows run, if reports are to tell it.
   */
  constructor(
    private readonly wire: Wire,
    private readonly muted: (error: unknown) => never,
    private readonly node?: string,
  ) {}

  /**
   * Called before a row begins that may block this process.
   * @param now as the clock of `performance` says.
   * @param prompt it is said at once.
   * @returns when it does begin: behind what had to be written, for the daemon may not have read for a while.
   */
  begins(f: number, row: number, now: number, prompt = false): number {
    this.began = { f, row }
    if (prompt || now - this.writtenAt >= restMs) {
      const from = this.flush()
      if (!this.first) return from
      this.first = false
      this.wire.drain()
      return performance.now()
    }
    this.turning ??= setImmediate(() => this.flush())
    return now
  }

  /**
   * Called before a row begins that does not block this process for long: who carries it out flushes when it goes on.
   * @param now likewise. @returns likewise.
   */
  beginsBriefly(f: number, row: number, now: number, prompt = false): number {
    const from = now - this.writtenAt >= briefRestMs ? this.flush() : now
    this.began = { f, row }
    return prompt ? this.flush() : from
  }

  /** A row has ended. */
  report(done: Done): void {
    if (this.began?.f === done.f && this.began.row === done.row) this.began = undefined
    this.done.push(done)
    if (this.done.length >= mostRows) this.flush()
  }

  /** A remote host begins to load the module of a row: should that, or the row itself, end this process at once, it was told. */
  loads(f: number, row: number): void {
    this.say({ f, loads: row })
    this.wire.arrive() // else it would hold `started` back
    this.first = true
  }

  say(frame: Ready | KeptFrame | LoadsFrame): void {
    this.flush()
    this.write([Buffer.from(`${JSON.stringify(frame)}\n`)])
  }

  /** A row that runs tells how far it is. @param value as JSON text. */
  progress(f: number, row: number, value: string): void {
    this.flush()
    this.write([Buffer.from(`{"f":${f},"progress":${row},"value":${value}}\n`)])
  }

  /** Writes what was collected; blocks while the daemon does not read. @returns when that was done, as the clock of `performance` says. */
  flush(): number {
    clearImmediate(this.turning)
    this.turning = undefined
    const { done, began } = this
    let parts: Buffer[] = []
    let bytes = 0
    if (done.length > 0) {
      this.done = []
      this.measure(done)
      const waited = Math.min(1, this.delay() / (done.reduce((sum, { ms }) => sum + ms, 0) || 1))
      for (let from = 0; from < done.length; ) {
        const { head, lines, to } = this.reportOf(done, from, waited)
        parts.push(head, lines)
        from = to
        bytes += lines.length
        if (bytes < mostBytes) continue
        this.write(parts)
        parts = []
        bytes = 0
      }
    }
    if (began) parts.push(Buffer.from(`{"f":${began.f},"started":${began.row}}\n`))
    if (parts.length > 0) this.write(parts)
    this.began = undefined
    return (this.writtenAt = performance.now())
  }

  private write(parts: readonly Buffer[]): void {
    try {
      this.wire.write(parts)
    } catch (error) {
      this.muted(error)
    }
  }

  /** CPU time and memory of the host since the last measuring, shared out among rows that were too short to be measured alone. */
  private measure(done: readonly Done[]): void {
    const unmeasured = done.filter(({ ending }) => ending.usage.cpu === null)
    if (unmeasured.length === 0) return
    const { cpu, maxRss } = this.sinceLast(performance.now(), peakMs)
    for (const { ending } of unmeasured) {
      ending.usage.cpu = round(cpu / unmeasured.length)
      ending.usage.max_rss ??= maxRss
    }
  }

  /**
   * s of CPU time since it was last asked, and the peak of the host's memory in MiB.
   * @param now as the clock of `performance` says. @param within ms for which a peak that was asked for holds.
   */
  sinceLast(now: number, within = 0): { cpu: number; maxRss: number } {
    const used = process.resourceUsage()
    const cpu = (used.userCPUTime - this.measured.userCPUTime + used.systemCPUTime - this.measured.systemCPUTime) / 1e6
    this.measured = used
    return { cpu: round(cpu), maxRss: peakMiB(used.maxRSS, now, within) }
  }

  /**
   * One report frame: rows from `from` on that follow each other in one work frame, as many as fill it.
   * @param waited the part of their time in which this process waited for a CPU.
   * @returns its header, the lines, and the next row.
   */
  private reportOf(done: readonly Done[], from: number, waited: number): { head: Buffer; lines: Buffer; to: number } {
    const f = done[from]?.f ?? 0
    const at = done[from]?.row ?? 0
    let text = ''
    let o = ''
    let ms = 0
    let to = from
    for (let next; (next = done[to]) && next.f === f && next.row === at + to - from && text.length < mostBytes; to++) {
      if (this.node !== undefined) next.ending.node = this.node
      const { ending, code } = renderable(next)
      text += `${ending}\n`
      o += code
      ms += next.ms
    }
    const lines = Buffer.from(text)
    const head = `{"r":${++this.reports},"f":${f},"at":${at},"n":${to - from},"o":"${o}","ms":${round(ms)},"waited":${round(ms * waited)},"bytes":${lines.length}}\n`
    return { head: Buffer.from(head), lines, to }
  }
}

const round = (value: number) => Math.round(value * 1e6) / 1e6

/** The row's line; what JSON cannot hold makes it failed. */
function renderable({ ending }: Done): { ending: string; code: OutcomeCode } {
  try {
    return { ending: renderEnding(ending), code: codeOf(ending.cause) }
  } catch (error) {
    const message = `its report cannot be written as JSON: ${(error as Error).message}; return plain data`
    return {
      ending: renderEnding({ ...ending, outcome: 'failed', report: null, cause: 'exception', error: { type: 'TypeError', message } }),
      code: codeOf('exception'),
    }
  }
}
