import { readdirSync, readFileSync } from 'node:fs'
import { until } from './temp.js'

/** A process as /proc shows it. */
export interface Process {
  readonly pid: number
  readonly command: string
}

const read = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return '' // gone meanwhile
  }
}

/** The command of a process, if it carries `text` in its environment or in its arguments; zombies have neither. */
function commandWith(text: string, pid: number): string | undefined {
  const command = read(pid, 'cmdline')
  return command.includes(text) || read(pid, 'environ').includes(text) ? command.replaceAll('\0', ' ').trim() : undefined
}

/** Processes that carry `text`. */
export function processesWith(text: string): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).flatMap((pid) => {
    const command = pid === process.pid ? undefined : commandWith(text, pid)
    return command === undefined ? [] : [{ pid, command }]
  })
}

/** Waits until no process carries `text`, and says which ones do when they stay. */
export async function untilGone(text: string): Promise<void> {
  let left: Process[] = []
  try {
    await until(() => {
      // to look at every process takes long: those that were found are looked at until they have gone, then all of them again
      left = left.filter(({ pid }) => commandWith(text, pid) !== undefined)
      if (left.length === 0) left = processesWith(text)
      return left.length === 0
    }, 'processes end')
  } catch {
    throw new Error(`left over: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`)
  }
}

/** Whether a process is there and no zombie. */
export const isAlive = (pid: number): boolean => /^State:\s+[^ZX\s]/m.test(read(pid, 'status'))

/** CPUs that a process may use, as the kernel writes them; '' when it is gone. */
export const allowedCpusOf = (pid: number): string => /^Cpus_allowed_list:\s+(\S+)/m.exec(read(pid, 'status'))?.[1] ?? ''

/** Open file descriptors of a process. */
export const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

/** MiB of memory that a process holds. */
export const memoryOf = (pid: number): number => Number(/^VmRSS:\s+(\d+)/m.exec(read(pid, 'status'))?.[1]) / 1024

/** The most memory that a process has had so far, MiB. */
export const peakMiBOf = (pid: number): number => Number(/^VmHWM:\s+(\d+)/m.exec(read(pid, 'status'))?.[1]) / 1024
