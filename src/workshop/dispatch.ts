import { mayLaunch } from '../boss/boss.js'
import { keptShare } from '../scheduler/in-order.js'
import type { Entry } from '../scheduler/scheduler.js'
import { consult } from './consult.js'
import type { Floor } from './floor.js'
import { hostMs, type Kind } from './kinds.js'
import type { LiveBoss } from './live-boss.js'
import { askBack } from './recall.js'
import { sendBatches } from './send.js'
import type { Site } from './site.js'
import { declaredMiB, likelyBehind, heldBy, workingOf, workingWith, type Batch, type Worker } from './worker.js'

/** Work that a place holds ahead by the mean of its kind: enough to keep it busy over a commit. */
const aheadMs = 40
/** Attributes that it holds ahead. */
const mostCharsAhead = 8 * 1024 * 1024
/** Rows of one frame. */
const frameRows = 100
/** Of a kind whose instructions take longer the last few stay with the daemon, for whichever place is free first. */
const shortMs = 2
/** How long a worker goes on for its Boss while a poorer one waits. */
const quantumMs = 5

/**
 * Lets start what may start: hires workers for the Bosses in fair turns, keeps places supplied with followers, and asks rows back where a
 * place would stand idle. Called when a turn has committed; what is sent was on disk before.
 * @returns whether something is left to do in a turn of its own.
 */
export function launch(floor: Floor, now: number): boolean {
  let more = false
  for (const live of floor.bosses.values()) more = !live.settleIn() || more
  if (floor.refusing !== undefined) return more
  if (floor.draining) {
    // what is down as begun goes out all the same
    for (const live of floor.bosses.values()) for (const worker of live.workers) sendBatches(floor, worker)
    return more
  }
  for (const site of floor.sites.values()) hireAll(floor, site, now)
  let supplied = false
  for (const live of floor.bosses.values()) {
    if (live.deaf === 'heard') {
      live.deaf = 'launched'
      more = true
    }
    if (!live.deaf && mayLaunch(live.boss)) for (const worker of live.workers) supplied = supply(floor, worker, now) || supplied
  }
  // what stood before others, and had no room, may have been sent ahead
  if (supplied) for (const site of floor.sites.values()) hireAll(floor, site, now)
  for (const live of floor.bosses.values()) {
    for (const worker of live.workers) sendBatches(floor, worker)
    if (!live.deaf && mayLaunch(live.boss)) shareOut(floor, live)
  }
  giveWay(floor, now)
  for (const live of floor.bosses.values()) consult(floor, live)
  return more
}

/** Hires for the Bosses of a site while there is room: the Boss with the fewest cores first, among those the one that was served least. */
function hireAll(floor: Floor, site: Site, now: number): void {
  const candidates: LiveBoss[] = []
  const joining: LiveBoss[] = []
  let least = Infinity
  for (const live of floor.bosses.values()) {
    if (live.site !== site) continue
    live.starved = false
    const { hungry } = live
    if (hungry) candidates.push(live)
    const shares = hungry || live.workers.size > 0
    if (live.shares) least = Math.min(least, live.servedMs)
    else if (shares) joining.push(live)
    live.shares = shares
  }
  if (least < Infinity) site.servedMs = Math.max(site.servedMs, least)
  // what others were served before it came is no debt to it, also when they rest by now and come again
  for (const live of joining) live.servedMs = Math.max(live.servedMs, site.servedMs - quantumMs)
  while (candidates.length > 0) {
    if (site.ledger.room.cores < 1) {
      for (const live of candidates) live.starved = true
      return
    }
    const next = candidates.reduce((best, live) =>
      live.cores < best.cores || (live.cores === best.cores && live.servedMs < best.servedMs) ? live : best,
    )
    // one at a time only where others wait, too
    if (hireFor(floor, next, candidates.length === 1 ? Infinity : 1, now)) continue
    candidates.splice(candidates.indexOf(next), 1)
    if (!next.hungry || !waitsForRoom(next)) continue
    // what is free stays free until that is enough: smaller work of others would keep it waiting for as long as there is some
    next.starved = true
    return
  }
}

