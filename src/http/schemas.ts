import { Type, type Static, type TSchema } from 'typebox'
import { dtypes, type Dtype } from '../arrays/npy.js'
import { BossDocument, CrewName } from '../boss/boss-document.js'
import { ignoredField } from '../boss/ignored.js'
import { InstructionDocument } from '../boss/instruction-document.js'
import { ReportEntry } from '../boss/report.js'
import { TYPES } from '../footprint/definition.js'
import type { PolicyDocument } from '../scheduler/choose.js'
import { Events } from './event-schema.js'
import { FailureList } from './failure-schema.js'
import { Problem } from './problem-schema.js'
import { cpus, Resources } from './resources-schema.js'

export { problems } from './problem-schema.js'
export { Resources }

/** A reference to a named schema, so that the contract shows it once, by its name. */
export const ref = <T extends TSchema>(schema: T, description?: string) =>
  Type.Unsafe<Static<T>>({ $ref: `${(schema as { $id?: string }).$id}#`, ...(description && { description }) })

/** Headers of an answer, by name. */
type Headers = Readonly<Record<string, object>>

/** An answer that carries headers: a named schema as JSON. */
export const answer = <T extends TSchema>(schema: T, description: string, headers: Headers) => ({
  description,
  headers,
  content: { 'application/json': { schema: ref(schema) } },
})

/** The same answers, each of which may carry these headers too. */
export const withHeaders = (headers: Headers, answers: Readonly<Record<string, { headers?: Headers }>>) =>
  Object.fromEntries(Object.entries(answers).map(([status, one]) => [status, { ...one, headers: { ...one.headers, ...headers } }]))

/** Headers that answers carry. */
export const header = {
  location: { Location: { type: 'string', description: 'path of what was made', 'x-always': true } },
  link: { Link: { type: 'string', description: '`<…>; rel="next"` leads to the next page; absent on the last' } },
  applied: { 'Preference-Applied': { type: 'string', description: 'what of `Prefer` was heeded' } },
} as const

/** What is answered to `Prefer: return=minimal`. */
export const briefly = {
  ...Type.Null({ description: 'done; asked with `Prefer: return=minimal`' }),
  headers: { 'Preference-Applied': { type: 'string', const: 'return=minimal', 'x-always': true } },
}

const next = Type.Optional(Type.String({ description: 'give it as `after` for the next page; absent on the last' }))
export const BossList = Type.Object({ items: Type.Array(ref(BossDocument)), next }, { $id: 'BossList', description: 'One page of Bosses' })
export const InstructionList = Type.Object(
  { items: Type.Array(ref(InstructionDocument)), next },
  { $id: 'InstructionList', description: 'One page of instructions' },
)

export const Appended = Type.Object(
  {
    count: Type.Integer({ minimum: 0 }),
    first: Type.Integer({ description: 'id of the first one' }),
    last: Type.Integer({ description: 'id of the last one; all between belong to this append' }),
    ignored: ignoredField,
  },
  { $id: 'Appended', description: 'What an append stored, durably' },
)

export const Pruned = Type.Object(
  {
    dry_run: Type.Boolean({ description: 'true: nothing was removed' }),
    bosses: Type.Integer({ description: 'how many' }),
    bytes: Type.Integer({ description: 'that they took, estimated' }),
    items: Type.Array(
      Type.Object(
        {
          id: Type.Integer(),
          name: Type.Optional(Type.String()),
          status: Type.Enum(['finished', 'stopped', 'failed']),
          over_at: Type.String({ format: 'date-time' }),
          bytes: Type.Integer({ description: 'estimated' }),
        },
        { title: 'PrunedBoss' },
      ),
      { description: 'the first 1,000 of them, the oldest first' },
    ),
  },
  { $id: 'Pruned', description: 'Bosses that were removed' },
)

export const DryRun = Type.Object(
  {
    instructions: Type.Array(
      Type.Object(
        {
          name: Type.Optional(Type.String()),
          kind: Type.String(),
          attributes: Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object' }),
        },
        { title: 'Resolved', description: 'a row, as its worker would get it' },
      ),
    ),
    ignored: ignoredField,
  },
  { $id: 'DryRun', description: 'What each row would become' },
)

export const ReportDocument = Type.Object(
  {
    boss: Type.Integer(),
    status: Type.Enum(['interim', 'finished', 'pending', 'workers exception'], {
      description: 'interim while the Boss lives; then finished, pending (work left over) or workers exception (a failure stopped it)',
    }),
    workers_report: Type.Array(ref(ReportEntry), { description: 'ordered by seq' }),
    pending: Type.Integer({ minimum: 0, description: 'instructions not yet ended' }),
    next: Type.Optional(Type.Integer({ description: 'the last seq of this page, exactly when more is committed; give it as `after`' })),
  },
  { $id: 'Report', description: 'One page of a report' },
)

const arrayFields = {
  dtype: Type.Enum(Object.keys(dtypes) as Dtype[]),
  shape: Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 64, description: 'lengths of its dimensions; [] for a single value' }),
}
/** Names of arrays are attributes of instructions. */
export const arrayName = '^[A-Za-z]\\w{0,63}$'
export const ArrayLayout = Type.Object(arrayFields, { title: 'ArrayLayout', additionalProperties: false })
export const SharedArrayDocument = Type.Object(
  {
    name: Type.String(),
    ...arrayFields,
    path: Type.String({ description: 'its .npy file on the machine of the daemon, which others can map too' }),
  },
  { $id: 'SharedArray', description: 'An array in memory that the workers of a Boss share; C order, little-endian' },
)
export type SharedArrayDocument = Static<typeof SharedArrayDocument>
export const SharedArrayList = Type.Object(
  { items: Type.Array(ref(SharedArrayDocument)) },
  { $id: 'SharedArrayList', description: 'The shared arrays of a Boss' },
)

