import { pathsOf } from './arrays.js'
import type { Batch as Frame } from '../crew/crew.js'
import type { Body } from './bodies.js'
import { endRows } from './endings.js'
import type { Entry } from '../scheduler/scheduler.js'
import type { Floor } from './floor.js'
import type { LiveBoss } from './live-boss.js'
import { giveBack } from './recall.js'
import { graceOf } from './signals.js'
import type { Batch, Worker } from './worker.js'

/** How long a worker holds what could not be read. */
const unreadMs = 100

/** Sends what a worker was given and does not have yet, in order; attributes that are not at hand are read first, all of them at once. */
export function sendBatches(floor: Floor, worker: Worker): void {
  const unsent = worker.batches.filter(({ sent, reading }) => !sent && !reading)
  const [first] = unsent
  if (!first || floor.breaker.awaits(first.kind, Date.now())) return
  const careful = unsent.find((batch) => batch.begun === 0 && isOnce(worker, batch))
  if (careful) return writeDown(floor, worker, careful)
  const ids = unsent.flatMap(idsOf)
  const page = worker.batches.some(({ reading }) => reading) ? undefined : floor.bodies.atHand(worker.live.id, ids)
  if (page) sendAll(floor, worker, unsent, page)
  else void readAndSend(floor, worker, unsent, ids)
}

/** Whether the first row must never begin twice; it is always the first, for it follows nothing. */
const isOnce = ({ live }: Worker, { entries }: Batch) => live.terms.of(entries[0]?.id ?? 0)?.at_most_once === true

/** What must never begin twice is down as begun before it is sent. */
function writeDown(floor: Floor, worker: Worker, batch: Batch): void {
  const { live, ticket, grant } = worker
  batch.reading = true
  floor.turn.mail(() => {
    const [entry] = batch.entries
    floor.turn.after(() => {
      batch.reading = false
      floor.turn.wake()
    })
    if (!entry || !worker.batches.includes(batch) || live.boss.over) return
    const at = Date.now()
    const attempt = batch.attempts[0] ?? 1
    floor.turn.record({ type: 'instruction.started', boss: live.id, at, instruction: entry.id, attempt, ticket, cpus: grant.cpus })
    floor.turn.after(() => {
      batch.begun = 1
      batch.begunAt = at
    })
  })
}

const idsOf = (batch: Batch) => batch.entries.map((entry) => entry.id)

async function readAndSend(floor: Floor, worker: Worker, batches: readonly Batch[], ids: readonly number[]): Promise<void> {
  for (const batch of batches) batch.reading = true
  const rows = batches.map(({ entries }) => entries.length)
  const send = (page: Body) => {
    sendAll(floor, worker, batches, page, rows)
    for (const batch of batches) batch.reading = false
  }
  try {
    // the reader answers in the order asked, so a worker's batches stay in theirs
    const page = await floor.bodies.read(worker.live.id, ids)
    // the turn that is in flight may be about what is given back
    if (page.attributes.length < ids.length) floor.turn.mail(() => floor.turn.after(() => send(page)))
    else send(page)
  } catch (error) {
    if (floor.bodies.isNews())
      floor.log.error({ err: error, boss: worker.live.id }, 'attributes could not be read; their instructions wait again')
    const waitAgain = (batch: Batch) => {
      batch.reading = false
      if (worker.batches.includes(batch)) giveBack(floor, worker, batch, 0)
    }
    // not at once: they would be asked for in the next turn, and the thread that reads needs the CPU to be there again
    setTimeout(() => floor.turn.mail(() => floor.turn.after(() => batches.forEach(waitAgain))), unreadMs).unref()
  }
}

/** What is too large to be sent at once waits again. @param rows how many each batch had when the page was asked for; some may have been taken back since. */
function sendAll(
  floor: Floor,
  worker: Worker,
  batches: readonly Batch[],
  page: Body,
  rows = batches.map(({ entries }) => entries.length),
): void {
  let at = 0
  batches.every((batch, i) => {
    const from = at
    const there = Math.max(0, page.attributes.length - at)
    if (there < Math.min(rows[i] ?? 0, batch.entries.length)) {
      giveBack(floor, worker, batch, there)
      floor.turn.wake()
    }
    at += rows[i] ?? 0
    return send(floor, worker, batch, page, from)
  })
}

