/** @returns the value below which the part `share` of the values lies. @throws when there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  if (value === undefined) throw new Error('nothing was measured')
  return value
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** Seconds that `act` took. */
export async function timed(act: () => Promise<unknown> | void): Promise<number> {
  const start = performance.now()
  await act()
  return (performance.now() - start) / 1000
}
