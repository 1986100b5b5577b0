import { documentOf } from '../boss/boss.js'
import type { BossDocument } from '../boss/boss-document.js'
import type { BossRow } from '../store/bosses.js'
import type { Store } from '../store/store.js'
import type { Floor } from './floor.js'
import { bossOf } from './load.js'
import { cursorOf, pageOf } from './reads.js'
import type { Turns } from './turn.js'

/** Pages that are kept at most, each of so many Bosses at most. */
const kept = { pages: 8, bosses: 100 }

/** Which Bosses to list: `after` is `next` of the page before. */
export interface BossQuery {
  readonly limit: number
  readonly after?: string
  readonly order: 'oldest' | 'newest'
}

/** A Boss of a page; one that is over is as it will stay. */
interface Listed {
  readonly row: BossRow
  readonly over: BossDocument | undefined
}

interface Page {
  readonly items: readonly Listed[]
  readonly next?: string
}

/** The list of Bosses. Many look at the same page of it, so it is read from the store only once until a Boss comes, changes or goes. */
export class Roster {
  private readonly pages = new Map<string, Promise<Page>>()
  /** `turns.rosterChanges` when they were asked for. */
  private asOf = 0

  constructor(
    private readonly store: Pick<Store, 'read'>,
    private readonly floor: Floor,
    private readonly turns: Turns,
  ) {}

  /** @throws {Refusal} invalid for an `after` that is none of ours. */
  async list(query: BossQuery): Promise<{ items: BossDocument[]; next?: string }> {
    const { items, next } = await this.page(query)
    const live = await this.turns.look(() => items.map(({ row }) => this.liveOf(row.id)))
    const documents = await Promise.all(items.map(async ({ row, over }, at) => live[at] ?? over ?? (await this.anew(row))))
    return { items: documents, ...(next !== undefined && { next }) }
  }

  private liveOf(id: number): BossDocument | undefined {
    const live = this.floor.bosses.get(id)
    return live && documentOf(live.boss)
  }

  /** One that ended between the two readings is asked for again. */
  private async anew(row: BossRow): Promise<BossDocument> {
    return documentOf(bossOf((await this.store.read('bossById', row.id)) ?? row))
  }

  private page({ order, after, limit }: BossQuery): Promise<Page> {
    const from = after === undefined && order === 'newest' ? Number.MAX_SAFE_INTEGER : cursorOf(after)
    const key = `${order} ${limit} ${from}`
    if (this.asOf !== this.turns.rosterChanges) this.pages.clear()
    this.asOf = this.turns.rosterChanges
    const known = this.pages.get(key)
    if (known) return known
    const page = this.read(order, from, limit)
    if (limit > kept.bosses) return page
    if (this.pages.size >= kept.pages) this.pages.clear()
    this.pages.set(key, page)
    page.catch(() => this.pages.delete(key))
    return page
  }

  private async read(order: BossQuery['order'], from: number, limit: number): Promise<Page> {
    const rows = await this.store.read(order === 'newest' ? 'newestBosses' : 'bosses', from, limit + 1)
    const { items, next } = pageOf(rows, limit)
    return {
      items: items.map((row) => ({ row, over: row.status === null ? undefined : documentOf(bossOf(row)) })),
      ...(next !== undefined && { next }),
    }
  }
}
