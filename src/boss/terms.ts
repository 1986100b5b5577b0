import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { causes, type Cause } from './ending.js'
import type { Trace } from './trace.js'

/** Causes of a failure, which another attempt may mend. */
export const failures = causes.filter((cause) => cause !== 'requested' && cause !== 'stopped' && cause !== 'expired')

/** How often what failed is tried, and when. */
export const RetryPolicy = Type.Object(
  {
    attempts: Type.Integer({ minimum: 1, maximum: 1_000, description: 'in all, the first one included' }),
    backoff: Type.Optional(
      Type.Number({ minimum: 0, maximum: 86_400, default: 1, description: 's before the second attempt; doubled for each further one' }),
    ),
    max_backoff: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400, default: 300, description: 's at most between two attempts' })),
    jitter: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        default: 0.1,
        description: 'share of the pause that chance may add, so that what failed together does not come back together',
      }),
    ),
    on: Type.Optional(
      Type.Array(Type.Enum([...failures]), { minItems: 1, description: 'causes after which it is tried again; every failure when absent' }),
    ),
    memory_factor: Type.Optional(
      Type.Number({ minimum: 1, maximum: 16, default: 1, description: 'after `oom` the next attempt may take so many times the memory' }),
    ),
  },
  { title: 'RetryPolicy', additionalProperties: false, description: 'how often what failed is tried, and when' },
)
export type RetryPolicy = Static<typeof RetryPolicy>

/** What limits an instruction, where its row says something about it, and where it belongs. */
export interface Terms {
  /** s that an attempt may take. */
  readonly timeout?: number
  /** s that it may wait for its first start. */
  readonly expires?: number
  /** When it has waited so long, ms since 1970. */
  readonly expires_at?: number
  readonly retry?: RetryPolicy
  /** It never begins twice. */
  readonly at_most_once?: true
  /** Of the call that gave it. */
  readonly trace?: Trace
}

/** What is wrong with a value that shall be a retry policy, for a person; undefined when nothing is. */
export function faultOfRetry(value: unknown): string | undefined {
  if (Value.Check(RetryPolicy, value)) return undefined
  const [first] = Value.Errors(RetryPolicy, value)
  const extra = value !== null && typeof value === 'object' && Object.keys(value).find((key) => !Object.hasOwn(RetryPolicy.properties, key))
  if (extra) return `has no "${extra}"; it takes ${Object.keys(RetryPolicy.properties).join(', ')}`
  return `${first?.instancePath.slice(1).replaceAll('/', '.') || 'itself'} ${first?.message ?? 'is wrong'}`
}

/** Whether what failed by `cause` in its attempt number `attempt` is to be tried again. */
export const triesAgain = ({ attempts, on = failures }: RetryPolicy, attempt: number, cause: Cause) =>
  attempt < attempts && on.some((one) => one === cause)

/**
 * How long the next attempt waits.
 * @param attempt number of the one that failed, from 1.
 * @param chance from 0 to 1.
 * @returns ms.
 */
export function pauseAfter({ backoff = 1, max_backoff: most = 300, jitter = 0.1 }: RetryPolicy, attempt: number, chance: number): number {
  const pause = Math.min(most, backoff * 2 ** Math.min(attempt - 1, 40))
  return Math.round(1000 * pause * (1 + jitter * chance))
}
