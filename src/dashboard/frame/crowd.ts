/** So many pages may ask as often as one alone. */
const few = 20
/** So many times as long a page waits at most: it has to hear it when the others have left. */
const mostTimes = 5

/** Pages and others that follow events, as the daemon told last. */
let lookers = 1

/** @param metrics what `GET /metrics` says. */
export function hearLookers(metrics: string): void {
  const [, n] = /^taylord_event_followers (\d+)$/m.exec(metrics) ?? []
  if (n !== undefined) lookers = Number(n)
}

/** After how many ms a page asks again for what one alone would ask for after `everyMs`: up to a hundred together ask no more often than twenty. */
export const askMs = (everyMs: number, pages = lookers): number => everyMs * Math.min(mostTimes, Math.max(1, pages / few))
