import type { Boss } from '../boss/boss.js'
import { codeOf } from '../boss/ending.js'
import { meaningOf, type Cause, type ReportEntry } from '../boss/report.js'
import { failures } from '../boss/terms.js'
import type { FailedSlice } from '../store/failures.js'
import type { Store } from '../store/store.js'

/** What failed in one way: by one cause, of one kind. */
export interface FailureGroup {
  cause: Cause
  kind: string
  count: number
  /** Its newest report. */
  newest: ReportEntry
}

/** Rows of reports that are read at once, so that others need not wait for long: each has some hundred reports at most. */
const sliceRows = 300
/** Bosses whose groups are kept, so that who asks again reads only what has ended since. */
const mostBosses = 100

const outcomes = failures.map(codeOf).join('')

interface Page {
  /** seq of the last report that was read */
  to: number
  readonly groups: Map<string, FailureGroup>
  /** The reading that goes on. */
  reading: Promise<void>
}

/** What failed, grouped. Reports are only ever added, so each is read once. */
export class FailureBook {
  private readonly pages = new Map<number, Page>()

  constructor(private readonly store: Store) {}

  /** Groups of a Boss, the largest first. */
  async of({ id }: Pick<Boss, 'id'>): Promise<FailureGroup[]> {
    const page = this.pages.get(id) ?? { to: 0, groups: new Map<string, FailureGroup>(), reading: Promise.resolve() }
    this.pages.delete(id)
    this.pages.set(id, page)
    const [oldest] = this.pages.keys()
    if (this.pages.size > mostBosses && oldest !== undefined) this.pages.delete(oldest)
    page.reading = page.reading.catch(() => undefined).then(() => this.readOn(id, page))
    await page.reading
    return [...page.groups.values()].sort((a, b) => b.count - a.count || b.newest.seq - a.newest.seq)
  }

  private async readOn(boss: number, page: Page): Promise<void> {
    for (let more = true; more; ) {
      const slice = await this.store.read('failures', boss, page.to, sliceRows, outcomes)
      for (const group of slice.groups) add(page.groups, group)
      page.to = slice.to
      more = slice.more
    }
  }
}

function add(groups: Map<string, FailureGroup>, { outcome, kind, n, newest }: FailedSlice['groups'][number]): void {
  const { cause } = meaningOf(outcome) ?? {}
  if (cause === undefined) return
  const key = `${outcome}${kind}`
  groups.set(key, { cause, kind, count: (groups.get(key)?.count ?? 0) + n, newest: JSON.parse(newest) as ReportEntry })
}
