import type { Logger } from 'pino'
import { born, documentOf, labelOf, type Boss } from './boss/boss.js'
import type { BossDocument } from './boss/boss-document.js'
import { Refusal, storeRefuses } from './boss/errors.js'
import { Feed } from './feed.js'
import type { Kinds } from './footprint/kinds.js'
import type { Crew, Role } from './crew/crew.js'
import type { Policies } from './policy/policies.js'
import type { Scheduler } from './scheduler/scheduler.js'
import type { Store } from './store/store.js'
import { ArrayDesk, putArray, type Shelf } from './workshop/arrays.js'
import { AppendDesk } from './workshop/append-desk.js'
import { inSlices, Intake, Upload } from './workshop/appends.js'
import { Bodies } from './workshop/bodies.js'
import { Breaker } from './workshop/breaker.js'
import type { KindsDocument, NewBoss, ResourcesDocument, WorkerDocument, Workshop } from './workshop/contract.js'
import { checkConsistency } from './workshop/consistency.js'
import { crewMail } from './workshop/crew-mail.js'
import { Deadlines } from './workshop/deadlines.js'
import { atWork, breakOff, drain } from './workshop/drain.js'
import { FailureBook } from './workshop/failures.js'
import { figuresOf } from './workshop/figures.js'
import { findLive, type Finding, type Floor } from './workshop/floor.js'
import { resourcesOf, workersOf } from './workshop/inventory.js'
import { KindBook } from './workshop/kinds.js'
import { armDelayed, armExpiring } from './workshop/later.js'
import { LiveBoss } from './workshop/live-boss.js'
import { bossOf, loadBoss, takeUp, type SchedulerOf } from './workshop/load.js'
import { AnswerDesk, answered } from './workshop/once.js'
import { Meters } from './workshop/meters.js'
import { OrderDesk } from './workshop/orders.js'
import { outputOf } from './workshop/output.js'
import { assertNotStuck, documentOfRow, queryOf, reportOf, type HeldUp } from './workshop/reads.js'
import { Retention, type Limits } from './workshop/retention.js'
import { Roster, type BossQuery } from './workshop/roster.js'
import * as signals from './workshop/signals.js'
import { assertThere, siteOf, sitesOf, type Site } from './workshop/site.js'
import { Turns } from './workshop/turn.js'
import { Waiters } from './workshop/waiters.js'

export type { Workshop } from './workshop/contract.js'

/** What the workshop is made of. */
export interface House {
  readonly store: Store
  /** Of this machine. */
  readonly crew: Crew
  /** Of a cluster, and how many hosts it may have at once; undefined without one. */
  readonly slurm?: { readonly crew: Crew; readonly maxHosts: number } | undefined
  readonly policies: Policies
  readonly log: Logger
  /** The kinds that can be hired, ready for resolution. */
  readonly kinds: Kinds
  readonly roles: Readonly<Record<string, Role>>
  /** What `GET /v1/kinds` says. */
  readonly kindsDocument: KindsDocument
  readonly schedulerOf: SchedulerOf
  /** `order` has its `cpus` as they are granted. */
  readonly machine: {
    readonly node: string
    readonly cpus: readonly number[]
    readonly order: readonly number[]
    readonly memoryMiB: number
  }
  /** How declared memory is enforced, and why not better. */
  readonly enforcement: { readonly mode: ResourcesDocument['memory_enforcement']; readonly reason: string | undefined }
  readonly slots: number | undefined
  readonly maxRows: number
  /** Directory of output that was too long for a report. */
  readonly outputs: string
  /** What is kept of Bosses that are over. */
  readonly keep: Limits
  readonly shelf: Shelf
}

/** The workshop with the ends that only `main` holds. */
export interface OpenWorkshop extends Workshop {
  readonly feed: Feed
  /** Nothing new starts and nothing is taken; resolves when nothing runs any more, or after `graceMs`. */
  drain(graceMs: number): Promise<void>
  /** Records of what still runs that it was broken off, and why; the next start tries it again. Rejects when the store refuses. */
  breakOff(reason: string): Promise<void>
  /** The last turn ends; what the crew tells from now on is left to the next start. */
  close(): Promise<void>
}