/** Whether something of this Boss would start if nobody else were there. */
function waitsForRoom({ scheduler, queue, workers, site: { ledger } }: LiveBoss): boolean {
  return scheduler.launchable(queue, [...workers].map(workingOf), { cores: ledger.slots, memory: ledger.memory }, 1).length > 0
}

function hireFor(floor: Floor, live: LiveBoss, most: number, now: number): boolean {
  const { scheduler, queue, workers, consultation, site } = live
  const free = Math.min(most, (scheduler.maxWorkers ?? Infinity) - workers.size)
  const launches = (consultation ?? scheduler).launchable(queue, [...workers].map(workingOf), site.ledger.room, free)
  let hired = false
  for (const { entry, ticket } of launches) {
    const grant = site.ledger.grant({
      boss: live.id,
      cores: entry.cores,
      memory: entry.memory ?? scheduler.perTaskMiB,
      boundBy: scheduler.binded ? ticket : undefined,
    })
    if (!grant) break
    const worker: Worker = { live, grant, ticket, hiredAt: now, batches: [] }
    queue.remove(entry)
    consultation?.drop(entry.id)
    workers.add(worker)
    give(floor, worker, [entry])
    hired = true
  }
  return hired && live.hungry
}

/** Gives followers to a worker that holds few. @returns whether there were any. */
function supply(floor: Floor, worker: Worker, now: number): boolean {
  const { live, batches } = worker
  const last = batches.at(-1)
  if (!last || live.queue.size === 0) return false
  if (live.suspects.size > 0 && batches.some(({ entries }) => entries.some(({ id }) => live.suspects.has(id)))) return false
  const mean = last.kind.meanMs ?? Infinity
  const contested = somebodyPoorer(floor, live)
  const ms = contested ? quantumMs : aheadMs
  const target = Math.max(1, Math.min(Math.ceil(ms / (mean + hostMs)), Math.floor(mostCharsAhead / last.kind.meanChars)))
  const ahead = heldBy(worker) - 1
  if (ahead > target / 2 || batches.some((batch) => batch.askedBack !== undefined)) return false
  if (contested && now - worker.hiredAt > quantumMs) return false
  const share = live.queue.size / live.workers.size
  const most = Math.min(target - ahead, mean < shortMs ? Math.ceil(share) : Math.floor(share))
  if (most < 1) return false
  const { grant } = worker
  const { crew, ledger } = live.site
  ledger.resize(grant, declaredMiB(worker))
  const { cores, memory } = ledger.room
  const mostMiB = grant.memory + keptShare * memory
  const suits = ({ kind, id, memory: needMiB = live.scheduler.perTaskMiB, expectedTime }: Entry) =>
    floor.kinds.of(kind).role === last.kind.role &&
    !live.terms.of(id)?.at_most_once &&
    !live.suspects.has(id) &&
    needMiB <= mostMiB &&
    crew.mayFollow?.(grant, { memory: needMiB, expectedTime }) !== false
  const room = { cores: cores + grant.cores, memory: memory + grant.memory }
  const others = () => [...live.workers].filter((other) => other !== worker).map(workingOf)
  const followers = live.scheduler.followers(live.queue, { cores: grant.cores, room, own: workingOf(worker), others }, suits, most)
  for (const entry of followers) live.queue.remove(entry)
  give(floor, worker, followers)
  ledger.resize(grant, declaredMiB(worker))
  return followers.length > 0
}

/** Hands entries to a worker, in frames of one kind each. */
function give(floor: Floor, worker: Worker, entries: readonly Entry[]): void {
  for (const entry of entries) {
    let batch = worker.batches.at(-1)
    if (!batch || batch.sent || batch.reading || batch.kind.no !== entry.kind || batch.entries.length >= frameRows) {
      batch = emptyBatch(floor, floor.kinds.of(entry.kind))
      worker.batches.push(batch)
      floor.batches.set(batch.f, { worker, batch })
    }
    batch.entries.push(entry)
    batch.attempts.push(worker.live.attemptOf(entry.id))
  }
}

function emptyBatch(floor: Floor, kind: Kind): Batch {
  return {
    f: ++floor.lastFrame,
    kind,
    entries: [],
    attempts: [],
    names: [],
    graces: [],
    done: 0,
    decided: 0,
    begun: 0,
    begunAt: undefined,
    counted: 0,
    reading: false,
    sent: false,
    askedBack: undefined,
    orders: new Map(),
    alarm: undefined,
  }
}

