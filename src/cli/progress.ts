import type { Event } from '../client/client.js'

/** Where progress is shown: stderr. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const redrawMs = 100
const widest = 40

/** Shows how far a Boss is: a bar on a terminal, elsewhere a line for every tenth. */
export class Progress {
  private done = 0
  private failed = 0
  private shownAt = -Infinity
  private tenths = 0

  /** @param total instructions of the Boss. */
  constructor(
    private readonly screen: Screen,
    private total = 0,
  ) {}

  hear({ type, outcome }: Event): void {
    if (type !== 'instruction.reported') return
    this.done++
    if (outcome !== 'succeeded') this.failed++
    this.tell()
  }

  /** @param failed what did not succeed, cancelled ones included. */
  show({ total, done, failed }: { readonly total: number; readonly done: number; readonly failed: number }): void {
    this.total = total
    this.done = done
    this.failed = failed
    if (done > 0) this.tell()
  }

  /** The bar stays as it is, and what follows begins on a line of its own. */
  end(): void {
    if (!this.screen.isTTY || this.done === 0) return
    this.shownAt = -Infinity
    this.draw()
    this.screen.write('\n')
  }

  private get words(): string {
    return `${this.done} of ${this.total} done${this.failed > 0 ? `, ${this.failed} did not succeed` : ''}`
  }

  private tell(): void {
    if (this.screen.isTTY) this.draw()
    else this.say()
  }

  private draw(): void {
    const now = performance.now()
    if (now - this.shownAt < redrawMs) return
    this.shownAt = now
    const width = Math.max(0, Math.min(widest, (this.screen.columns ?? 80) - this.words.length - 4))
    const full = Math.round((width * this.done) / this.total)
    this.screen.write(`\r[${'#'.repeat(full)}${'-'.repeat(width - full)}] ${this.words}\x1b[K`)
  }

  private say(): void {
    const tenths = Math.floor((10 * this.done) / this.total)
    if (tenths === this.tenths) return
    this.tenths = tenths
    this.screen.write(`${this.words}\n`)
  }
}