/** Loads what the store has of unfinished Bosses and begins to take turns. */
export async function openWorkshop(house: House): Promise<OpenWorkshop> {
  const { store, log } = house
  const turns = new Turns()
  const floor: Floor = {
    bosses: new Map(),
    byName: new Map(),
    batches: new Map(),
    sites: sitesOf(house),
    policies: house.policies,
    kinds: new KindBook(house.roles),
    breaker: new Breaker(),
    store,
    bodies: new Bodies(store),
    shelf: house.shelf,
    log,
    meters: new Meters(),
    turn: turns,
    deadlines: new Deadlines(),
    nextBoss: (await store.read('newestBoss')) + 1,
    lastFrame: 0,
    draining: false,
    refusing: undefined,
  }
  const feed = new Feed(store, await store.read('newestSeq'))
  const desk = new Desk(house, floor, turns, feed)
  const begin: (() => void)[] = []
  let broken = 0
  for (const row of await store.read('liveBosses')) {
    const live = await loadBoss(store, floor.kinds, row, house.schedulerOf, (crew) => siteOf(floor, crew), new Set())
    broken += live.boss.working.size
    desk.admit(live)
    begin.push(await takeUp(floor, live))
    log.info({ boss: live.id, name: live.boss.name, counts: live.boss.counts }, `Boss ${live.label} goes on`)
  }
  if (broken > 0) log.warn({ instructions: broken }, 'the last daemon here did not end in order: what it ran was lost')
  turns.mail(() => {
    for (const act of begin) act()
    for (const live of floor.bosses.values()) if (live.fault) signals.fail(floor, live, live.fault)
  })
  for (const site of floor.sites.values()) site.crew.listen(crewMail(floor, feed, site))
  turns.begin(
    floor,
    feed,
    (boss) => desk.reload(boss),
    (boss) => desk.changed(boss),
  )
  return desk
}

/** Answers what HTTP asks: by a message to the turn, or from the store. */
class Desk implements OpenWorkshop {
  private readonly waiters = new Waiters()
  readonly arrays: ArrayDesk
  readonly appends: AppendDesk
  readonly orders: OrderDesk
  readonly answers: AnswerDesk
  private readonly retention: Retention
  private readonly failed: FailureBook
  private readonly roster: Roster

  constructor(
    private readonly house: House,
    private readonly floor: Floor,
    private readonly turns: Turns,
    readonly feed: Feed,
  ) {
    const on: Finding = (ref, live, over) => this.on(ref, live, over)
    this.arrays = new ArrayDesk(floor, turns, on)
    this.appends = new AppendDesk(floor, turns, { ...house, on, assertOpen: () => this.assertOpen() })
    this.orders = new OrderDesk(floor, turns, on)
    this.answers = new AnswerDesk(floor, turns)
    this.retention = new Retention(house.store, turns, house.shelf, house.outputs, house.keep, house.log)
    this.retention.begin()
    this.failed = new FailureBook(house.store)
    this.roster = new Roster(house.store, floor, turns)
  }

  /** A Boss is in the house from now on. */
  admit(live: LiveBoss): void {
    const { floor } = this
    floor.bosses.set(live.id, live)
    if (live.boss.name !== undefined) floor.byName.set(live.boss.name, live)
    // a policy without a limit of its own (laxist) does not raise the machine's
    live.site.ledger.demand(live.id, live.scheduler.maxWorkers ?? 0)
    armExpiring(floor, live)
    for (const id of live.delayed.keys()) armDelayed(floor, live, id)
  }

