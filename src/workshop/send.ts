import { giveBack } from './recall.js'
import { endRows } from './endings.js'
import type { Floor } from './floor.js'
import type { BodyPage } from './bodies.js'
import type { Batch, Worker } from './worker.js'

/** Sends what a worker was given and does not have yet, in order; attributes that are not at hand are read first. */
export function sendBatches(floor: Floor, worker: Worker): void {
  for (const batch of worker.batches) {
    if (batch.sent || batch.reading) continue
    const page = worker.batches.some((other) => other.reading) ? undefined : floor.bodies.atHand(worker.live.id, idsOf(batch))
    if (page) send(floor, worker, batch, page)
    else void readAndSend(floor, worker, batch)
  }
}

const idsOf = (batch: Batch) => batch.entries.map((entry) => entry.id)

async function readAndSend(floor: Floor, worker: Worker, batch: Batch): Promise<void> {
  batch.reading = true
  try {
    // the reader answers in the order asked, so a worker's batches stay in theirs
    send(floor, worker, batch, await floor.bodies.read(worker.live.id, idsOf(batch)))
  } catch (error) {
    floor.log.error({ err: error, boss: worker.live.id }, 'attributes could not be read; their instructions wait again')
    floor.turn.mail(() => floor.turn.after(() => giveBack(floor, worker, batch, 0)))
  } finally {
    batch.reading = false
  }
}

function send(floor: Floor, worker: Worker, batch: Batch, page: BodyPage): void {
  const rows = batch.entries.length // some may have been taken back while they were read
  if (rows === 0) return
  const { boss } = worker.live
  batch.names = page.names.slice(0, rows)
  batch.sent = true
  if (batch.kind.role === undefined) {
    const message = `no worker kind "${batch.kind.name}" is loaded; start the daemon with the plugin that defines it and append the instruction again`
    floor.turn.mail(() => endRows(floor, worker, batch, 0, rows, { cause: 'start', error: { type: 'UnknownKind', message } }))
    return
  }
  floor.crew.send({ id: worker.grant.id, cpus: worker.grant.cpus }, batch.kind.role, {
    f: batch.f,
    boss: boss.id,
    ids: idsOf(batch),
    attempts: [...batch.attempts],
    names: batch.names,
    kind: batch.kind.name,
    scheduler_ticket: worker.ticket,
    attributes: page.attributes.slice(0, rows),
  })
}
