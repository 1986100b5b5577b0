import type { Host } from './host.js'

/** How often hosts are looked at that carry out something with a limit. */
const lookMs = 100

/**
 * Watches what JS hosts and all that their tasks started hold in memory: a task may block its process, so nobody in there can. Looks only
 * while one of them works.
 */
export class MemoryWatch {
  private looking: NodeJS.Timeout | undefined

  /** @param hosts those of the crew. */
  constructor(private readonly hosts: ReadonlyMap<number, Host>) {}

  /** A host has got something to do. */
  begin(): void {
    this.looking ??= setInterval(() => this.look(), lookMs).unref()
  }

  end(): void {
    clearInterval(this.looking)
    this.looking = undefined
  }

  private look(): void {
    let busy = false
    for (const host of this.hosts.values()) {
      if (host.role !== 'js' || host.held.length === 0) continue
      busy = true
      const row = host.running()
      if (row && !row.loading && row.limit > 0) host.holdToLimit(row)
    }
    if (!busy) this.end()
  }
}