  async reload(boss: number): Promise<void> {
    const { floor, house } = this
    const live = floor.bosses.get(boss)
    if (!live) return
    try {
      const row = await house.store.read('bossById', boss)
      if (!row || row.status !== null) {
        floor.bosses.delete(boss)
        if (live.boss.name !== undefined) floor.byName.delete(live.boss.name)
        live.site.ledger.demand(boss, undefined)
        return
      }
      const held = [...live.workers].flatMap((worker) =>
        worker.batches.flatMap((batch) => batch.entries.slice(batch.done).map((entry) => entry.id)),
      )
      live.become(await loadBoss(house.store, floor.kinds, row, house.schedulerOf, () => live.site, new Set(held)))
    } catch (error) {
      floor.log.error({ err: error, boss }, 'a Boss could not be loaded anew')
    }
  }

  changed(boss: number): void {
    const live = this.floor.bosses.get(boss)
    this.waiters.tell(boss, live?.boss)
  }

  async create(asked: NewBoss): Promise<BossDocument> {
    const { floor, house, turns } = this
    const { scheduler, site, intake } = this.intakeOf(asked)
    const id = floor.nextBoss++
    const upload = new Upload(floor, id, undefined, intake, scheduler, house.maxRows)
    try {
      for await (const slice of inSlices(asked.rows)) intake.take(slice)
      while (intake.full) await turns.post(() => upload.write())
      return await turns.post(() => {
        this.assertOpen()
        this.assertNameFree(asked)
        if (floor.refusing !== undefined) throw storeRefuses(floor.refusing)
        const live = this.bear(id, asked, scheduler, site)
        upload.finish(live)
        if (asked.end) signals.end(floor, live)
        turns.after(() => floor.log.info({ boss: id, name: asked.name, scheduler: scheduler.settings }, `Boss ${live.label} is there`))
        return answered(turns, id, { ...documentOf(live.boss), ...intake.ignored.field })
      })
    } catch (error) {
      turns.mail(() => upload.drop())
      throw error
    }
  }

  async tryOut(asked: NewBoss) {
    return this.appends.resolved(asked.rows, this.intakeOf(asked).intake, arraysOf(asked))
  }

  /** @throws {Refusal} draining, invalid, name-taken. */
  private intakeOf(asked: NewBoss): { scheduler: Scheduler; site: Site; intake: Intake } {
    const { floor, house } = this
    this.assertOpen()
    const site = siteOf(floor, asked.crew ?? 'local')
    assertThere(site)
    const scheduler = house.schedulerOf(asked.scheduler, site)
    this.assertNameFree(asked)
    const { name: label = 'to be made', trace } = asked
    const gate = { kinds: house.kinds, label, scheduler, ledger: site.ledger, taken: new Set<number>(), arrays: arraysOf(asked), trace }
    return { scheduler, site, intake: new Intake(gate) }
  }

  private assertNameFree({ name }: NewBoss): void {
    if (name === undefined || !this.floor.byName.has(name)) return
    const message = `an unfinished Boss is already named "${name}"; give this one another name, or append to that one`
    throw new Refusal('name-taken', message, { name })
  }

  private bear(id: number, asked: NewBoss, scheduler: Scheduler, site: Site): LiveBoss {
    const { name, start = true, on_error = 'continue', verbose = false, maxlenreport = 1024, retry, crew = 'local' } = asked
    const settings = {
      scheduler: scheduler.settings,
      on_error,
      verbose,
      maxlenreport,
      ...(retry && { retry }),
      ...(crew !== 'local' && { crew }),
    }
    const fact = { type: 'boss.created' as const, boss: id, at: Date.now(), name, settings, halted: !start, ending: false }
    const live = new LiveBoss(born(fact), scheduler, site)
    live.onDisk = false
    this.turns.after(() => (live.onDisk = true))
    this.admit(live)
    this.turns.record(fact)
    for (const array of asked.arrays ?? []) putArray(this.floor, live, array)
    return live
  }

  bosses(query: BossQuery) {
    return this.roster.list(query)
  }

  boss(ref: string): Promise<BossDocument> {
    return this.look(ref, (live) => documentOf(live.boss), documentOf)
  }

