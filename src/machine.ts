import { readFileSync } from 'node:fs'
import { hostname, totalmem } from 'node:os'
import { join } from 'node:path'
import { groupsOf } from './cgroup.js'

/** What this machine or container has for workers. */
export interface Machine {
  /** Name of the machine. */
  readonly node: string
  /** CPUs that this process may use, ascending. */
  readonly cpus: readonly number[]
  /** Where these CPUs sit. */
  readonly topology: Topology
  /** MiB that the machine, or the container's limit, has. */
  readonly memoryMiB: number
}

/** Where CPUs sit; what `topology.ts` orders. */
export interface Topology {
  /** `core` counts within the socket, `node` is a position in `distances`. */
  readonly cpus: readonly { readonly cpu: number; readonly socket: number; readonly core: number; readonly node: number }[]
  /** From each NUMA node to each one, itself included. */
  readonly distances: readonly (readonly number[])[]
}

/** The kernel's word for the distance of a node to itself, and to another one when nothing is said of it. */
const distance = { near: 10, far: 20 }

/**
 * Asks the kernel once; `cpus` honours affinity, cpusets and a quota of CPU time, `memoryMiB` a container's limit: those of the group that this
 * process is in and of all above it. A part of a CPU counts as one.
 * @param proc,root where the kernel's files are.
 */
export function surveyMachine(proc = '/proc/self', root = ''): Machine {
  const allowed = parseCpuList(/^Cpus_allowed_list:\s*(\S+)/m.exec(read(join(proc, 'status')) ?? '')?.[1] ?? '0')
  const quota = cpuQuota(proc, root)
  const cpus = quota === undefined ? allowed : allowed.slice(0, Math.max(1, Math.floor(quota)))
  return {
    node: hostname(),
    cpus,
    topology: surveyTopology(cpus),
    memoryMiB: Math.min(totalmem(), ...memoryLimits(proc, root)) / 2 ** 20,
  }
}

/** How many files this process may have open at once. */
export const openFilesLimit = (): number => Number(/^Max open files\s+(\d+)/m.exec(read('/proc/self/limits') ?? '')?.[1] ?? Infinity)

/**
 * Where CPUs sit, by what the kernel shows in files. ARM machines, virtual ones and containers lack some of them: without its socket a CPU is
 * in socket 0, without its siblings a core of its own, without NUMA nodes all are in one.
 * @param cpus those that may be used; others are left out.
 * @param devices where the files are.
 */
export function surveyTopology(cpus: readonly number[], devices = '/sys/devices/system'): Topology {
  const online = parseCpuList(read(join(devices, 'node/online')) ?? '')
  const nodes = online.map((node) => parseCpuList(read(join(devices, `node/node${node}/cpulist`)) ?? ''))
  const distances = online.map((from, i) => {
    const row = (read(join(devices, `node/node${from}/distance`)) ?? '').trim().split(/\s+/).map(Number)
    return online.map((_, j) => row[j] || (i === j ? distance.near : distance.far))
  })
  const found = cpus.map((cpu) => {
    const file = (name: string) => read(join(devices, `cpu/cpu${cpu}/topology`, name))
    const [first = cpu] = parseCpuList(file('core_cpus_list') ?? file('thread_siblings_list') ?? '')
    const number = (name: string, otherwise: number) => {
      const told = Number(file(name) ?? -1) // -1 is the kernel's word for what the firmware does not tell
      return told >= 0 ? told : otherwise
    }
    return { cpu, first, socket: number('physical_package_id', 0), core: number('core_id', first) }
  })
  // a core's number is its own only within a die or a cluster; its first thread tells cores apart
  const cores = found.toSorted((a, b) => a.socket - b.socket || a.core - b.core || a.first - b.first).map(({ first }) => first)
  return {
    cpus: found.map(({ cpu, first, socket }) => {
      const node = nodes.findIndex((held) => held.includes(cpu))
      return { cpu, socket, core: cores.indexOf(first), node: Math.max(node, 0) }
    }),
    distances: distances.length > 0 ? distances : [[distance.near]],
  }
}

/** `0-2,5` as [0, 1, 2, 5]; nothing as []. */
export function parseCpuList(list: string): number[] {
  if (list.trim() === '') return []
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

/** CPUs' worth of time that groups allow, of version 2 or 1: the least of them; undefined without a quota. */
function cpuQuota(proc: string, root: string): number | undefined {
  const v2 = groupsOf(2, 'cpu', proc, root).map((dir) => (read(join(dir, 'cpu.max')) ?? 'max').trim().split(' ').map(Number))
  const v1 = groupsOf(1, 'cpu', proc, root).map((dir) =>
    ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((file) => Number(read(join(dir, file)))),
  )
  const quotas = [...v2, ...v1].flatMap(([quota = NaN, period = 100_000]) => (quota > 0 ? [quota / period] : []))
  return quotas.length === 0 ? undefined : Math.min(...quotas)
}

/** Bytes that groups allow; what is no limit is more than any machine has. */
function memoryLimits(proc: string, root: string): number[] {
  const v2 = groupsOf(2, 'memory', proc, root).map((dir) => read(join(dir, 'memory.max')))
  const v1 = groupsOf(1, 'memory', proc, root).map((dir) => read(join(dir, 'memory.limit_in_bytes')))
  return [...v2, ...v1].map(Number).filter((bytes) => bytes > 0)
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
