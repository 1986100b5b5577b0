import { setImmediate } from 'node:timers/promises'
import type { ArrayNames } from '../boss/arrays.js'
import { assertListening, isListening, labelOf, type Boss } from '../boss/boss.js'
import { codeOf } from '../boss/ending.js'
import { invalid, Refusal } from '../boss/errors.js'
import type { Rows } from '../boss/fact.js'
import { resolveRow, textOfTerms, type Row } from '../boss/instruction.js'
import { failures, type Terms } from '../boss/terms.js'
import type { Trace } from '../boss/trace.js'
import type { Kinds } from '../footprint/kinds.js'
import { inSlices, Intake, Upload } from './appends.js'
import type { Appends, DryRun, Stored } from './contract.js'
import { findLive, type Finding, type Floor } from './floor.js'
import type { LiveBoss } from './live-boss.js'
import { answered } from './once.js'
import * as signals from './signals.js'
import type { Turns } from './turn.js'

/** Rows of a retry that are read at once. */
const pageRows = 500
const unsuccessful = [...failures, 'requested', 'stopped', 'expired'] as const

/** What the desk finds Bosses and kinds by. */
interface House {
  readonly kinds: Kinds
  readonly maxRows: number
  /** @throws {Refusal} draining. */
  assertOpen(): void
  readonly on: Finding
}

/** Takes instructions in. */
export class AppendDesk implements Appends {
  constructor(
    private readonly floor: Floor,
    private readonly turns: Turns,
    private readonly house: House,
  ) {}

  async append(
    ref: string,
    slices: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
    { fatal = false, trace }: { fatal?: boolean; trace?: Trace | undefined } = {},
  ) {
    const { house, floor, turns } = this
    house.assertOpen()
    // no need to wait for a turn that would only look: the one that takes the rows looks again
    const found = findLive(floor, ref)
    const live = found?.onDisk && isListening(found.boss) ? found : await this.listening(ref)
    return this.take(
      live,
      trace,
      async (intake, write) => {
        if (Symbol.asyncIterator in slices)
          for await (const slice of slices) {
            // a piece of a body may have many: others get their turn between them
            if (intake.count > 0) await setImmediate()
            intake.take(slice)
            await write()
          }
        else
          for (const slice of slices) {
            intake.take(slice)
            if (intake.full) await write() // else nothing is awaited: for one row that is much of what it costs
          }
      },
      fatal ? () => turns.post(() => signals.stop(floor, live, { now: true })) : undefined,
    )
  }

  async dryRun(ref: string, rows: readonly Row[]) {
    this.house.assertOpen()
    const live = await this.listening(ref)
    return this.resolved(rows, this.intakeOf(live), live.boss.arrays)
  }

  /** @param intake takes the rows, and is left. @param arrays shared ones of the Boss, by name. @throws {Refusal} what is wrong with a row. */
  async resolved(rows: readonly Row[], intake: Intake, arrays: ArrayNames): Promise<DryRun> {
    for await (const slice of inSlices(rows)) intake.take(slice)
    const instructions = rows.map((row, at) => {
      const { name, kind, attributes } = resolveRow(this.house.kinds, row, at + 1, arrays)
      return { ...(name !== null && { name }), kind, attributes }
    })
    return { instructions, ...intake.ignored.field }
  }

  async retry(ref: string, { causes, kinds, ids, into, trace }: Parameters<Appends['retry']>[1]) {
    const { house, floor } = this
    house.assertOpen()
    const source = await house.on(
      ref,
      ({ boss }) => boss,
      (boss) => boss,
    )
    const live = into === undefined ? await this.sameBoss(ref) : await this.listening(into)
    const outcomes = (causes ?? (ids ? unsuccessful : failures)).map(codeOf).join('')
    const wanted = ids && new Set(ids)
    return this.take(live, trace, async (intake, write) => {
      for (let after = 0; ; ) {
        const rows = await floor.store.read('ended', source.id, {
          after,
          limit: pageRows,
          outcomes,
          ids: wanted ? JSON.stringify([...wanted]) : null,
          kinds: kinds ? JSON.stringify(kinds) : null,
        })
        const n = rows.id.length
        if (n > 0) intake.takeResolved(rowsAgain(rows, source.id))
        await write()
        if (wanted && !rows.more) assertAll(wanted, intake.count, source)
        if (!rows.more) return
        after = rows.id.at(-1) ?? after
      }
    })
  }

