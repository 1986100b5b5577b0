/** What stands for what, each already followed to its end. */
export type Remap = ReadonlyMap<unknown, unknown>

/** Python's dict takes true for 1 and false for 0. */
const keyOf = (value: unknown) => (typeof value === 'boolean' ? Number(value) : value)

/**
 * Makes a `remap` ready.
 * @param given an object, or a list of pairs.
 * @param values of the attribute, which `autoremap` maps to the first of them.
 * @returns undefined when it is neither.
 * @throws {RangeError} when following it never ends; the message shows the circle. taylorism loops for ever on it.
 */
export function compileRemap(given: unknown, values: readonly unknown[] | undefined): Remap | undefined {
  const pairs = pairsOf(given)
  if (!pairs) return undefined
  const steps = new Map<unknown, unknown>()
  for (const [from, to] of pairs) {
    if (from === 'autoremap' && to === 'first') for (const value of values ?? []) steps.set(keyOf(value), values?.[0])
    else steps.set(keyOf(from), to)
    if (from === 'autoremap' && to === 'first') steps.delete(keyOf(values?.[0]))
  }
  return new Map([...steps.keys()].map((from) => [from, endOf(from, steps)]))
}

/** Follows a value through a remap; one that is no key of it stays. */
export function remapped(remap: Remap, value: unknown): unknown {
  const key = keyOf(value)
  return remap.has(key) ? remap.get(key) : value
}

function endOf(from: unknown, steps: Remap): unknown {
  const way = [from]
  let value = steps.get(from)
  while (steps.has(keyOf(value))) {
    way.push(keyOf(value))
    if (way.indexOf(keyOf(value)) < way.length - 1) throw new RangeError(way.map((step) => JSON.stringify(step)).join(' → '))
    value = steps.get(keyOf(value))
  }
  return value
}

function pairsOf(given: unknown): [unknown, unknown][] | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  if (!Array.isArray(given)) return Object.entries(given)
  const isPair = (pair: unknown): pair is [unknown, unknown] => Array.isArray(pair) && pair.length === 2
  return given.every(isPair) ? given : undefined
}
