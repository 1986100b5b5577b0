import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmdirSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** How declared memory is enforced: by the kernel's groups of version 2 or 1, or by watching what processes hold. */
export type Enforcement = 'cgroup2' | 'cgroup1' | 'rss'

const names = {
  2: { limit: 'memory.max', none: 'max', usage: 'memory.current', peak: 'memory.peak', kills: 'memory.events' },
  1: {
    limit: 'memory.limit_in_bytes',
    none: '-1',
    usage: 'memory.usage_in_bytes',
    peak: 'memory.max_usage_in_bytes',
    kills: 'memory.oom_control',
  },
} as const
type Version = keyof typeof names
const mib = 2 ** 20
/** Of a number of 64 bits. */
const mostDigits = 20
const text = Buffer.alloc(8192)

/** A group of processes whose memory the kernel counts and limits. Making it and what changes it throw when the kernel refuses. */
export class Cgroup {
  /** Files that a host looks at and writes to for each row, by name: opening one takes longer than all else. */
  private readonly files = new Map<string, number>()

  /** @param dir of the group, made by `make`. */
  constructor(
    readonly dir: string,
    readonly version: Version,
  ) {}

  /** Whether there is such a group, with a memory controller. */
  get exists(): boolean {
    return this.read(names[this.version].kills) !== ''
  }

  make(): void {
    mkdirSync(this.dir)
    // what does not fit shall end, and not go on in swap; and all of it, where the kernel knows how
    if (this.version === 1) this.try('memory.swappiness', '0')
    else {
      this.try('memory.swap.max', '0')
      this.try('memory.oom.group', '1')
    }
  }

  /** Moves a process in, with what it starts from now on; memory that it has stays where it was counted. */
  join(pid: number): void {
    this.write('cgroup.procs', String(pid))
  }

  /** @param limit MiB that it may hold from now on; undefined: any amount. */
  limit(limit: number | undefined): void {
    const { limit: file, none } = names[this.version]
    writeSync(this.opened(file, 'w'), limit === undefined ? none : String(Math.ceil(limit * mib)))
  }

  /** What it held at most counts from now on, where the kernel can do that. */
  forgetPeak(): void {
    this.try(names[this.version].peak, '0')
  }

  /** MiB that it holds. */
  get usedMiB(): number {
    return Number(this.read(names[this.version].usage)) / mib
  }

  /** MiB of it that the kernel can take back: files that are merely kept at hand. To tell, it has to sum up for all groups. */
  get filesMiB(): number {
    const stat = this.read('memory.stat')
    const of = (name: string) => numberIn(stat, name)
    return (this.version === 1 ? of('total_inactive_file') + of('total_active_file') : of('inactive_file') + of('active_file')) / mib
  }

  /** MiB that it held at most. */
  get peakMiB(): number {
    return Number(this.read(names[this.version].peak)) / mib
  }

  /** How many processes the kernel has ended here because of the limit. */
  get kills(): number {
    return numberIn(this.read(names[this.version].kills), 'oom_kill')
  }

