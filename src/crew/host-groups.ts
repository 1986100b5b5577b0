import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cgroup } from '../cgroup.js'
import type { RunningRow } from '../frames.js'
import { signalAll } from '../processes.js'
import type { Overdrawn } from './host-end.js'

const lookMs = 20
const mostLooks = 100

/** Where the groups of all hosts are; empty when the kernel has none for us. */
export interface GroupsPlace {
  readonly dir?: string
  readonly version?: 1 | 2
}

/** The kernel's groups of one host: its own, and one for programs that have a limit. */
export class HostGroups {
  readonly own: { readonly dir: string; readonly version: 1 | 2 }
  private readonly groups: readonly Cgroup[]

  /** @throws Error when they cannot be made. */
  constructor({ dir: place, version }: Required<GroupsPlace>, host: number) {
    const dir = join(place, String(host))
    this.own = { dir, version }
    this.groups = [dir, `${dir}.programs`].map((path) => new Cgroup(path, version))
    for (const group of this.groups) group.make()
  }

  /** Whether the kernel has ended the host for what this row took. */
  overdrawnBy(row: RunningRow): Overdrawn | undefined {
    const { fence, limit, base } = row
    if (fence === 0 || limit === 0) return undefined
    const group = this.groups.find(({ kills }, i) => kills > (i === 0 ? fence - 1 : 0))
    if (!group) return undefined
    // the highest mark may be that of an earlier row which had no limit
    const measured = Math.round((Math.min(group.peakMiB, base + limit) - base) * 10) / 10
    return { row, measured, maxRss: measured }
  }

  /** Ends what is left in them, whatever it calls itself, and removes them. */
  async remove(): Promise<void> {
    for (let look = 0; look < mostLooks; look++) {
      for (const group of this.groups) signalAll(group.pids, 'SIGKILL')
      if (this.groups.map((group) => group.remove()).every(Boolean)) return
      await sleep(lookMs)
    }
  }
}

/** Makes the groups of a host; undefined when the kernel has none for us: then its memory is watched. */
export function groupsFor(place: GroupsPlace | undefined, host: number): HostGroups | undefined {
  if (place?.dir === undefined || place.version === undefined) return undefined
  try {
    return new HostGroups({ dir: place.dir, version: place.version }, host)
  } catch {
    return undefined
  }
}
