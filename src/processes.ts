import { readdirSync, readFileSync } from 'node:fs'

/**
 * Children of a process, zombies included, by whichever of its threads; none when it is gone. A kernel without these lists
 * (CONFIG_PROC_CHILDREN) is asked process by process.
 */
export function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.flatMap((thread) => numbers(readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1')))
  } catch {
    return hasLists ? [] : all().filter((other) => statOf(other)?.parent === pid)
  }
}

/** Children and theirs, parents first, without `except` and what is below it. Zombies are among them. */
export function descendantsOf(pid: number, except = 0): number[] {
  const found = childrenOf(pid).filter((child) => child !== except)
  for (let i = 0; i < found.length; i++) found.push(...childrenOf(found[i] ?? 0))
  return found
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  const state = statOf(pid)?.state
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/**
 * Pids of processes that carry one of these variables in their environment. A zombie has no environment any more and is not among them.
 * @param variables as in `NAME=value`.
 */
export function carriersOf(variables: ReadonlySet<string>): number[] {
  return all().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1')
        .split('\0')
        .some((variable) => variables.has(variable))
    } catch {
      return false
    }
  })
}

/**
 * MiB that processes hold for themselves: neither files that they have mapped nor memory that they share by name, as shared arrays are, for
 * the kernel can take the former back and the latter is nobody's own.
 * @param enough what is shared after a fork counts once for each of them; only a sum above this is counted again, exactly.
 */
export function ownMiB(pids: readonly number[], enough: number): number {
  const quick = sum(pids, 'status', /^(?:RssAnon|VmSwap):\s+(\d+)/gm)
  return pids.length < 2 || quick <= enough ? quick : sum(pids, 'smaps_rollup', /^(?:Pss_Anon|SwapPss):\s+(\d+)/gm) || quick
}

/** Highest memory of a process so far in MiB, whatever kind of memory; null when it is gone. */
export function peakMiB(pid: number): number | null {
  const [, kiB] = /^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`)) ?? []
  return kiB === undefined ? null : Math.round(Number(kiB) / 102.4) / 10
}

/** Signals each of them; those that are gone meanwhile are left out. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // gone, which is as good
    }
  }
}

/** Signals a process group, if there is one. @param leader its pid; 0 for none. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  if (leader > 0) signalAll([-leader], signal)
}

const hasLists = read(`/proc/self/task/${process.pid}/children`, undefined) !== undefined

function sum(pids: readonly number[], file: string, kiB: RegExp): number {
  let total = 0
  for (const pid of pids) for (const [, amount] of read(`/proc/${pid}/${file}`).matchAll(kiB)) total += Number(amount)
  return Math.round(total / 102.4) / 10
}

function statOf(pid: number): { state: string; parent: number } | undefined {
  const stat = read(`/proc/${pid}/stat`)
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return stat === '' || state === undefined ? undefined : { state, parent: Number(parent) }
}

const all = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

const numbers = (text: string) => text.split(' ').filter(Boolean).map(Number)

function read(path: string): string
function read(path: string, otherwise: undefined): string | undefined
function read(path: string, otherwise: string | undefined = ''): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return otherwise
  }
}

const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR']

/** What processes that run users' code or programs find of the daemon's environment: nothing that could be a secret. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
}
