import { Type, type TProperties } from 'typebox'
import { BossError, Counts } from '../boss/boss-document.js'
import { Cause, ReportEntry } from '../boss/report.js'

const id = Type.Integer({ minimum: 1 })
const time = Type.String({ format: 'date-time' })

/** @param title name of the schema; `types` the events that look so. */
const event = (title: string, types: readonly string[], description: string, members: TProperties = {}) =>
  Type.Object(
    {
      seq: Type.Integer({ minimum: 1, description: 'one increasing number for the whole daemon' }),
      at: time,
      boss: id,
      type: Type.Enum([...types]),
      ...members,
    },
    { title, description },
  )
const ofInstruction = { instruction: id, attempt: id }

const schemas = [
  event('BossEvent', ['boss.created', 'boss.working', 'boss.halted', 'boss.ending'], 'what a Boss was told'),
  event('BossStopping', ['boss.stopping'], 'a Boss starts nothing more', {
    how: Type.Enum(['stop', 'now', 'error'], { description: 'stop: what runs finishes, now: it is told to end, error: something failed' }),
    error: Type.Optional(BossError),
  }),
  event('BossOver', ['boss.over'], 'a Boss is over; nothing of it follows', {
    status: Type.Enum(['finished', 'stopped', 'failed']),
    counts: Counts,
  }),
  event('InstructionsAppended', ['instructions.appended'], 'a Boss got instructions', {
    first: Type.Integer({ description: 'id of the first one' }),
    last: Type.Integer({ description: 'id of the last one' }),
  }),
  event('InstructionStarted', ['instruction.started'], 'an attempt began; not told where it ended at once', {
    ...ofInstruction,
    scheduler_ticket: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    cpus: Type.Array(Type.Integer({ minimum: 0 })),
    node: ReportEntry.properties.node,
  }),
  event('InstructionRetrying', ['instruction.retrying'], 'an attempt came to nothing and there will be another', {
    ...ofInstruction,
    cause: Cause,
    not_before: Type.Optional({ ...time, description: 'when that may begin' }),
  }),
  event('InstructionCancelled', ['instruction.cancelled'], 'a cancel was asked for; the report follows', {
    instruction: id,
    reason: Type.String(),
  }),
  event('InstructionReported', ['instruction.reported'], 'an instruction ended; with its report entry', ReportEntry.properties),
  event(
    'InstructionsReported',
    ['instructions.reported'],
    "reports that a worker gave in together, told where `brief` was asked for; name, kind and start are of the first, the rest from `attempt` on is the last one's",
    {
      n: Type.Integer({ minimum: 1, description: 'how many' }),
      first: Type.Integer({ description: 'the first instruction' }),
      last: Type.Integer({ description: 'the last one; others of the same Boss may be between them' }),
      name: Type.String(),
      kind: Type.String(),
      succeeded: Counts.properties.succeeded,
      failed: Counts.properties.failed,
      cancelled: Counts.properties.cancelled,
      cause: Type.Optional(Cause),
      attempt: id,
      scheduler_ticket: ReportEntry.properties.scheduler_ticket,
      cpus: ReportEntry.properties.cpus,
      node: ReportEntry.properties.node,
      started_at: ReportEntry.properties.started_at,
      finished_at: ReportEntry.properties.finished_at,
      usage: ReportEntry.properties.usage,
    },
  ),
  Type.Object(
    {
      at: time,
      boss: id,
      type: Type.Enum(['instruction.progress']),
      ...ofInstruction,
      value: Type.Unknown({ description: 'what the task said' }),
    },
    { title: 'InstructionProgress', description: 'what a task says of how far it is; in no log' },
  ),
  Type.Object(
    {
      seq: Type.Integer({ minimum: 1 }),
      at: time,
      type: Type.Enum(['gap']),
      from: Type.Integer({ description: 'the first seq that is missing' }),
      to: Type.Integer({ description: 'the last one' }),
    },
    { title: 'Gap', description: 'a stretch of the log that is not told: it was removed, or the follower lags behind' },
  ),
]

/** One message of a follower. */
export const Events = Type.Array(
  Type.Unsafe<unknown>({
    title: 'Event',
    description: 'what happened; decide by `type`, and leave aside what you do not know',
    oneOf: schemas,
  }),
  { $id: 'Events', description: 'events in order of `seq`' },
)
