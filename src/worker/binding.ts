import { readFileSync } from 'node:fs'

/** CPUs that this process may use, ascending. */
export function allowedCpus(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

/**
 * The CPUs that a worker is bound to.
 * @param cpus CPU set of its place; empty when it is not bound.
 * @returns the list, or `[null]` when it is not bound, as taylorism's `binding()` does.
 */
export const binding = (cpus: readonly number[]): (number | null)[] => (cpus.length === 0 ? [null] : [...cpus])
