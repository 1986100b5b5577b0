import { signal } from '@preact/signals'
import type { Instruction } from '../../client/client.js'
import type { Query } from '../frame/router.js'
import { ask, sentenceOf } from '../frame/session.js'
import { bodyOf } from '../../client/client.js'

/** What a list of instructions is narrowed to, as the API's query has it. */
export interface Filter {
  readonly status?: string
  readonly kind?: string
  readonly name?: string
  readonly cause?: string
}
export const filterOf = ({ status, kind, name, cause }: Query): Filter =>
  Object.fromEntries(Object.entries({ status, kind, name, cause }).filter(([, value]) => value !== undefined && value !== ''))
export const isNarrow = (filter: Filter) => Object.keys(filter).length > 0

const pageRows = 50
const mostPages = 40

interface Page {
  rows: readonly Instruction[]
  readonly isThere: boolean
}

/**
 * Rows of a list of any length, read page by page where somebody looks. Without a filter a row is its id, so that any place is reached at
 * once; with one, pages follow each other, and how many there are is known when the last was read.
 */
export class Pages {
  /** Rows there are, as far as that is known. */
  length = 0
  /** Whether there may be more than `length`. */
  isOpen = true
  /** Grows when there is something new. */
  readonly version = signal(0)
  readonly fault = signal('')
  private readonly pages = new Map<number, Page>()
  /** Where each page begins: `after` of its call. */
  private readonly afters: (string | undefined)[] = [undefined]
  private readonly reading = new Set<number>()
  private readonly stop = new AbortController()

  constructor(
    private readonly boss: string,
    private readonly filter: Filter,
  ) {}

  /** @param total instructions of the Boss, which without a filter are all rows. */
  know(total: number): void {
    if (isNarrow(this.filter) || total <= this.length) return
    this.length = total
    this.isOpen = false
    this.version.value++
  }

  /** A row, once it is read; it is then, if it was not. */
  row(index: number): Instruction | undefined {
    const page = Math.floor(index / pageRows)
    const found = this.pages.get(page)
    if (!found) void this.read(page)
    if (isNarrow(this.filter)) return found?.rows[index - page * pageRows]
    return found?.rows.find(({ id }) => id === index + 1)
  }

  /** Reads again what is shown. */
  refresh(from: number, to: number): void {
    for (let page = Math.floor(from / pageRows); page <= Math.floor(to / pageRows); page++) void this.read(page)
  }

  close(): void {
    this.stop.abort()
  }

  private async read(page: number): Promise<void> {
    const isKnown = !isNarrow(this.filter) || page < this.afters.length
    if (this.reading.has(page) || !isKnown || this.stop.signal.aborted) return
    this.reading.add(page)
    try {
      let after = isNarrow(this.filter) ? this.afters[page] : String(page * pageRows)
      const rows: Instruction[] = []
      // a page ends early where rows are large
      do {
        const query = { ...this.filter, limit: pageRows - rows.length, ...(after !== undefined && { after }) }
        const { items, next } = await ask(({ api }) =>
          bodyOf(
            api.GET('/v1/bosses/{boss}/instructions', {
              params: { path: { boss: this.boss }, query: query as object },
              signal: this.stop.signal,
            }),
          ),
        )
        rows.push(...items)
        after = next
      } while (after !== undefined && rows.length < pageRows)
      this.keep(page, rows, after)
      this.fault.value = ''
    } catch (error) {
      if (!this.stop.signal.aborted) this.fault.value = sentenceOf(error)
    } finally {
      this.reading.delete(page)
    }
  }

  private keep(page: number, rows: readonly Instruction[], next: string | undefined): void {
    this.pages.delete(page)
    this.pages.set(page, { rows, isThere: true })
    for (const old of this.pages.keys()) {
      if (this.pages.size <= mostPages) break
      this.pages.delete(old)
    }
    if (isNarrow(this.filter)) {
      const end = page * pageRows + rows.length
      if (next !== undefined) this.afters[page + 1] ??= next
      if (next === undefined || end > this.length) this.length = end
      this.isOpen = next !== undefined || page + 1 < this.afters.length
    } else this.length = Math.max(this.length, rows.at(-1)?.id ?? 0)
    this.version.value++
  }
}
