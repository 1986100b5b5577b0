import { coerce, isEqual, NOT_COERCIBLE } from './coerce.js'
import type { CompiledAttribute } from './compile.js'
import { MISSING, NO_RECLASS, NOT_IN_VALUES, OUTCAST } from './fault.js'
import { remapped } from './remap.js'

/**
 * What an attribute makes of a value that holds no token: remapped, coerced, compared with `values` and `outcast`.
 * @returns the value, or the Fault that rejects the kind.
 */
export function settle(
  { type, values, outcast, remap }: Pick<CompiledAttribute, 'type' | 'values' | 'outcast' | 'remap'>,
  given: unknown,
): unknown {
  const value = coerce(type, remap ? remapped(remap, given) : given)
  if (values && !isAmong(values, value)) return NOT_IN_VALUES
  if (value === NOT_COERCIBLE) return NO_RECLASS
  if (outcast && isAmong(outcast, value)) return OUTCAST
  // taylorism takes the text None for a value that is not there
  return value === 'None' ? MISSING : value
}

function isAmong(values: readonly unknown[], value: unknown): boolean {
  for (const item of values) if (isEqual(item, value)) return true
  return false
}
