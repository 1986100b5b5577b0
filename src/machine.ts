import { readFileSync } from 'node:fs'
import { hostname, totalmem } from 'node:os'

/** What this machine or container has for workers. */
export interface Machine {
  /** Name of the machine. */
  readonly node: string
  /** CPUs that this process may use, ascending. */
  readonly cpus: readonly number[]
  /** MiB that the machine, or the container's limit, has. */
  readonly memoryMiB: number
}

/** Asks the kernel once; `cpus` honours affinity, cpusets and a quota of CPU time, `memoryMiB` a container's limit. */
export function surveyMachine(): Machine {
  const allowed = parseCpuList(/^Cpus_allowed_list:\s*(\S+)/m.exec(read('/proc/self/status') ?? '')?.[1] ?? '0')
  const quota = cpuQuota()
  const cpus = quota === undefined ? allowed : allowed.slice(0, Math.max(1, Math.floor(quota)))
  const constrained = process.constrainedMemory()
  const total = totalmem()
  return { node: hostname(), cpus, memoryMiB: (constrained > 0 && constrained < total ? constrained : total) / 2 ** 20 }
}

/** `0-2,5` as [0, 1, 2, 5]. */
export function parseCpuList(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

/** CPUs' worth of time that a cgroup allows, of version 2 or 1; undefined without a quota. */
function cpuQuota(): number | undefined {
  const [quota = 'max', period = '100000'] = (read('/sys/fs/cgroup/cpu.max') ?? '').trim().split(' ')
  if (quota !== 'max' && quota !== '') return Number(quota) / Number(period)
  const quotaV1 = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us') ?? -1)
  const periodV1 = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_period_us') ?? 100_000)
  return quotaV1 > 0 ? quotaV1 / periodV1 : undefined
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
