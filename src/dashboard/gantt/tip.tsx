import { Status } from '../parts/status.js'
import { count, duration, memory, time } from '../parts/text.js'
import type { Bar } from './lane.js'
import { titleOf, type Running } from './rows.js'

/** What is under the pointer, and where that is. */
export interface Pointed {
  readonly x: number
  readonly y: number
  readonly bar?: Bar
  readonly running?: Running
}

/** Name, time and memory of a bar. */
export function Tip({ x, y, bar, running }: Pointed) {
  return (
    <div class="tip" role="tooltip" style={{ left: `min(${Math.round(x + 12)}px, calc(100% - 260px))`, top: `${Math.round(y + 14)}px` }}>
      {bar && <OfBar {...bar} />}
      {running && (
        <>
          <b>{titleOf(running)}</b>
          <div>
            <Status is="working" /> for {duration((Date.now() - running.since) / 1000)}
          </div>
          <div class="faint">
            Boss {running.boss}, {running.instruction}
          </div>
        </>
      )}
    </div>
  )
}

function OfBar({ name, kind, boss, first, last, n, failed, outcome, cause, start, end, memory: mib }: Bar) {
  const seconds = (end - start) / 1000
  return (
    <>
      <b>{n > 1 ? `${count(n)} × ${kind}` : name}</b>
      <div>
        <Status is={outcome} /> {cause}
        {n > 1 && failed > 0 && ` ${count(failed)} of ${count(n)}`}
      </div>
      <div>
        {duration(seconds)}
        {n > 1 && `, ${duration(seconds / n)} each`}
        {mib > 0 && ` · ${memory(mib)}`}
      </div>
      <div class="faint">
        {kind} · Boss {boss}, {n > 1 ? `${first} to ${last}` : first} · {time(start)}
      </div>
    </>
  )
}
