import { Type, type Static } from 'typebox'
import { causes, type Cause as OneCause } from './ending.js'

export * from './ending.js'

export const Outcome = Type.Enum(['succeeded', 'failed', 'cancelled'], {
  title: 'Outcome',
  description: 'how an instruction ended',
})
export type Outcome = Static<typeof Outcome>

export const Cause = Type.Enum([...causes], { title: 'Cause', description: 'why it did not succeed' })
export type Cause = OneCause

export const Usage = Type.Object(
  {
    wall: Type.Number({ minimum: 0, description: 's from start to end' }),
    cpu: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description: 's of CPU time, null when not known' }),
    max_rss: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description: 'peak resident memory in MiB, null when not known' }),
  },
  { title: 'Usage', description: 'what the run cost' },
)
export type Usage = Static<typeof Usage>

/** One final report as clients read it (DESIGN section 4, "Report entry"). Exactly one for each instruction. */
export const ReportEntry = Type.Object(
  {
    seq: Type.Integer({ minimum: 1, description: 'one increasing number for the whole daemon' }),
    instruction: Type.Integer({ minimum: 1 }),
    name: Type.String(),
    kind: Type.String({ description: 'the worker kind that was hired' }),
    outcome: Outcome,
    report: Type.Unknown({ description: 'what the task returned; null when it returned nothing' }),
    cause: Type.Optional(Cause),
    error: Type.Optional(
      Type.Object(
        { type: Type.String(), message: Type.String() },
        { title: 'TaskError', description: 'what the task threw, or what ended it' },
      ),
    ),
    traceback: Type.Optional(Type.String()),
    exit_code: Type.Optional(Type.Integer()),
    signal: Type.Optional(Type.String()),
    limit: Type.Optional(Type.Number({ description: 'the limit that ended it' })),
    measured: Type.Optional(Type.Number({ description: 'what was measured against that limit' })),
    stderr_tail: Type.Optional(Type.String({ description: 'last lines of stderr of a task that failed' })),
    attempt: Type.Integer({ minimum: 1 }),
    scheduler_ticket: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    cpus: Type.Array(Type.Integer({ minimum: 0 }), { description: 'CPUs it was bound to; empty when it could use all' }),
    node: Type.Optional(Type.String()),
    started_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description: 'null when it never started' }),
    finished_at: Type.String({ format: 'date-time' }),
    usage: Usage,
  },
  { $id: 'ReportEntry', description: 'One final report' },
)
export type ReportEntry = Static<typeof ReportEntry>
