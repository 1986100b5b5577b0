import { endedAs, renderEnding, type Ending, type OutcomeCode } from '../boss/ending.js'
import { stopKept } from './cancel.js'
import type { CrewListener, HostEnd, Whereabouts } from '../crew/crew.js'
import { renderProgress } from '../boss/event.js'
import type { Feed } from '../feed.js'
import type { Fault } from './breaker.js'
import { hostMs, type Kind } from './kinds.js'
import { giveBack } from './recall.js'
import { endRows, reportRows, type Why } from './endings.js'
import type { Floor, OwnMail } from './floor.js'
import { stopRunning } from './signals.js'
import type { Site } from './site.js'
import { armTimeout } from './later.js'
import { logStart } from './verbose.js'
import type { Batch, Worker } from './worker.js'

const cannotStart: OutcomeCode = 'b'
/** What a place holds ahead lasts as long as a turn may take. */
const shortMs = 20

/** Turns what the crew tells into mail. Nothing is believed twice: a row that has ended stays as it ended. */
export function crewMail(floor: Floor, feed: Feed, site: Site): CrewListener {
  const { crew } = site
  const { turn } = floor
  return {
    reported: (host, head, lines) => {
      const at = Date.now()
      const acknowledge = () => turn.after(() => crew.acknowledge(host, head.r))
      turn.mail(
        () => {
          acknowledge()
          const held = floor.batches.get(head.f)
          if (!held || head.at < held.batch.decided) return
          const { worker, batch } = held
          floor.kinds.measured(batch.kind, head.n, head.ms)
          judge(floor, batch.kind, head.o, lines)
          const unheard = worker.live.boss.over !== undefined
          reportRows(floor, worker, batch, head.at, head.o, lines)
          turn.after(() => {
            // a CPU that others had meanwhile is no service
            worker.live.servedMs += (head.ms - (head.waited ?? 0) + head.n * hostMs) * worker.grant.cores
            if (!unheard) floor.meters.carriedOut(worker, batch, head, at)
          })
        },
        { instead: () => [...rowByRow(floor, head, lines), { act: acknowledge }] },
      )
      const held = floor.batches.get(head.f)
      if (held && runsShort(held.worker, held.batch, head.at + head.n)) turn.wake()
    },
    started: (f, row, where) => {
      const at = Date.now()
      turn.mail(
        () => {
          const held = floor.batches.get(f)
          const entry = held?.batch.entries[row]
          if (!held || !entry || row < held.batch.decided) return
          const { worker, batch } = held
          const { boss } = worker.live
          if (!boss.over && !boss.working.has(entry.id)) {
            const { ticket, grant } = worker
            const attempt = batch.attempts[row] ?? 1
            const { cpus, node } = { node: undefined, ...(where ?? grant) }
            turn.record({ type: 'instruction.started', boss: boss.id, at, instruction: entry.id, attempt, ticket, cpus, node })
            if (boss.settings.verbose) logStart(floor, worker.live, entry.id, batch.names[row] ?? '')
          }
          turn.after(() => {
            batch.begun = row + 1
            batch.begunAt = at
            floor.meters.began(worker, batch, row + 1, at)
            armTimeout(floor, worker, batch, row, at)
            if (worker.live.deaf) turn.wake()
          })
        },
        { patient: true },
      ) // most often its report is there before long, and then it need not be told
    },
    kept: (f, row) => {
      turn.mail(() => {
        const held = floor.batches.get(f)
        if (!held) return
        turn.after(() => {
          stopKept(floor, held.worker, held.batch, row)
          giveBack(floor, held.worker, held.batch, Math.max(row, held.batch.done))
          if (held.worker.live.deaf) turn.wake()
          if (held.worker.live.boss.stopping && held.worker.live.boss.stopping !== 'stop') stopRunning(floor, held.worker)
        })
      })
    },
    progress: (f, row, value) => {
      const held = floor.batches.get(f)
      const id = held?.batch.entries[row]?.id
      if (!held || id === undefined || floor.refusing !== undefined || !feed.watched(held.worker.live.id)) return
      const { boss } = held.worker.live
      const attempt = held.batch.attempts[row] ?? 1
      const tell = () => {
        // it may have ended in the turn that brought its beginning
        if (!boss.over && boss.working.has(id)) feed.mention(boss.id, () => renderProgress(Date.now(), boss.id, id, attempt, value))
      }
      // behind the event of its beginning
      turn.mail(() => turn.after(() => setImmediate(tell)))
    },
    ended: (end) => {
      turn.mail(() => settle(floor, end))
    },
    surveyed: (nodes, longest) => {
      site.nodes = nodes
      site.ledger.survey(
        nodes,
        nodes.filter(({ usable }) => usable),
        longest,
      )
      turn.wake()
    },
  }
}

