import { frameVersion, type CommandRules, type Hello, type ReportFrame } from '../frames.js'
import type { Topology } from '../topology.js'
import type { HostEnd, Role } from './crew.js'
import type { GroupsPlace } from './host-groups.js'

/** What every host needs to know of its daemon. */
export interface HostRules {
  readonly outputsDir: string
  /** Bytes that are kept there of each Boss. */
  readonly outputBytes: number
  /** Instructions after which a JS host makes room for a fresh one, and MiB above which it does; 0 never. */
  readonly recycle: { readonly after: number; readonly above: number }
  /** Module of each kind, as a file URL. */
  readonly modules: Readonly<Record<string, string>>
  /** What programs may be started; absent: any. */
  readonly commands?: CommandRules
  readonly log: { debug(facts: object, message: string): void }
}

/** What hosts of this machine need to know besides. */
export interface HostSettings extends HostRules {
  readonly runDir: string
  /** Where each host gets cgroups of its own; absent: hosts get none. */
  readonly cgroups?: GroupsPlace
  /** The CPUs that the daemon may use. */
  readonly topology: Topology
}

/** What a host is told first. @param own what only this one is. */
export function helloOf(rules: HostRules, role: Role, own: Partial<Hello['hello']>): Hello['hello'] {
  const { modules: kinds, outputsDir: outputs, outputBytes: output_bytes, recycle, commands } = rules
  const allowed = role === 'program' && commands !== undefined && { commands }
  return { version: frameVersion, role, kinds, outputs, output_bytes, recycle, ...allowed, ...own }
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