function somebodyPoorer(floor: Floor, live: LiveBoss): boolean {
  for (const other of floor.bosses.values())
    if (other.starved && other !== live && other.site === live.site && other.cores < live.cores) return true
  return false
}

/**
 * Places are idle while others hold more than what they carry out. Of that as much comes back as lets something start, and no more: what came
 * back in vain would be sent again. While nothing waits, each worker keeps half, for its next moment.
 */
function shareOut(floor: Floor, live: LiveBoss): void {
  const { scheduler, workers, queue, site } = live
  const idle = Math.min((scheduler.maxWorkers ?? Infinity) - workers.size, site.ledger.room.cores)
  if (idle < 1 || somebodyBefore(floor, live)) return
  const keeps = (worker: Worker) => {
    const held = heldBy(worker)
    if (queue.size > 0 || held < 2) return 1
    return held * (worker.batches[0]?.kind.meanMs ?? Infinity) < 2 ? held : Math.ceil(held / 2)
  }
  const holders = [...workers].map((worker) => ({ worker, kept: keeps(worker) })).filter(({ worker, kept }) => heldBy(worker) > kept)
  if (holders.length === 0) return
  for (const { worker, kept } of giversOf(live, holders, idle)) askBack(floor, worker, kept)
}

/** A worker, and how many of the instructions that it holds it would keep. */
interface Holder {
  readonly worker: Worker
  readonly kept: number
}

/** Who has to give back for something to start at idle places: each who lets one more start, or else as many as it takes together for one. */
function giversOf(live: LiveBoss, holders: readonly Holder[], idle: number): Holder[] {
  const { scheduler, queue, site } = live
  const workers = [...live.workers]
  const at = new Map(workers.map((worker, i) => [worker, i]))
  const working = workers.map(workingOf)
  let { cores, memory } = site.ledger.room
  const startable = () => scheduler.launchable(queue, working, { cores, memory }, idle).length
  const freed = ({ worker, kept }: Holder) => worker.grant.memory - declaredMiB(worker, kept)
  const givers: Holder[] = []
  const give = (holder: Holder) => {
    const { worker, kept } = holder
    for (const entry of likelyBehind(worker, kept)) queue.add(entry)
    working[at.get(worker) ?? 0] = workingWith(worker, kept)
    memory += freed(holder)
    givers.push(holder)
  }
  const undo = () => {
    const holder = givers.pop()
    if (!holder) return
    for (const entry of likelyBehind(holder.worker, holder.kept)) queue.remove(entry)
    working[at.get(holder.worker) ?? 0] = workingOf(holder.worker)
    memory -= freed(holder)
  }
  let most = startable()
  if (most > 0) return [] // it waits for something else
  for (const holder of holders) {
    give(holder)
    const now = startable()
    if (now > most) most = now
    else undo()
    if (most >= idle) break
  }
  if (most === 0) {
    // most memory first, so that few give
    for (const holder of holders.toSorted((a, b) => freed(b) - freed(a))) {
      give(holder)
      if (startable() > 0) break
    }
    most = startable()
  }
  const found = most > 0 ? [...givers] : []
  while (givers.length > 0) undo()
  return found
}

/** Whether another Boss has less, or as much, and what is free stays free for it. */
function somebodyBefore(floor: Floor, live: LiveBoss): boolean {
  for (const other of floor.bosses.values())
    if (other.starved && other !== live && other.site === live.site && other.cores <= live.cores) return true
  return false
}

/** Workers of a Boss that has more than a poorer one that waits give their followers back, so that their places come free. */
function giveWay(floor: Floor, now: number): void {
  const starved = [...floor.bosses.values()].filter((live) => live.starved)
  if (starved.length === 0) return
  for (const live of floor.bosses.values()) {
    if (!starved.some((other) => other.site === live.site && other.cores < live.cores)) continue
    for (const worker of live.workers) if (now - worker.hiredAt > quantumMs && heldBy(worker) > 1) askBack(floor, worker, 1)
  }
}