/** @param from where the batch's rows begin in the page. @returns false when it waits, and so do those behind it. */
function send(floor: Floor, worker: Worker, batch: Batch, { names, attributes }: Body, from: number): boolean {
  const rows = batch.entries.length
  if (rows === 0) return true
  const fault = floor.breaker.refusal(batch.kind, Date.now(), () => floor.turn.wake())
  if (fault === 'wait') return false
  const { live } = worker
  const texts = attributes.slice(from, from + rows)
  batch.attempts.forEach((attempt, row) => {
    if (attempt > 1) texts[row] = withMemory(live, batch.entries[row], texts[row] ?? '{}')
  })
  batch.names = batch.entries.map(({ id }, row) => names?.[from + row] ?? `${batch.kind.name}-${id}`)
  batch.graces = texts.map(graceIn)
  batch.kind.meanChars = texts.reduce((sum, text) => sum + text.length, 0) / rows
  batch.sent = true
  if (batch.kind.role === undefined) {
    const message = `no worker kind "${batch.kind.name}" is loaded; start the daemon with the plugin that defines it and append the instruction again`
    floor.turn.mail(() => endRows(floor, worker, batch, 0, rows, { cause: 'start', error: { type: 'UnknownKind', message } }))
    return true
  }
  if (fault) {
    batch.kind.meanMs = 0 // nothing is carried out: as many as there are may end in one turn
    floor.turn.mail(() => endRows(floor, worker, batch, 0, rows, { cause: 'start', error: { ...fault } }))
    return true
  }
  const { crew } = live.site
  const isFar = crew.name !== 'local'
  crew.send(worker.grant, batch.kind.role, {
    f: batch.f,
    boss: live.id,
    ids: idsOf(batch),
    attempts: [...batch.attempts],
    names: batch.names,
    kind: batch.kind.name,
    scheduler_ticket: worker.ticket,
    // of what a far host was doing when it is lost, only what it said is known
    ...((isFar || batch.entries.some(({ id }) => isPrompt(live, id))) && { prompt: true }),
    ...(isFar && { expectedTime: longestOf(batch) }),
    arrays: pathsOf(floor, live),
    ...tracesOf(live, batch),
    attributes: texts,
  })
  for (const [row, order] of batch.orders) crew.stop(batch.f, row, graceOf(batch, row), order)
  return true
}

/** s that the longest of its rows is expected to take; undefined when one does not say. */
const longestOf = ({ entries }: Batch) =>
  entries.reduce<number | undefined>(
    (most, { expectedTime }) => (most === undefined || expectedTime === undefined ? undefined : Math.max(most, expectedTime)),
    0,
  )

/** Whether something depends on when it begins, or on knowing at once that it has ended. */
function isPrompt(live: LiveBoss, id: number): boolean {
  const terms = live.terms.of(id)
  return terms?.timeout !== undefined || terms?.at_most_once === true
}

/** The trace that each row belongs to, where any does. */
function tracesOf({ terms }: LiveBoss, { entries }: Batch): Pick<Frame, 'traces'> {
  if (terms.size === 0) return {}
  const traces = entries.map(({ id }) => terms.of(id)?.trace ?? null)
  return traces.some((trace) => trace !== null) ? { traces } : {}
}

/** A further attempt may take more memory than its row says. */
function withMemory(live: LiveBoss, entry: Entry | undefined, text: string): string {
  if (entry?.memory === undefined || live.retryOf(entry.id)?.memory_factor === undefined) return text
  return JSON.stringify({ ...(JSON.parse(text) as object), memory: entry.memory })
}

/** @param attributes of a row, as JSON text; only one that may name a grace is parsed. */
function graceIn(attributes: string): number | undefined {
  return attributes.includes('"grace":') ? (JSON.parse(attributes) as { grace?: number }).grace : undefined
}
