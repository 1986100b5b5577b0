import { frameVersion, type CommandRules, type Hello, type ReportFrame } from '../frames.js'
import type { Topology } from '../topology.js'
import type { HostEnd, Role } from './crew.js'
import type { GroupsPlace } from './host-groups.js'

/** What a host needs to know of its daemon. */
export interface HostSettings {
  readonly runDir: string
  readonly outputsDir: string
  /** Bytes that are kept there of each Boss. */
  readonly outputBytes: number
  /** Where each host gets cgroups of its own; absent: hosts get none. */
  readonly cgroups?: GroupsPlace
  /** Instructions after which a JS host makes room for a fresh one, and MiB above which it does; 0 never. */
  readonly recycle: { readonly after: number; readonly above: number }
  /** Module of each kind, as a file URL. */
  readonly modules: Readonly<Record<string, string>>
  /** What programs may be started; absent: any. */
  readonly commands?: CommandRules
  /** The CPUs that the daemon may use. */
  readonly topology: Topology
  readonly log: { debug(facts: object, message: string): void }
}

/** What a host is told first. @param cgroup its group. @param run its run file. */
export function helloOf(settings: HostSettings, role: Role, cgroup: Hello['hello']['cgroup'], run: string): Hello['hello'] {
  const { modules: kinds, outputsDir: outputs, outputBytes: output_bytes, recycle, topology, commands } = settings
  const rules = role === 'program' && commands !== undefined && { commands }
  return { version: frameVersion, role, kinds, outputs, output_bytes, recycle, ...(cgroup && { cgroup }), run, ...rules, topology }
}

/** What a host tells its crew. */
export interface HostListener {
  ready(): void
  reported(head: ReportFrame, lines: Uint8Array): void
  started(f: number, row: number): void
  kept(f: number, row: number): void
  progress(f: number, row: number, value: unknown): void
  /** It is gone. @param wasReady whether it ever was able to work; @param left whether it went by itself, with nothing to blame. */
  ended(end: HostEnd, wasReady: boolean, left: boolean): void
}
