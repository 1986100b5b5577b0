/** What `GET /metrics` says: samples by name, or by name and labels as they are written. */
export type Samples = ReadonlyMap<string, number>

/** Reads OpenMetrics text, as far as the daemon writes it: a sample a line, without timestamps. */
export function samplesOf(text: string): Samples {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

/**
 * A bound below which a part of what a histogram counted lies, in its unit; undefined when it counted nothing.
 * @param before earlier samples, to leave out what was counted by then.
 */
export function boundOf(samples: Samples, before: Samples | undefined, name: string, part: number): number | undefined {
  const buckets = [...samples].flatMap(([key, value]) => {
    const le = key.startsWith(`${name}_bucket{`) ? /le="([^"]+)"/.exec(key)?.[1] : undefined
    return le === undefined ? [] : [[le === '+Inf' ? Infinity : Number(le), value - (before?.get(key) ?? 0)] as const]
  })
  const total = buckets.at(-1)?.[1] ?? 0
  return total === 0 ? undefined : buckets.find(([, n]) => n >= total * part)?.[0]
}

/** A label of an info metric. */
export const labelOf = (samples: Samples, name: string, label: string): string =>
  [...samples.keys()].find((key) => key.startsWith(`${name}{`))?.match(new RegExp(`${label}="([^"]*)"`))?.[1] ?? ''
