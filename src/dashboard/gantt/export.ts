import { outcomes } from './lane.js'
import type { Window } from './paint.js'
import { rowName, type Rows } from './rows.js'

/** Gives the user a file. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/**
 * The bars of a window as Trace Event Format, which Perfetto and chrome://tracing open: a thread a row, times in µs.
 * @see https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export function traceOf(rows: Rows, { from, to }: Window): string {
  const events: object[] = []
  rows.lanes.forEach((lane, row) => {
    events.push({ ph: 'M', name: 'thread_name', pid: 1, tid: row, args: { name: rowName(row, rows.coreOf(row)) } })
    for (let at = lane.firstBehind(from); at < lane.length && lane.start[at]! < to; at++) {
      const { start, end, n, boss, first, last, name, kind, outcome, cause, memory } = lane.at(at)
      const args = { boss, instruction: first, ...(n > 1 && { n, last }), outcome, ...(cause !== '' && { cause }), max_rss: memory || null }
      events.push({ ph: 'X', name, cat: kind, pid: 1, tid: row, ts: Math.round(start * 1000), dur: Math.round((end - start) * 1000), args })
    }
  })
  return JSON.stringify({ traceEvents: events, displayTimeUnit: 'ms', otherData: { from: 'taylord', outcomes: outcomes.join(' ') } })
}