  async remove(ref: string): Promise<void> {
    const boss = await this.on(
      ref,
      (live) => {
        throw new Refusal('boss-not-over', `Boss ${live.label} is not over; end or stop it first`, {
          boss: live.id,
          boss_status: documentOf(live.boss).status,
        })
      },
      (over) => over,
    )
    await this.retention.remove([boss.id])
  }

  readonly prune: Workshop['prune'] = (query) => this.retention.prune(query)

  async instructions(ref: string, filter: Parameters<Workshop['instructions']>[1]) {
    const { boss, held } = await this.lookAt(ref)
    const { rows, more } = await this.house.store.read('instructions', boss.id, queryOf(filter))
    return { items: rows.map((row) => documentOfRow(boss, row, held)), ...(more && { next: String(rows.at(-1)?.id) }) }
  }

  async instruction(ref: string, id: number) {
    const { boss, held } = await this.lookAt(ref)
    return documentOfRow(boss, await this.row(boss, id), held)
  }

  async output(ref: string, id: number, query: Parameters<Workshop['output']>[2]) {
    const boss = await this.bossNow(ref)
    const look = async () => {
      const isOver = !this.floor.bosses.has(boss.id) // before it is read: what has not begun by then never will
      const row = await this.house.store.read('instruction', boss.id, id)
      return isOver && row?.outcome === null ? undefined : row
    }
    return outputOf(this.house.outputs, boss, await this.row(boss, id), query, look)
  }

  private async row(boss: Boss, id: number) {
    const row = await this.house.store.read('instruction', boss.id, id)
    if (row) return row
    throw new Refusal('not-found', `Boss ${labelOf(boss)} has no instruction ${id}; GET …/instructions lists what it has`, {
      boss: boss.id,
      instruction: id,
    })
  }

  work(ref: string, options: { terminate?: boolean; stop_listening?: boolean }) {
    return this.signal(ref, (live) => signals.work(this.floor, live, options), signals.refuseOver)
  }

  halt(ref: string) {
    return this.signal(ref, (live) => signals.halt(this.floor, live), signals.refuseOver)
  }

  end(ref: string) {
    return this.signal(ref, (live) => signals.end(this.floor, live))
  }

  stop(ref: string, options: { now?: boolean }) {
    return this.signal(ref, (live) => signals.stop(this.floor, live, options))
  }

  /** END and STOP change nothing in a Boss that is over, as in taylorism; `over` refuses where that would mislead. */
  private signal(ref: string, act: (live: LiveBoss) => void, over: (boss: Boss) => void = () => undefined): Promise<BossDocument> {
    return this.on(
      ref,
      (live) => {
        act(live)
        return answered(this.turns, live.id, documentOf(live.boss))
      },
      (boss) => {
        over(boss)
        return documentOf(boss)
      },
    )
  }

  async waitTillOver(ref: string, seconds: number, signal: AbortSignal): Promise<boolean> {
    const wait = await this.on(
      ref,
      (live) => {
        assertNotStuck(live.boss, live.label)
        // in an object, so that the turn does not wait for it; begun with the commit, for this message may come again
        return { over: new Promise<boolean>((begin) => this.turns.after(() => begin(this.waiters.wait(live.id, seconds, signal)))) }
      },
      () => ({ over: Promise.resolve(true) }),
    )
    return wait.over
  }

  async report(ref: string, { after, limit, interim }: { after: number; limit: number; interim: boolean }) {
    const boss = await this.bossNow(ref)
    if (!interim && !boss.over) {
      throw new Refusal(
        'boss-not-over',
        `Boss ${labelOf(boss)} is not over; ask with Prefer: wait=N, or take an interim report without interim=false`,
        {
          boss: boss.id,
          counts: boss.counts,
        },
      )
    }
    return reportOf(this.house.store, boss, { after, limit })
  }

  async failures(ref: string) {
    return this.failed.of(await this.bossNow(ref))
  }

