import { openSync, readSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { descendantsOf, isAlive, signalAll } from '../processes.js'
import * as libc from './libc.js'

const setSubreaper = 36
const dontWait = 1
/** Between two looks at what has ended: Node takes in what it started itself well within that. */
const lookMs = 100
/** How often what does not go is killed again: it may start others while it is being killed. */
const mostRounds = 200

let guard = 0
/** The list of children when there is no other. */
let onlyGuard = ''
const list = openList()
const text = Buffer.alloc(4096)
const status = Buffer.alloc(128)
const usage = Buffer.alloc(256)

/**
 * From now on whatever this host starts, and what that starts, has this host above it even when its parents have gone. So nothing escapes, by
 * no fork and no session of its own.
 * @param guardPid the one process below this host that stays.
 */
export function keepTogether(guardPid: number): void {
  guard = guardPid
  onlyGuard = `${guardPid} `
  libc.prctl(setSubreaper, 1, 0, 0, 0)
}

/** @param program pid of one that has ended and was taken in. @returns whether nothing that it started is left, as far as this kernel can tell. */
export const leavesNothing = (program: number): boolean => (list === undefined ? libc.kill(-program, 0) !== 0 : isAlone())

/** Whether nothing but the guard is below this host: one look of two microseconds. What has ended and was not taken in counts. */
export function isAlone(): boolean {
  return children().length === 0
}

/** Whether something may be; a kernel without these lists is not asked for that. */
export const mayHaveCompany = (): boolean => list === undefined || !isAlone()

/** Pids of all that is below this host and has not ended, besides its guard. */
export const company = (): number[] => (list !== undefined && isAlone() ? [] : descendantsOf(process.pid, guard).filter(isAlive))

/** Kills all that is below this host and takes it in. @param busy pids that somebody else takes in. @returns whether all of it is gone. */
export async function clearOut(busy: (pid: number) => boolean): Promise<boolean> {
  for (let round = 0; round < mostRounds; round++) {
    const others = company()
    // what is stopped starts no others while the next one is killed
    if (round > 0) signalAll(others, 'SIGSTOP')
    signalAll(others, 'SIGKILL')
    takeIn(busy)
    if (isAlone()) return true
    await setTimeout(round < 10 ? 1 : 10)
  }
  return false
}

/** Takes in children that have ended and that nobody else takes in. */
export function takeIn(busy: (pid: number) => boolean): void {
  for (const pid of children()) if (!busy(pid)) libc.wait4(pid, status, dontWait, usage)
}

/** Takes in, now and then, what was left to this process by parents that had gone; what it started itself, Node takes in. */
export function watchOrphans(): void {
  let ended = new Set<number>()
  let looking = false
  const look = async () => {
    do {
      await setTimeout(lookMs, undefined, { ref: false })
      const now = children().filter((pid) => !isAlive(pid))
      // Node had a turn of its event loop to take this one in, and did not
      takeIn((pid) => !ended.has(pid) || !now.includes(pid))
      ended = new Set(now.filter((pid) => !ended.has(pid)))
    } while (ended.size > 0)
    looking = false
  }
  process.on('SIGCHLD', () => {
    if (looking) return
    looking = true
    void look()
  })
}

/** Children of this process's main thread, which starts them and inherits orphans; zombies are among them, the guard is not. */
function children(): number[] {
  if (list === undefined) return []
  const listed = text.toString('latin1', 0, readSync(list, text, 0, text.length, 0))
  if (listed === onlyGuard) return []
  return listed
    .split(' ')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== guard)
}

function openList(): number | undefined {
  try {
    return openSync(`/proc/self/task/${process.pid}/children`, 'r')
  } catch {
    return undefined // a kernel without these lists; then groups and the guard's token have to do
  }
}
