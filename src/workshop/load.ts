import { born, type Boss } from '../boss/boss.js'
import type { BossError, CrewName } from '../boss/boss-document.js'
import { Refusal } from '../boss/errors.js'
import type { BossSettings } from '../boss/fact.js'
import { meaningOf, renderEnding } from '../boss/report.js'
import { inert } from '../scheduler/custom.js'
import type { Scheduler } from '../scheduler/scheduler.js'
import type { BossRow } from '../store/bosses.js'
import type { InstructionRow } from '../store/instructions.js'
import type { Store } from '../store/store.js'
import { endEarly, orderOf, unendedOf } from './cancel.js'
import type { Floor } from './floor.js'
import type { KindBook } from './kinds.js'
import { entriesOf, LiveBoss } from './live-boss.js'
import type { Site } from './site.js'

/** Rows that are read at once. */
const pageRows = 5_000

/** The Boss of a row, without what only a live one needs. */
export function bossOf(row: BossRow): Boss {
  const boss = born({
    type: 'boss.created',
    boss: row.id,
    at: row.created_at,
    name: row.name ?? undefined,
    settings: JSON.parse(row.settings) as BossSettings,
    halted: row.halted === 1,
    ending: row.ending === 1,
  })
  boss.stopping = row.stopping ?? undefined
  if (row.error !== null) boss.error = JSON.parse(row.error) as BossError
  if (row.status !== null) boss.over = { status: row.status, at: row.over_at ?? row.created_at }
  if (row.counts !== null) Object.assign(boss.counts, JSON.parse(row.counts))
  return boss
}

/**
 * Brings an unfinished Boss into memory as the store has it.
 * @param held ids that workers hold and that therefore do not wait; none at a start.
 */
export async function loadBoss(
  store: Store,
  kinds: KindBook,
  row: BossRow,
  schedulerOf: SchedulerOf,
  siteOf: (crew: CrewName) => Site,
  held: ReadonlySet<number>,
): Promise<LiveBoss> {
  const boss = bossOf(row)
  const site = siteOf(boss.settings.crew ?? 'local')
  const { scheduler, fault } = schedulerAgain(boss.settings.scheduler, (settings) => schedulerOf(settings, site))
  const live = new LiveBoss(boss, scheduler, site, fault)
  const [newest, outcomes, broken, tried, arrays] = await Promise.all([
    store.read('newestInstruction', boss.id),
    store.read('outcomesOf', boss.id),
    store.read('brokenOff', boss.id),
    store.read('triedBefore', boss.id),
    store.read('arraysOf', boss.id),
  ])
  for (const array of arrays) boss.arrays.set(array.name, array)
  live.nextId = newest + 1
  for (const { outcome, n } of outcomes) boss.counts[meaningOf(outcome)?.outcome ?? 'failed'] += n
  for (const [instruction, attempt] of tried) live.attempts.set(instruction, attempt + 1)
  const further = new Map(tried.map(([instruction, , notBefore, ooms]) => [instruction, { notBefore: notBefore ?? 0, ooms }]))
  for (const [instruction, attempt] of broken) {
    boss.working.set(instruction, attempt)
    live.attempts.set(instruction, attempt)
  }
  let waiting = 0
  // as long as they are alike, which a million of one append often are
  let after = 0
  const readRun = () => store.read('pendingRun', boss.id, after, pageRows)
  for (let reading = held.size === 0 && further.size === 0 ? readRun() : undefined; reading; ) {
    const run = await reading
    if (!run) break
    const { n, first, kind, memory, expectedTime, ...more } = run
    const shape = { kind: kinds.named(kind).no, nameHash: 0, memory: memory ?? undefined, expectedTime: expectedTime ?? undefined, ...more }
    after = first + n - 1
    reading = readRun() // while these are added
    live.queue.addRun({ id: first, ...shape, fileA: undefined, fileB: undefined }, n)
    waiting += n
  }
  for (;;) {
    const rows = await store.read('pendingOf', boss.id, after, pageRows)
    const n = rows.id.length
    waiting += n
    for (const [at, entry] of entriesOf({ ...rows, first: 0, n }, kinds).entries()) {
      const id = rows.id[at] ?? 0
      const terms = rows.terms[at]
      if (terms) live.terms.note(id, terms)
      if (entry.nameHash !== 0) live.names.add(entry.nameHash)
      if (held.has(id)) continue
      const { notBefore = 0, ooms = 0 } = further.get(id) ?? {}
      const memory = ooms === 0 ? entry.memory : (entry.memory ?? scheduler.perTaskMiB) * (live.retryOf(id)?.memory_factor ?? 1) ** ooms
      live.comeBack({ ...entry, id, memory }, notBefore)
    }
    if (n < pageRows) break
    after = rows.id.at(-1) ?? after
  }
  boss.counts.working = boss.working.size
  boss.counts.pending = waiting - boss.working.size
  return live
}

