import { apply, documentOf, endOf, leftAs, type OverStatus } from '../boss/boss.js'
import { storeRefuses } from '../boss/errors.js'
import { isUnseen, textOf, withoutBriefStarts, type Fact } from '../boss/fact.js'
import type { Feed } from '../feed.js'
import { StoreRefuses, Unwritable } from '../store/store.js'
import { commit } from './commit.js'
import { launch } from './dispatch.js'
import type { Floor, OwnMail, Turn } from './floor.js'
import type { LiveBoss } from './live-boss.js'
import { withinCall } from './once.js'
import { recall } from './recall.js'
import { failUnwritable, isDeafNow } from './signals.js'

/** A message: something to do within a turn, and whom to tell. */
interface Mail extends OwnMail {
  act(): unknown
  /** Of a caller; a message without one is ours and must not get lost. */
  readonly caller?: { resolve(value: unknown): void; reject(error: unknown): void }
  /** Facts came of it. */
  decided?: boolean
}

const retryMs = 500
/** How long mail of ours waits for more of its kind while turns follow upon each other. */
const breathMs = 10
/** How long mail of ours waits that may. */
const patienceMs = 4
/** So many messages fill a commit: they wait for no more. */
const mailEnough = 16

/**
 * The turn: receive the mail, commit what it decided, carry out, launch, publish. One is in flight at a time; mail gathers meanwhile.
 *
 * Nobody sees what is not on disk: callers are answered, hosts are told and subscribers hear of it after the commit. Launching comes after
 * the commit, too: what is sent to a host was on disk before, and a commit that fails has launched nothing that would have to be undone.
 */
export class Turns implements Turn {
  private mailbox: Mail[] = []
  /** Our own mail while the store refuses. */
  private held: Mail[] = []
  private receiving: Mail | undefined
  private facts: Fact[] = []
  /** Whose message decided each of them; undefined: the turn itself. */
  private deciders: (Mail | undefined)[] = []
  private afterwards: (() => void)[] = []
  private inFlight = false
  /** The turn that is in flight changes something that can be seen. */
  private changing = false
  /** Somebody waits for the next turn. */
  private urgent = false
  /** How the next turn was ordered; undefined when none was. */
  private next: { readonly soon: boolean; readonly timer?: NodeJS.Timeout } | undefined
  /** From when on mail of ours need not wait for more of its kind, on the clock of `performance`. */
  private restedAt = 0
  private stopped: (() => void) | undefined
  /** Who wants to look when the turn is over. */
  private lookers: (() => void)[] = []
  private floor: Floor | undefined
  private feed: Feed | undefined
  private reload: (boss: number) => Promise<void> = async () => undefined
  /** Called for each Boss that facts of a committed turn were about. */
  private changed: (boss: number) => void = () => undefined

  /** Begins to take turns; what was mailed before is in the first one. */
  begin(floor: Floor, feed: Feed, reload: (boss: number) => Promise<void>, changed: (boss: number) => void): void {
    this.floor = floor
    this.feed = feed
    this.reload = reload
    this.changed = changed
    this.wake()
  }

