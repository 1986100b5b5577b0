import { Type, type Static } from 'typebox'
import { Cause, Outcome, Usage } from './report.js'
import { RetryPolicy } from './terms.js'

export const InstructionStatus = Type.Enum(['pending', 'working', 'succeeded', 'failed', 'cancelled'], { title: 'InstructionStatus' })
export type InstructionStatus = Static<typeof InstructionStatus>

const time = Type.String({ format: 'date-time' })

/** One attempt at an instruction: the report entry of that attempt without what the instruction itself says. */
export const Attempt = Type.Object(
  {
    attempt: Type.Integer({ minimum: 1 }),
    outcome: Type.Optional(Outcome),
    cause: Type.Optional(Cause),
    started_at: Type.Optional(Type.Union([time, Type.Null()])),
    finished_at: Type.Optional(time),
    usage: Type.Optional(Usage),
  },
  { title: 'Attempt', additionalProperties: true, description: 'one attempt; without an outcome it is going on' },
)

/** An instruction as clients see it. */
export const InstructionDocument = Type.Object(
  {
    id: Type.Integer({ minimum: 1, description: 'from 1 in each Boss' }),
    name: Type.String(),
    kind: Type.String({ description: 'the worker kind it was resolved to' }),
    status: InstructionStatus,
    attributes: Type.Record(Type.String(), Type.Unknown()),
    cores: Type.Integer({ minimum: 1 }),
    priority: Type.Integer(),
    limits: Type.Object(
      {
        timeout: Type.Union([Type.Number(), Type.Null()], { description: 's that an attempt may take' }),
        expires: Type.Union([Type.Number(), Type.Null()], { description: 's that it may wait for its first start' }),
        grace: Type.Number({ description: 's between being asked to end and being killed' }),
        memory: Type.Union([Type.Number(), Type.Null()], { description: 'MiB that it may take' }),
        retry: Type.Union([RetryPolicy, Type.Null()], { description: 'when it is tried again; its Boss’s if it has none of its own' }),
        at_most_once: Type.Boolean({ description: 'it never begins twice' }),
      },
      { title: 'Limits', description: 'the limits that hold for it; null where there is none' },
    ),
    retry_of: Type.Optional(Type.Integer({ minimum: 1, description: 'the instruction of which it is a new go' })),
    retry_of_boss: Type.Optional(Type.Integer({ minimum: 1, description: 'that one’s Boss, where it is another' })),
    not_before: Type.Optional({ ...time, description: 'when its next attempt may begin' }),
    attempts: Type.Array(Attempt),
    waiting_for: Type.Optional(Type.String({ description: 'why it does not run yet' })),
  },
  { $id: 'Instruction', description: 'One piece of work' },
)
export type InstructionDocument = Static<typeof InstructionDocument>