type Settings = Readonly<Record<string, unknown>>
/** Makes a policy of what a Boss asks for, measured by what its site has. @throws {Refusal} invalid. */
export type SchedulerOf = (given: Settings | undefined, site: Site) => Scheduler

/** The policy that a Boss had; when there is none any more, as after a restart without its plugin, one that starts nothing, and why. */
function schedulerAgain(settings: Settings, schedulerOf: (settings: Settings) => Scheduler): { scheduler: Scheduler; fault?: BossError } {
  try {
    return { scheduler: schedulerOf(settings) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { scheduler: inert(settings), fault: { type: 'NoScheduler', message: error.message } }
  }
}

/**
 * What a start decides of a Boss, as a message: attempts that the last daemon did not see to their end were lost and the next one will come,
 * unless they must never begin twice; what was cancelled ends.
 */
export async function takeUp(floor: Floor, live: LiveBoss): Promise<() => void> {
  const { store, kinds } = floor
  const { boss } = live
  const broken = [...boss.working.keys()]
  const cancelled = await store.read('cancelledOf', boss.id)
  const rows = await Promise.all(broken.map(async (id) => store.read('instruction', boss.id, id)))
  const find = async (ids: readonly number[]) => unendedOf(await store.read('unendedAmong', boss.id, ids), kinds)
  const once = await find(broken.filter((id) => live.terms.of(id)?.at_most_once))
  const unwanted = await find(cancelled.map(([id]) => id))
  const reasons = new Map(cancelled)
  return () => {
    if (live.boss.over) return // something of it could not be written
    for (const entry of once) endEarly(floor, live, [entry], { o: 'l', error: { type: 'Lost', message: lostWords } })
    for (const row of rows) if (row && !once.some(({ id }) => id === row.id)) recordLost(floor, live, row)
    for (const entry of unwanted) endEarly(floor, live, [entry], orderOf(reasons.get(entry.id) ?? ''))
  }
}

const lostWords = 'the daemon ended while it ran'

function recordLost(floor: Floor, live: LiveBoss, row: InstructionRow): void {
  const { boss } = live
  const at = Date.now()
  const attempt = boss.working.get(row.id) ?? 1
  const body = renderEnding({
    name: row.name ?? `${row.kind}-${row.id}`,
    kind: row.kind,
    outcome: 'failed',
    report: null,
    cause: 'lost',
    error: { type: 'Lost', message: lostWords },
    attempt,
    scheduler_ticket: null,
    cpus: [],
    started_at: row.working_since === null ? null : new Date(row.working_since).toISOString(),
    finished_at: new Date(at).toISOString(),
    usage: { wall: 0, cpu: null, max_rss: null },
  })
  floor.turn.record({
    type: 'instruction.retrying',
    boss: boss.id,
    at,
    instruction: row.id,
    attempt,
    cause: 'lost',
    notBefore: undefined,
    body,
  })
  live.attempts.set(row.id, attempt + 1)
}