const policyAttribute = Type.Object(
  {
    type: Type.Enum([...TYPES]),
    values: Type.Optional(Type.Array(Type.Unknown(), { description: 'what it may be' })),
    alias: Type.Optional(Type.Array(Type.String(), { description: 'other names' })),
    optional: Type.Optional(Type.Boolean()),
    default: Type.Optional(Type.Unknown()),
    info: Type.String(),
  },
  { title: 'PolicySetting', description: 'an attribute by which a scheduler is chosen or set' },
)
export const SchedulerList = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          scheduler: Type.String(),
          file: Type.Optional(Type.String({ description: 'plugin file, absent for the policies of the program' })),
          info: Type.String(),
          example: Type.Unsafe<Readonly<Record<string, unknown>>>({
            type: 'object',
            description: 'a request that chooses it; mandatory settings of a plugin have to be added',
          }),
          settings: Type.Unsafe<PolicyDocument['settings']>({
            type: 'object',
            additionalProperties: policyAttribute,
            description:
              'the attributes by which it is chosen and set. What others know in a request is left aside; a policy of a plugin refuses it',
          }),
        },
        { title: 'Policy' },
      ),
    ),
  },
  { $id: 'SchedulerList', description: 'Policies that a Boss can ask for' },
)

export const PreviewDocument = Type.Object(
  {
    launchable: Type.Array(Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object' }), {
      description: 'rows that may start now, in launch order, each as it was given but with its `scheduler_ticket`: null when it gets none',
    }),
    not_yet_launchable: Type.Array(Type.String(), { description: 'names of the others, in the order in which they are kept' }),
  },
  { $id: 'Preview', description: 'One decision of a scheduler' },
)

const Worker = Type.Object(
  {
    host: Type.Integer(),
    pid: Type.Union([Type.Integer(), Type.Null()]),
    crew: CrewName,
    node: Type.Union([Type.String(), Type.Null()], { description: 'null while nobody knows where it will be' }),
    job: Type.Optional(Type.String({ description: 'as which Slurm knows it' })),
    state: Type.Optional(
      Type.Enum(['waiting', 'ready', 'lost'], { description: 'of one that Slurm starts; lost: it is made sure that it has ended' }),
    ),
    reason: Type.Optional(Type.String({ description: 'why it waits or is lost' })),
    place: Type.Optional(Type.Integer()),
    cpus,
    boss: Type.Optional(Type.Integer()),
    instruction: Type.Optional(Type.Integer()),
    name: Type.Optional(Type.String()),
    kind: Type.Optional(Type.String()),
    scheduler_ticket: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
    ahead: Type.Integer({ minimum: 0, description: 'instructions sent ahead to it, not begun' }),
  },
  { title: 'Worker', description: 'a worker process, and what it carries out' },
)
export const WorkerList = Type.Object(
  { items: Type.Array(Worker) },
  { $id: 'WorkerList', description: 'Worker processes and what they carry out' },
)
export const Draining = Type.Object(
  {
    grace: Type.Integer({ minimum: 0, description: 'seconds that what runs has from the first time on that it was asked to go down' }),
    working: Type.Integer({ minimum: 0, description: 'workers that carry something out' }),
    items: Type.Array(Worker, { description: 'these workers' }),
  },
  { $id: 'Draining', description: 'The daemon goes down' },
)

const object = Type.Unsafe<Record<string, unknown>>({ type: 'object' })
export const KindList = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          kind: Type.String(),
          file: Type.Optional(Type.String({ description: 'plugin file, absent for built-in kinds' })),
          footprint: object,
          schema: object,
          fault: Type.Optional(
            Type.Object(
              {
                type: Type.String(),
                message: Type.String(),
                since: Type.String({ format: 'date-time' }),
                retry_at: Type.Optional(Type.String({ format: 'date-time', description: 'until then its instructions fail at once' })),
              },
              { title: 'KindFault', description: 'why workers could not load it; absent when they could' },
            ),
          ),
        },
        { title: 'Kind' },
      ),
    ),
    refused: Type.Array(Type.Object({ file: Type.String(), reason: Type.String() }, { title: 'RefusedPlugin' }), {
      description: 'plugins that were left out',
    }),
  },
  { $id: 'KindList', description: 'Worker kinds that can be hired' },
)

export const Consistency = Type.Object(
  { consistent: Type.Boolean(), breaches: Type.Array(Type.String(), { description: 'what does not agree' }) },
  { $id: 'Consistency', description: 'Whether everything agrees with everything else' },
)

/** Every named schema of the contract, in the order in which it shows them. */
export const namedSchemas = [
  Problem,
  BossDocument,
  BossList,
  InstructionDocument,
  InstructionList,
  Appended,
  DryRun,
  Pruned,
  ReportEntry,
  ReportDocument,
  FailureList,
  SharedArrayDocument,
  SharedArrayList,
  WorkerList,
  Draining,
  KindList,
  SchedulerList,
  PreviewDocument,
  Resources,
  Consistency,
  Events,
]
