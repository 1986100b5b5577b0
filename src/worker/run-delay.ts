import { openSync, readSync } from 'node:fs'

/**
 * Measures for how long this thread could have run and had no CPU.
 * @returns asks for the ms since it was last asked; always 0 where the kernel does not tell.
 */
export function runDelay(): () => number {
  let fd: number
  try {
    fd = openSync('/proc/thread-self/schedstat', 'r')
  } catch {
    return () => 0
  }
  const text = Buffer.alloc(64)
  const total = () => Number(text.toString('latin1', 0, readSync(fd, text, 0, text.length, 0)).split(' ')[1]) / 1e6
  let last = total()
  return () => {
    const before = last
    last = total()
    return last - before
  }
}
