import { readdirSync, readFileSync } from 'node:fs'
import type { Cluster } from './mini.ts'

const read = (pid: number | string, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}

export const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0)

/** Pid of the host that is a job of a cluster, which numbers its own as every other does; 0 when it is gone. */
export const hostOf = ({ dir }: Pick<Cluster, 'dir'>, job: string): number =>
  Number(
    readdirSync('/proc').find((pid) => {
      const environ = read(pid, 'cmdline').includes('/worker/main.js') ? read(pid, 'environ') : ''
      return environ.includes(`SLURM_JOB_ID=${job}\0`) && environ.includes(`SLURM_CONF=${dir}/`)
    }) ?? 0,
  )

/** Pid of the step daemon that is above it; 0 likewise. */
export const stepDaemonOf = (cluster: Pick<Cluster, 'dir'>, job: string): number => parentOf(hostOf(cluster, job))