  workers(): Promise<WorkerDocument[]> {
    return this.turns.look(() => workersOf(this.floor, this.house))
  }

  kinds(): KindsDocument {
    return this.floor.breaker.shownIn(this.house.kindsDocument)
  }

  resources(): Promise<ResourcesDocument> {
    return this.turns.look(() => resourcesOf(this.floor, this.house))
  }

  consistency(): Promise<string[]> {
    return checkConsistency(this.floor, this.turns)
  }

  async figures() {
    const { floor, house, feed, turns } = this
    const figures = turns.look(() => figuresOf(floor, house.machine.cpus.length, this.notReady().length === 0, feed.followed))
    const [now, sizes] = await Promise.all([figures, house.store.sizes()])
    return { ...now, ...sizes }
  }

  notReady(): string[] {
    const { draining, refusing, store } = this.floor
    return [
      ...(draining ? [`the daemon is going down; ${atWork(this.floor)} still at work`] : []),
      ...(refusing === undefined ? [] : [`the store refuses: ${refusing}`]),
      ...[...this.floor.sites.values()].flatMap(({ crew }) => crew.notReady ?? []),
      ...(store.unreadable === undefined ? [] : [`the store cannot be read: ${store.unreadable}`]),
    ]
  }

  drain(graceMs: number): Promise<void> {
    return drain(this.floor, graceMs)
  }

  breakOff(reason: string): Promise<void> {
    return this.turns.post(() => breakOff(this.floor, reason))
  }

  close(): Promise<void> {
    this.retention.end()
    this.floor.deadlines.close()
    return this.turns.end()
  }

  /** @throws {Refusal} draining. */
  private assertOpen(): void {
    if (!this.floor.draining) return
    throw new Refusal('draining', 'the daemon is going down and takes no new work; send it again when it is back')
  }

  private async bossNow(ref: string): Promise<Boss> {
    return (await this.lookAt(ref)).boss
  }

  private lookAt(ref: string): Promise<{ boss: Boss; held: HeldUp }> {
    return this.look(
      ref,
      ({ boss, choseNothing, site }) => ({
        boss: { ...boss, counts: { ...boss.counts } },
        held: { choseNothing, crew: site.crew.waitingFor },
      }),
      (boss) => ({ boss, held: { choseNothing: false, crew: undefined } }),
    )
  }

  /** Finds a Boss by a message, in which something may be decided of it. @throws {Refusal} not-found. */
  private on<T>(ref: string, live: (live: LiveBoss) => T, over: (boss: Boss) => T): Promise<T> {
    return this.find(ref, (act) => this.turns.post(act), live, over)
  }

  /** Finds a Boss only to look at it. @throws {Refusal} not-found. */
  private look<T>(ref: string, live: (live: LiveBoss) => T, over: (boss: Boss) => T): Promise<T> {
    return this.find(ref, (act) => this.turns.look(act), live, over)
  }

  /** Finds a Boss among the live ones, else in the store. */
  private async find<T>(
    ref: string,
    among: (act: () => { value: T } | undefined) => Promise<{ value: T } | undefined>,
    live: (live: LiveBoss) => T,
    over: (boss: Boss) => T,
  ): Promise<T> {
    for (;;) {
      const answer = await among(() => {
        const found = findLive(this.floor, ref)
        return found && { value: live(found) }
      })
      if (answer) return answer.value
      const isId = /^\d+$/.test(ref)
      const row = await (isId ? this.house.store.read('bossById', Number(ref)) : this.house.store.read('bossByName', ref))
      if (!row)
        throw new Refusal('not-found', `there is no Boss ${isId ? 'with id ' : ''}${ref}; GET /v1/bosses lists those there are`, {
          boss: ref,
        })
      // made between the two looks: it is live by now
      if (row.status !== null) return over(bossOf(row))
    }
  }
}

const arraysOf = ({ arrays }: NewBoss) => new Set(arrays?.map(({ name }) => name))
