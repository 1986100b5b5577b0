import type { Logger } from 'pino'
import type { Boss } from '../boss/boss.js'
import type { CrewName } from '../boss/boss-document.js'
import type { Fact } from '../boss/fact.js'
import type { Policies } from '../policy/policies.js'
import type { Store } from '../store/store.js'
import type { Shelf } from './arrays.js'
import type { Deadlines } from './deadlines.js'
import type { Bodies } from './bodies.js'
import type { Breaker } from './breaker.js'
import type { KindBook } from './kinds.js'
import type { LiveBoss } from './live-boss.js'
import type { Meters } from './meters.js'
import type { Site } from './site.js'
import type { Batch, Worker } from './worker.js'

/** A message of ours. */
export interface OwnMail {
  act(): void
  /** What comes in its place when what it decided can never be written. @param reason as the store tells it. */
  readonly instead?: ((reason: string) => OwnMail[]) | undefined
}

/** The turn as its messages see it. */
export interface Turn {
  /**
   * Puts a message into the mailbox that must not get lost: if its turn cannot be committed it is mailed again.
   * `patient`: it may wait a few milliseconds for others to come.
   */
  mail(act: () => void, options?: { readonly patient?: boolean; readonly instead?: OwnMail['instead'] }): void
  /** Inside a message: decides a fact. It is applied at once and becomes durable with the turn. */
  record(fact: Fact): void
  /** Inside a message: what is to be done once the turn is committed. */
  after(act: () => void): void
  /** Asks for a turn although there is no mail. */
  wake(): void
}

/** Everything that is in the house now: what the turn works upon. Only the turn's own steps change it. */
export interface Floor {
  readonly bosses: Map<number, LiveBoss>
  readonly byName: Map<string, LiveBoss>
  /** Batches that workers hold, by frame number. */
  readonly batches: Map<number, { readonly worker: Worker; readonly batch: Batch }>
  /** Where Bosses can work. */
  readonly sites: ReadonlyMap<CrewName, Site>
  readonly policies: Policies
  readonly kinds: KindBook
  readonly breaker: Breaker
  readonly store: Store
  readonly bodies: Bodies
  readonly shelf: Shelf
  readonly log: Logger
  readonly meters: Meters
  readonly turn: Turn
  readonly deadlines: Deadlines
  /** The next Boss's id. */
  nextBoss: number
  /** The last frame number given. */
  lastFrame: number
  /** Nothing starts and no new work is taken: the daemon is going down. */
  draining: boolean
  /** Why the store takes nothing; undefined when it does. */
  refusing: string | undefined
}

/** The site of the daemon's own machine. */
export function localOf({ sites }: Floor): Site {
  const site = sites.get('local')
  if (!site) throw new Error('there is no crew of this machine')
  return site
}

/** Finds a Boss by its id or name: `live` is called within a message, `over` with one that is over. @throws {Refusal} not-found. */
export type Finding = <T>(ref: string, live: (live: LiveBoss) => T, over: (boss: Boss) => T) => Promise<T>

/** The Boss that an id or a name means among those that are not over. */
export function findLive(floor: Floor, ref: string): LiveBoss | undefined {
  return /^\d+$/.test(ref) ? floor.bosses.get(Number(ref)) : floor.byName.get(ref)
}