  get pids(): number[] {
    try {
      return readFileSync(join(this.dir, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean).map(Number)
    } catch {
      return []
    }
  }

  /** Removes it. @returns false when processes are still in it. */
  remove(): boolean {
    for (const fd of this.files.values()) closeSync(fd)
    this.files.clear()
    try {
      rmdirSync(this.dir)
      return true
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT'
    }
  }

  private read(file: string): string {
    try {
      return text.toString('latin1', 0, readSync(this.opened(file, 'r'), text, 0, text.length, 0))
    } catch {
      return ''
    }
  }

  private opened(file: string, flags: 'r' | 'w'): number {
    let fd = this.files.get(file)
    if (fd === undefined) this.files.set(file, (fd = openSync(join(this.dir, file), flags)))
    return fd
  }

  private write(file: string, text: string): void {
    writeFileSync(join(this.dir, file), text)
  }

  private try(file: string, text: string): void {
    try {
      this.write(file, text)
    } catch {
      // a kernel without it; the limit holds all the same
    }
  }
}

/** The number behind a name at the beginning of a line, not the first one; 0 when there is none. */
function numberIn(lines: string, name: string): number {
  const line = `\n${name} `
  const at = lines.indexOf(line)
  return at < 0 ? 0 : Number.parseInt(lines.slice(at + line.length, at + line.length + mostDigits))
}

/** What the daemon found, and where hosts may have groups of their own; undefined under `rss`. */
export interface Cgroups {
  readonly enforcement: Enforcement
  /** Why it is not a better one; undefined when there is none. */
  readonly reason: string | undefined
  readonly version?: Version
  readonly dir?: string
  /** Removes what was made. */
  close(): void
}

const prefix = 'taylord-'

/**
 * Tries what this process may do with groups, best first, and keeps the first that works. What daemons left behind that are gone is removed.
 * @param proc,root where the kernel's files are.
 */
export function openCgroups(proc = '/proc/self', root = ''): Cgroups {
  const reasons: string[] = []
  for (const version of [2, 1] as const) {
    try {
      const own = ownGroup(version, proc, root)
      sweep(own, version)
      const { dir, close } = version === 2 ? delegated(own) : { dir: join(own, `${prefix}${process.pid}`), close: () => undefined }
      const undo = () => {
        new Cgroup(dir, version).remove()
        close()
      }
      const probe = new Cgroup(join(dir, 'probe'), version)
      try {
        mkdirSync(dir)
        if (version === 2) writeFileSync(join(dir, 'cgroup.subtree_control'), '+memory')
        probe.make()
        probe.limit(1024)
      } catch (error) {
        undo()
        throw error
      } finally {
        probe.remove()
      }
      return { enforcement: `cgroup${version}`, reason: reasons[0], version, dir, close: undo }
    } catch (error) {
      reasons.push(`cgroup v${version}: ${(error as Error).message}`)
    }
  }
  return { enforcement: 'rss', reason: reasons.join('; '), close: () => undefined }
}

/**
 * Directories of the group that this process is in and of those above it, its own first; none when that version has no such controller.
 * @param proc,root where the kernel's files are.
 */
export function groupsOf(version: 1 | 2, controller: 'cpu' | 'memory', proc = '/proc/self', root = ''): string[] {
  const lines = (file: string) => {
    try {
      return readFileSync(join(proc, file), 'latin1').split('\n')
    } catch {
      return [] // a kernel without groups
    }
  }
  const line = lines('cgroup')
    .map((text) => text.split(':'))
    .find(([, all = '-']) => (version === 2 ? all === '' : all.split(',').includes(controller)))
  // 31 23 0:28 /root /mount options - type source super-options
  const mount = lines('mountinfo')
    .map((text) => text.split(' '))
    .find((fields) => {
      const [type, , options = ''] = fields.slice(fields.indexOf('-') + 1)
      return version === 2 ? type === 'cgroup2' : type === 'cgroup' && options.split(',').includes(controller)
    })
  if (!line || !mount) return []
  const [, , , mounted = '/', point = ''] = mount
  const path = line.slice(2).join(':')
  const below = mounted !== '/' && path.startsWith(mounted) ? path.slice(mounted.length) : path
  const names = below.split('/').filter(Boolean)
  return Array.from({ length: names.length + 1 }, (_, up) => join(root, point, ...names.slice(0, names.length - up)))
}

/** The group that this process is in. @throws Error when there is none with a memory controller. */
function ownGroup(version: Version, proc: string, root: string): string {
  const [own] = groupsOf(version, 'memory', proc, root)
  if (own === undefined) throw new Error('it is not mounted with a memory controller')
  if (version === 2 && !readFileSync(join(own, 'cgroup.controllers'), 'latin1').split(/\s/).includes('memory'))
    throw new Error(`its memory controller is not given to ${own}; a systemd service gets it by Delegate=memory`)
  return own
}

/**
 * Version 2 wants groups with processes to have none below them: this process moves into one of its own, beside that of its hosts.
 * @throws Error when it may not, or others are in its group.
 */
function delegated(own: string): { dir: string; close: () => void } {
  const leaf = join(own, `${prefix}${process.pid}-daemon`)
  const move = (dir: string) => writeFileSync(join(dir, 'cgroup.procs'), String(process.pid))
  mkdirSync(leaf)
  const close = () => {
    try {
      writeFileSync(join(own, 'cgroup.subtree_control'), '-memory')
      move(own)
      rmdirSync(leaf)
    } catch {
      // the next start sweeps it away
    }
  }
  try {
    move(leaf)
    writeFileSync(join(own, 'cgroup.subtree_control'), '+memory')
  } catch (error) {
    close()
    throw new Error(`${(error as Error).message}; the daemon needs a group of its own, as a systemd service with Delegate=memory has`)
  }
  return { dir: join(own, `${prefix}${process.pid}`), close }
}

/** Ends and removes what is left of daemons that are gone. */
function sweep(own: string, version: Version): void {
  for (const name of readdirSync(own)) {
    const [, pid] = /^taylord-(\d+)(?:-daemon)?$/.exec(name) ?? []
    if (pid === undefined || isThere(Number(pid))) continue
    const dir = join(own, name)
    const below = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    for (const group of [...below.map((entry) => join(dir, entry.name)), dir].map((path) => new Cgroup(path, version))) {
      for (const left of group.pids) process.kill(left, 'SIGKILL')
      group.remove()
    }
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
