import { Type, type Static } from 'typebox'
import { ignoredField } from './ignored.js'
import { RetryPolicy } from './terms.js'

export const bossName = '^[A-Za-z_][\\w.-]{0,127}$'

export const BossStatus = Type.Enum(['working', 'halted', 'ending', 'stopping', 'finished', 'stopped', 'failed'], {
  title: 'BossStatus',
  description: 'working, halted, ending or stopping while it lives; finished, stopped (work left over) or failed once it is over',
})
export type BossStatus = Static<typeof BossStatus>

export const CrewName = Type.Enum(['local', 'slurm'], {
  title: 'CrewName',
  default: 'local',
  description: 'where workers run: on the machine of the daemon, or wherever Slurm starts them',
})
export type CrewName = Static<typeof CrewName>

const count = Type.Integer({ minimum: 0 })
export const Counts = Type.Object(
  { pending: count, working: count, succeeded: count, failed: count, cancelled: count },
  { title: 'Counts', description: 'instructions by status' },
)
export type Counts = Static<typeof Counts>

export const BossError = Type.Object(
  { type: Type.String({ description: 'name of what happened' }), message: Type.String({ description: 'for a person' }) },
  {
    title: 'BossError',
    description: 'why the Boss itself failed, such as its custom scheduler; what failed in an instruction is in the report',
  },
)
export type BossError = Static<typeof BossError>

/** A Boss as clients see it. */
export const BossDocument = Type.Object(
  {
    id: Type.Integer({ minimum: 1 }),
    name: Type.Optional(Type.String({ pattern: bossName })),
    status: BossStatus,
    halted: Type.Boolean(),
    ending: Type.Boolean(),
    scheduler: Type.Record(Type.String(), Type.Unknown(), { description: 'the policy with every setting resolved' }),
    crew: CrewName,
    on_error: Type.Enum(['continue', 'stop']),
    verbose: Type.Boolean(),
    maxlenreport: Type.Integer({ minimum: 0 }),
    retry: Type.Optional(RetryPolicy),
    counts: Counts,
    error: Type.Optional(BossError),
    created_at: Type.String({ format: 'date-time' }),
    over_at: Type.Optional(Type.String({ format: 'date-time' })),
    ignored: ignoredField,
  },
  { $id: 'Boss', description: 'A Boss: it takes instructions and answers with reports' },
)
export type BossDocument = Static<typeof BossDocument>
