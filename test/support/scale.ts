/** A figure of a test: small in the suite, in full under `npm run soak`. */
export const scaled = (small: number, full: number): number => (process.env['TAYLORD_SOAK'] === undefined ? small : full)

/** How long a test may take, ms: much longer under `npm run soak`. */
export const patience = (ms: number): number => scaled(ms, 3_600_000)

/** A figure that was measured, for the table of `npm run soak -- failures`; the suite says nothing. */
export function measured(row: string, figure: string): void {
  if (process.env['TAYLORD_SOAK'] !== undefined) console.info(`measured: ${row}: ${figure}`)
}

/** The median and the longest of some times, as text. @param times ms */
export function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  return `${(sorted[sorted.length >> 1] ?? NaN).toFixed(1)} ms, at most ${(sorted.at(-1) ?? NaN).toFixed(1)} ms`
}