/** Whether a place is idle once rows of a batch before `done` have ended, or will be before long. */
function runsShort({ batches }: Worker, batch: Batch, done: number): boolean {
  let left = batch.entries.length - done
  for (const other of batches) if (other.f > batch.f) left += other.entries.length
  const mean = batch.kind.meanMs ?? 0
  return left <= 1 || (mean >= 1 && (left - 1) * mean < shortMs)
}

/** The rows of a report one by one, for one of them can never be written: that one ends with the reason for its report. */
function rowByRow(floor: Floor, { f, at, n, o }: Parameters<CrewListener['reported']>[1], lines: Uint8Array): OwnMail[] {
  const texts = Buffer.from(lines).toString().split('\n')
  return Array.from({ length: n }, (_, i) => {
    const row = at + i
    const unlessDecided = (act: (worker: Worker, batch: Batch) => void) => () => {
      const held = floor.batches.get(f)
      if (held && row >= held.batch.decided) act(held.worker, held.batch)
    }
    return {
      act: unlessDecided((worker, batch) => reportRows(floor, worker, batch, row, o.charAt(i), Buffer.from(`${texts[i]}\n`))),
      instead: (reason) => {
        const message = `it ended, and its report cannot be written (${reason}); this is a bug of taylord, and its log tells more`
        return [
          {
            act: unlessDecided((worker, batch) =>
              endRows(floor, worker, batch, row, row + 1, { cause: 'lost', error: { type: 'Unwritable', message } }),
            ),
          },
        ]
      },
    }
  })
}

/** A kind that could not be loaded is given up for a while when that goes on. */
function judge(floor: Floor, kind: Kind, outcomes: string, lines: Uint8Array): void {
  if (kind.role !== 'js') return // a program that is not there says nothing of other programs
  if (!outcomes.startsWith(cannotStart)) {
    if (!floor.breaker.worked(kind)) return
    kind.meanMs = undefined
    return floor.log.info({ kind: kind.name }, 'the kind can be loaded again')
  }
  const [first = ''] = new TextDecoder().decode(lines).split('\n', 1)
  const { error } = JSON.parse(`{${first}`) as Ending
  if (error) blame(floor, kind, error)
}

function blame(floor: Floor, kind: Kind, fault: Fault): void {
  if (floor.breaker.failed(kind, fault, Date.now()))
    floor.log.error({ kind: kind.name, fault }, 'the kind cannot be loaded: its instructions fail at once, one is tried now and then')
}

/** Attempts after which what is lost again and again is no accident any more. */
const mostLosses = 10

/** Workers that may die behind one instruction before it is blamed. */
const mostDeaths = 3

/** A host is gone: what it was carrying out has ended with it, what it held besides waits again. */
function settle(floor: Floor, end: HostEnd): void {
  const { turn } = floor
  const held = end.frames.flatMap((f) => floor.batches.get(f) ?? [])
  const isLost = end.cause === 'lost'
  const guilty = isLost ? undefined : (guiltyOf(floor, end) ?? suspectOf(floor, end, held))
  const blamed = guilty && { boss: guilty.worker.live.id, instruction: guilty.batch.entries[guilty.row]?.id, kind: guilty.batch.kind.name }
  floor.log[blamed ? 'warn' : 'info']({ ...blamed, cause: end.cause, exit_code: end.exitCode, signal: end.signal }, end.message)
  for (const { worker, batch } of held) {
    const { live } = worker
    // rows that began and whose reports went down with the host: they are tried again
    batch.entries.forEach((entry, row) => {
      if (row < batch.decided || (batch === guilty?.batch && row === guilty.row) || !live.boss.working.has(entry.id)) return
      if (isLost) lose(floor, worker, batch, row, end.message, { most: mostLosses, at: end.at })
      else lose(floor, worker, batch, row, 'its worker died before its report was on disk')
    })
    if (batch === guilty?.batch && end.loading) blame(floor, batch.kind, { type: 'WorkerDied', message: end.message })
    if (batch === guilty?.batch) endOne(floor, worker, batch, guilty.row, whyOf(end, batch, guilty.row))
    turn.after(() => giveBack(floor, worker, batch, batch.done))
  }
}

