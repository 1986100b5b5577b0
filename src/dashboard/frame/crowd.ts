/** So many pages may ask as often as one alone. */
const few = 20

/** Pages and others that follow events, as the daemon told last. */
let lookers = 1

/** @param metrics what `GET /metrics` says. */
export function hearLookers(metrics: string): void {
  const [, n] = /^taylord_event_followers (\d+)$/m.exec(metrics) ?? []
  if (n !== undefined) lookers = Number(n)
}

/** After how many ms a page asks again for what one alone would ask for after `everyMs`: many together ask no more often than a few. */
export const askMs = (everyMs: number, pages = lookers): number => everyMs * Math.max(1, pages / few)
