import { readdirSync, readFileSync } from 'node:fs'

/** Whether others are in the process group that this process leads: what a task started and did not wait for. */
export function hasCompany(): boolean {
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && name !== String(process.pid) && isOurs(name))
}

function isOurs(pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state !== 'Z' && group === String(process.pid)
  } catch {
    return false // it has ended meanwhile
  }
}