/**
 * Who is blamed for an end that no row is to blame for. A task may have harmed its process in a way that shows only behind it, and would be
 * run for ever: what was not reported is sent alone from now on, and one whose workers die all the same is to blame.
 */
function suspectOf({ turn }: Floor, { left }: HostEnd, held: readonly { readonly worker: Worker; readonly batch: Batch }[]) {
  if (left) return undefined
  const open = held.flatMap(({ worker, batch }) =>
    batch.entries.slice(batch.decided).map(({ id }, at) => ({ id, worker, batch, row: batch.decided + at })),
  )
  const [first] = open
  if (first && open.length === 1 && (first.worker.live.suspects.get(first.id) ?? 0) >= mostDeaths - 1) return first
  turn.after(() => {
    for (const { id, worker } of open) worker.live.suspects.set(id, (worker.live.suspects.get(id) ?? 0) + 1)
  })
  return undefined
}

function guiltyOf(floor: Floor, { guilty }: HostEnd) {
  const held = guilty && floor.batches.get(guilty.f)
  if (!held || guilty.row < held.batch.decided || guilty.row >= held.batch.entries.length) return undefined
  return { ...held, row: guilty.row }
}

function whyOf(end: HostEnd, batch: Batch, row: number): Why {
  const died = { type: end.cause === 'oom' ? 'OutOfMemory' : 'WorkerDied', message: end.message }
  const tail = end.stderrTail === '' ? {} : { stderr_tail: end.stderrTail }
  const order = batch.orders.get(row)
  if (order) {
    const { cause = 'stopped', error = died, limit, measured } = endedAs(order, (Date.now() - (batch.begunAt ?? Date.now())) / 1000)
    return { cause, error, ...(limit !== undefined && { limit, measured }), ...tail, at: end.at }
  }
  return {
    cause: end.cause,
    error: died,
    ...(end.exitCode !== undefined && { exit_code: end.exitCode }),
    ...(end.signal !== undefined && { signal: end.signal }),
    ...(end.limit !== undefined && { limit: end.limit, measured: end.measured }),
    ...(end.maxRss !== undefined && { maxRss: end.maxRss }),
    ...tail,
    at: end.at,
  }
}

/** Ends one row of a batch out of its order: rows before it that were not reported wait again. */
function endOne(floor: Floor, worker: Worker, batch: Batch, row: number, why: Why): void {
  const before = row - batch.decided
  endRows(floor, worker, batch, row, row + 1, why)
  if (before <= 0) return
  floor.turn.after(() => worker.live.requeue(batch.entries.slice(row - before, row)))
}

/** Inside a message: an attempt came to nothing, and another one will be made unless it may be tried only once, or was too often. @param reason for a person. @param more how many attempts there may be, and where this one was. */
export function lose(
  floor: Floor,
  worker: Worker,
  batch: Batch,
  row: number,
  reason: string,
  { most = Infinity, at }: { most?: number; at?: Whereabouts | undefined } = {},
): void {
  const { live } = worker
  const entry = batch.entries[row]
  if (!entry || live.boss.over) return
  const lost = { type: 'Lost', message: reason }
  const attempt = batch.attempts[row] ?? 1
  if (live.terms.of(entry.id)?.at_most_once || attempt >= most) return endOne(floor, worker, batch, row, { cause: 'lost', error: lost, at })
  const now = new Date().toISOString()
  const body = renderEnding({
    name: batch.names[row] ?? '',
    kind: batch.kind.name,
    outcome: 'failed',
    report: null,
    cause: 'lost',
    error: lost,
    attempt,
    scheduler_ticket: worker.ticket,
    cpus: [...(at?.cpus ?? worker.grant.cpus)],
    ...(at?.node !== undefined && { node: at.node }),
    started_at: null,
    finished_at: now,
    usage: { wall: 0, cpu: null, max_rss: null },
  })
  floor.turn.record({
    type: 'instruction.retrying',
    boss: live.id,
    at: Date.now(),
    instruction: entry.id,
    attempt,
    cause: 'lost',
    notBefore: undefined,
    body,
  })
  floor.turn.after(() => live.attempts.set(entry.id, attempt + 1))
}