  /** Puts a caller's message into the mailbox; resolves with what `act` returns once the turn is on disk. */
  post<T>(act: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.mailbox.push({ act: withinCall(act), caller: { resolve: resolve as (value: unknown) => void, reject } })
      this.wake()
    })
  }

  /** How many turns have changed something. */
  changes = 0
  /** How many of them, on disk by now, have changed which Bosses there are or how one stands. */
  rosterChanges = 0

  /**
   * Looks at what is on disk and half done in nothing: at once, or when the turn that is in flight has committed, launched and answered, if it
   * changes what can be seen. So whoever only looks waits for one commit at most, and not for what comes with the next.
   */
  look<T>(look: () => T): Promise<T> {
    const settled = this.inFlight && this.changing ? new Promise<void>((resolve) => this.lookers.push(resolve)) : Promise.resolve()
    return settled.then(look)
  }

  mail(act: () => void, { patient = false, instead }: { patient?: boolean; instead?: OwnMail['instead'] } = {}): void {
    this.mailbox.push(instead ? { act, instead } : { act })
    this.schedule(patient ? patienceMs : 0)
  }

  /** Inside a caller's message, before it changes anything. @throws {Refusal} store-refuses. */
  assertAccepts(): void {
    if (this.floor?.refusing !== undefined && this.receiving?.caller) throw storeRefuses(this.floor.refusing)
  }

  record(fact: Fact): void {
    this.assertAccepts()
    if (this.receiving) this.receiving.decided = true
    this.facts.push(fact)
    this.deciders.push(this.receiving)
    const live = this.floor?.bosses.get(fact.boss)
    if (live) apply(live.boss, fact)
  }

  after(act: () => void): void {
    this.afterwards.push(act)
  }

  wake(): void {
    this.urgent = true
    this.schedule()
  }

  /**
   * Sees to it that a turn comes, unless one is in flight, which does so when it ends. Callers and `wake` get it at once. Mail of ours alone
   * gets it at once after a rest, else after a breath, so that reports of short instructions share a commit.
   * @param least ms that it may wait in any case.
   */
  private schedule(least = 0): void {
    if (this.inFlight || !this.floor || this.stopped) return
    const enough = this.urgent || this.mailbox.length >= mailEnough
    const wait = enough ? 0 : Math.max(least, Math.ceil(this.restedAt - performance.now()))
    if (this.next && (this.next.soon || wait > 0)) return
    if (this.next) clearTimeout(this.next.timer)
    this.next = wait > 0 ? { soon: false, timer: setTimeout(() => void this.take(), wait) } : { soon: true }
    if (this.next.soon) setImmediate(() => void this.take())
  }

  /** Resolves when the turn that is in flight has ended; no other one follows. */
  async end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.stopped = resolve
      if (!this.inFlight) resolve()
    })
  }

  private async take(): Promise<void> {
    const { floor, feed } = this
    if (!floor || !feed || this.stopped) return
    this.inFlight = true
    this.urgent = false
    this.next = undefined
    const began = performance.now()
    const mail = this.collect(floor)
    ;[this.facts, this.deciders, this.afterwards] = [[], [], []]
    const answers = mail.map((message) => this.receive(floor, message))
    if (floor.refusing === undefined) for (const live of floor.bosses.values()) this.settle(floor, live)
    const decided = withoutBriefStarts(this.facts)
    if (decided.length > 0) this.changes++
    this.changing = !decided.every(isUnseen)
    let durable
    try {
      durable = await commit(floor, decided)
    } catch (error) {
      await this.rollBack(floor, decided)
      const fact = error instanceof Unwritable ? decided[error.at ?? -1] : undefined
      if (fact) this.leaveOut(floor, mail, fact, (error as Error).message)
      else this.refused(floor, mail, error)
      return this.leave()
    }
    const { facts, first } = durable
    if (facts.some(({ type }) => type.startsWith('boss.'))) this.rosterChanges++
    for (const act of this.afterwards) act()
    floor.bodies.keep(facts)
    if (launch(floor, Date.now())) this.wake()
    for (const answer of answers) answer()
    // answers leave before the events: these may be for many
    await new Promise<void>((resolve) => process.nextTick(resolve))
    if (facts.length > 0) feed.publish(facts, first)
    for (const boss of new Set(facts.map((fact) => fact.boss))) this.changed(boss)
    floor.meters.turned(facts, performance.now() - began)
    this.leave()
  }

  private collect(floor: Floor): Mail[] {
    const mail = this.mailbox
    this.mailbox = []
    if (floor.refusing === undefined) return mail
    this.held.push(...mail.filter(({ caller }) => !caller))
    return mail.filter(({ caller }) => caller)
  }

  private leave(): void {
    for (const look of this.lookers.splice(0)) look()
    this.inFlight = false
    if (this.stopped) return this.stopped()
    this.restedAt = performance.now() + breathMs
    if (this.urgent || this.mailbox.length > 0) this.schedule()
  }

  /** @returns how the caller is answered once the turn is on disk. */
  private receive(floor: Floor, message: Mail): () => void {
    const { caller } = message
    this.receiving = message
    message.decided = false
    try {
      const value = message.act()
      return () => caller?.resolve(value)
    } catch (error) {
      if (!caller) floor.log.error({ err: error }, 'a message of our own failed')
      return () => caller?.reject(error)
    } finally {
      this.receiving = undefined
    }
  }

  private settle(floor: Floor, live: LiveBoss): void {
    const { boss } = live
    const status = live.unwritable ? 'failed' : isDeafNow(live) ? leftAs(boss) : endOf(boss, live.workers.size > 0)
    if (status === undefined || live.unwritable === 'stays') return
    this.record({ type: 'boss.over', boss: boss.id, at: Date.now(), status, counts: { ...boss.counts } })
    this.after(() => this.dismiss(floor, live, status))
  }

  private dismiss(floor: Floor, live: LiveBoss, status: OverStatus): void {
    const { boss } = live
    recall(floor, live)
    live.leave()
    floor.bosses.delete(boss.id)
    if (boss.name !== undefined && floor.byName.get(boss.name) === live) floor.byName.delete(boss.name)
    live.site.ledger.demand(boss.id, undefined)
    if (live.scheduler.policy) floor.policies.forget(live.scheduler.policy.module, boss.id)
    floor.log.info({ boss: boss.id, name: boss.name, status, counts: documentOf(boss).counts }, `Boss ${live.label} is over: ${status}`)
  }

  /** The store took nothing: memory goes back to what is on disk. */
  private async rollBack(floor: Floor, facts: readonly Fact[]): Promise<void> {
    for (const { batch } of floor.batches.values()) batch.decided = batch.done
    for (const boss of new Set(facts.map((fact) => fact.boss))) await this.reload(boss)
  }

  /**
   * A fact can never be written, which is a bug of ours: the message that decided it is left out, and all others are read again. A caller is
   * told. In place of a message of ours comes what it has for that; else its Boss fails, and then it comes once more, when nobody hears of
   * that Boss any more.
   */
  private leaveOut(floor: Floor, mail: readonly Mail[], fact: Fact, reason: string): void {
    const message = this.deciders[this.facts.indexOf(fact)]
    const live = floor.bosses.get(fact.boss)
    floor.log.error({ reason, fact: textOf(fact) }, 'a bug: this can never be written, and is left out')
    let instead: readonly Mail[] = []
    if (message?.caller) message.caller.reject(new Unwritable(reason))
    else if (message?.instead) instead = message.instead(reason)
    else if (live && !live.unwritable) {
      live.unwritable = 'fails'
      const end = () => {
        failUnwritable(floor, live, reason)
        this.settle(floor, live)
      }
      instead = [{ act: end }, ...(message ? [message] : [])]
    } else if (live && fact.type === 'boss.over') {
      live.unwritable = 'stays'
      instead = [{ act: () => failUnwritable(floor, live, reason) }]
    }
    this.mailbox.unshift(...(message ? [] : instead), ...mail.flatMap((one) => (one === message ? instead : one)))
    this.wake()
  }

  /** The store takes nothing now: callers who changed something are told, all other mail is read again. */
  private refused(floor: Floor, mail: readonly Mail[], error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    if (!(error instanceof StoreRefuses)) floor.log.error({ err: error }, 'a turn failed')
    for (const { caller, decided } of mail) if (decided) caller?.reject(storeRefuses(reason))
    this.mailbox.unshift(...mail.filter(({ caller, decided }) => caller && !decided))
    this.held.push(...mail.filter(({ caller }) => !caller))
    if (floor.refusing !== undefined) return
    floor.log.error({ reason }, 'the store refuses; nothing new starts until it accepts again')
    floor.refusing = reason
    this.probeLater(floor)
  }

  /** Asks the store now and then whether it accepts again; then what was held is in the next turn. */
  private probeLater(floor: Floor): void {
    setTimeout(() => void this.probe(floor), retryMs).unref()
  }

  private async probe(floor: Floor): Promise<void> {
    try {
      await floor.store.commit([])
    } catch {
      return this.probeLater(floor)
    }
    floor.refusing = undefined
    floor.log.info('the store accepts again')
    this.mailbox.unshift(...this.held.splice(0))
    this.wake()
  }
}
