import { readdirSync, readFileSync } from 'node:fs'

const read = (pid: number | string, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}

export const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0)

/** Pid of the host that is a job of Slurm's; 0 when it is gone. */
export const hostOf = (job: string): number =>
  Number(
    readdirSync('/proc').find(
      (pid) => read(pid, 'cmdline').includes('/worker/main.js') && read(pid, 'environ').includes(`SLURM_JOB_ID=${job}\0`),
    ) ?? 0,
  )

/** Pid of the step daemon that is above it; 0 likewise. */
export const stepDaemonOf = (job: string): number => parentOf(hostOf(job))