  /** The Boss whose instructions are given again, when no other is named. @throws {Refusal} boss-not-listening. */
  private sameBoss(ref: string): Promise<LiveBoss> {
    return this.house.on(
      ref,
      (live) => {
        signals.assertTakes(live)
        return live
      },
      (over) => {
        throw new Refusal(
          'boss-not-listening',
          `Boss ${labelOf(over)} is over (${over.over?.status}); name another Boss with "into", which gets what failed here`,
          { boss: over.id, boss_status: over.over?.status },
        )
      },
    )
  }

  /**
   * All or nothing: what `fill` gives the intake is appended.
   * @param trace that it belongs to from now on; what it belonged to before when undefined.
   * @param fill calls `write` now and then, so that what has come is written while more comes.
   * @param undone called when nothing of it was taken.
   */
  private async take(
    live: LiveBoss,
    trace: Trace | undefined,
    fill: (intake: Intake, write: () => Promise<void>) => Promise<void>,
    undone?: () => Promise<unknown>,
  ): Promise<Stored> {
    const { house, floor, turns } = this
    const intake = this.intakeOf(live, trace)
    const upload = new Upload(floor, live.id, live, intake, live.scheduler, house.maxRows)
    try {
      let writing: Promise<void> | undefined
      await fill(intake, async () => {
        // one turn's rows are on their way while the next are being resolved
        if (intake.full) await writing
        if (!intake.full) return
        writing = turns.post(() => upload.write())
        writing.catch(() => undefined)
      })
      await writing
      return await turns.post(() => {
        house.assertOpen()
        signals.assertTakes(live)
        return answered(turns, live.id, { ...upload.finish(live), ...intake.ignored.field })
      })
    } catch (error) {
      turns.mail(() => upload.drop())
      await undone?.()
      throw error
    }
  }

  private intakeOf({ label, scheduler, names: taken, site, boss: { arrays } }: LiveBoss, trace?: Trace): Intake {
    return new Intake({ kinds: this.house.kinds, label, scheduler, ledger: site.ledger, taken, arrays, trace })
  }

  /** @throws {Refusal} boss-not-listening. */
  private listening(ref: string): Promise<LiveBoss> {
    return this.house.on(
      ref,
      (live) => {
        assertListening(live.boss)
        return live
      },
      (over) => signals.refuseOver(over),
    )
  }
}

/** Rows that ended, as new ones. */
function rowsAgain(
  rows: Omit<Rows, 'first' | 'n' | 'attributes'> & { id: readonly number[]; attributes: readonly string[]; more: boolean },
  boss: number,
): Rows {
  const { id: ids, attributes, more: _, ...columns } = rows
  const now = Date.now()
  const terms = columns.terms.map((text) => text && textOfTerms(JSON.parse(text) as Terms, now))
  return { ...columns, terms, first: 0, n: ids.length, attributes: attributes.join('\n'), retryOf: { boss, ids } }
}

/** @throws {Refusal} invalid when some of what was asked for has not failed, or is not there. */
function assertAll(wanted: ReadonlySet<number>, found: number, source: Boss): void {
  if (found === wanted.size) return
  const missing = wanted.size - found
  throw invalid(
    `of the ${wanted.size} instructions named, ${missing} of Boss ${labelOf(source)} did not fail so, or are not there; GET …/instructions?status=failed lists those that did`,
    { boss: source.id, asked: wanted.size, found },
  )
}
