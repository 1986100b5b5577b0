import type { Working } from './scheduler.js'

/**
 * The numbers a policy may still give: lowest first, of 0…n-1, but for those that a worker of the Boss holds.
 * @returns asks for the next one; null when none is left.
 * @see taylorism's schedulers, whose rule this is.
 */
export function freeTickets(working: readonly Pick<Working, 'ticket'>[], n: number): () => number | null {
  const held = new Set<number | null>()
  for (const { ticket } of working) held.add(ticket)
  let next = 0
  return () => {
    while (held.has(next)) next++
    return next < n ? next++ : null
  }
}
