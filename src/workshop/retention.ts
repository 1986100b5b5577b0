import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { segmentsOf } from '../outputs/segment.js'
import type { FinishedBoss } from '../store/bosses.js'
import type { Store } from '../store/store.js'
import type { Shelf } from './arrays.js'
import type { PrunedDocument, PruneQuery } from './contract.js'
import type { Turns } from './turn.js'

/** When it is looked whether more is kept than shall be: soon after the start, then now and then. */
const lookMs = { first: 1_000, again: 60_000 }
/** Bosses that one turn removes. */
const atOnce = 100
/** Removed Bosses that an answer names. */
const mostNamed = 1_000

/** What is kept of Bosses that are over; undefined: without limit. The newest are kept longest, an unfinished one always. */
export interface Limits {
  readonly ageMs: number | undefined
  readonly bosses: number | undefined
  /** of the database and of what programs wrote */
  readonly bytes: number | undefined
}

type Sized = FinishedBoss & { readonly bytes: number }

/** Removes Bosses that are over: asked for, or because more is kept than shall be. */
export class Retention {
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly store: Store,
    private readonly turns: Turns,
    private readonly shelf: Shelf,
    private readonly outputs: string,
    private readonly limits: Limits,
    private readonly log: { info(facts: object, message: string): void; warn(facts: object, message: string): void },
  ) {}

  /** Looks soon, and again every minute. */
  begin(): void {
    let tidied = false
    const look = async () => {
      try {
        if (!tidied) await this.tidy()
        tidied = true
        const { bosses, bytes } = await this.prune({})
        if (bosses > 0)
          this.log.info({ bosses, bytes }, 'old Bosses were removed; --keep-days, --keep-bosses and --keep-mib say how many stay')
      } catch (error) {
        this.log.warn({ err: error }, 'old Bosses could not be removed; it is tried again')
      }
      if (this.timer) this.timer = setTimeout(() => void look(), lookMs.again).unref()
    }
    this.timer = setTimeout(() => void look(), lookMs.first).unref()
  }

  end(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  /** @param query what shall go; without a limit of its own: what is beyond those of the daemon. */
  async prune(query: PruneQuery): Promise<PrunedDocument> {
    const { older_than: age, keep, max_bytes: bytes, dry_run: dryRun = false } = query
    const own = age !== undefined || keep !== undefined || bytes !== undefined
    const chosen = await this.choose(own ? { ageMs: age === undefined ? undefined : age * 1000, bosses: keep, bytes } : this.limits)
    if (!dryRun) await this.remove(chosen.map(({ id }) => id))
    return {
      dry_run: dryRun,
      bosses: chosen.length,
      bytes: chosen.reduce((sum, boss) => sum + boss.bytes, 0),
      items: chosen.slice(0, mostNamed).map(({ id, name, status, over_at: overAt, bytes: size }) => ({
        id,
        ...(name !== null && { name }),
        status,
        over_at: new Date(overAt).toISOString(),
        bytes: size,
      })),
    }
  }

  /** Removes Bosses that are over, with all that belongs to them. */
  async remove(bosses: readonly number[]): Promise<void> {
    for (let from = 0; from < bosses.length; from += atOnce) {
      const some = bosses.slice(from, from + atOnce)
      const arrays = (await Promise.all(some.map((boss) => this.store.read('arraysOf', boss)))).flat()
      await this.turns.post(() => some.forEach((boss) => this.turns.record({ type: 'boss.removed', boss, at: Date.now() })))
      await Promise.all(arrays.map(({ place }) => this.shelf.discard(place)))
      for (const boss of some) await rm(segmentsOf(this.outputs, boss), { recursive: true, force: true })
    }
  }

  /** Output of Bosses that are gone: a worker that went on unheard wrote it after its Boss was removed, or a removal was cut short. */
  private async tidy(): Promise<void> {
    for (const boss of await readdir(this.outputs))
      if (/^\d+$/.test(boss) && !(await this.store.read('bossById', Number(boss))))
        await rm(join(this.outputs, boss), { recursive: true, force: true })
  }

  /** The oldest first. */
  private async choose({ ageMs, bosses: most, bytes }: Limits): Promise<Sized[]> {
    const finished = await this.store.read('finishedBosses')
    const before = ageMs === undefined ? -Infinity : Date.now() - ageMs
    const stays = finished.findIndex((boss, at) => at >= (most ?? Infinity) || boss.over_at < before)
    const [kept, gone] = stays < 0 ? [finished, []] : [finished.slice(0, stays), finished.slice(stays)]
    const chosen: Sized[] = []
    for (const boss of gone.toReversed()) chosen.push(await this.sized(boss))
    if (bytes === undefined) return chosen
    let over = (await this.bytes()) - bytes - chosen.reduce((sum, boss) => sum + boss.bytes, 0)
    for (const boss of kept.toReversed()) {
      if (over <= 0) break
      const sized = await this.sized(boss)
      over -= sized.bytes
      chosen.push(sized)
    }
    return chosen
  }

  private async sized(boss: FinishedBoss): Promise<Sized> {
    const [rows, outputs] = await Promise.all([this.store.read('sizeOfBoss', boss.id), bytesIn(segmentsOf(this.outputs, boss.id))])
    return { ...boss, bytes: rows + outputs }
  }

  /** Of the database and of all that programs wrote. */
  private async bytes(): Promise<number> {
    let sum = await this.store.read('bytesInUse')
    for (const boss of await readdir(this.outputs)) sum += await bytesIn(join(this.outputs, boss))
    return sum
  }
}

async function bytesIn(dir: string): Promise<number> {
  const names = await readdir(dir).catch(() => [])
  const sizes = await Promise.all(
    names.map(async (name) =>
      stat(join(dir, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
