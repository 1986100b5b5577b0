import { Type } from 'typebox'
import type { RefusalCode } from '../boss/errors.js'
import { statusOf, type Code } from './problem.js'
import { exampleOf } from './problem-examples.js'
import { STATUS_CODES } from './status.js'

const listOf = (description: string) => Type.Optional(Type.Array(Type.String(), { description }))
const number = (description: string) => Type.Optional(Type.Number({ description }))
const integer = (description: string) => Type.Optional(Type.Integer({ description }))
const text = (description: string) => Type.Optional(Type.String({ description }))
const anything = (description: string) => Type.Optional(Type.Unknown({ description }))

/** The facts that a problem may name besides what every problem has. */
const facts = {
  boss: Type.Optional(
    Type.Union([Type.Integer(), Type.String()], { description: 'the Boss that is meant: its id, or what was asked for' }),
  ),
  boss_status: text('its status'),
  ending: Type.Optional(Type.Boolean({ description: 'it has been told to end' })),
  pending: integer('instructions that have not ended'),
  counts: Type.Optional(Type.Record(Type.String(), Type.Integer(), { description: 'its instructions by status' })),
  instruction: integer('the id of the instruction that is meant'),
  row: integer('the row that is wrong, from 1; in a preview from 0'),
  line: integer('the line of the upload that is wrong, from 1'),
  list: text('the list of a preview in which the row is'),
  attribute: text('the attribute that is wrong'),
  kind: text('the worker kind that would be hired'),
  token: text('what in its text cannot be replaced'),
  column: text('the column that is no list'),
  lengths: Type.Optional(Type.Record(Type.String(), Type.Integer(), { description: 'values that each column has' })),
  name: text('the name that is taken'),
  array: text('the array that is meant'),
  kinds: Type.Optional(
    Type.Unsafe<unknown>({
      type: ['object', 'array'],
      description: 'worker kinds, at most 20: by name with what each has against the row, or a list of those that suit it equally well',
    }),
  ),
  field: text('the field that is wrong, as in `instructions.0.priority`'),
  unknown: listOf('fields that there are not'),
  allowed: Type.Optional(Type.Array(Type.Unknown(), { description: 'values that may be given there' })),
  asked: anything('what was asked for'),
  available: anything('what there is of it: names, or how much'),
  found: integer('how many were found of those asked for'),
  scheduler: anything('the scheduler that was asked for'),
  key: text('the Idempotency-Key that is meant'),
  reasons: Type.Optional(
    Type.Unsafe<unknown>({ type: ['array', 'object'], description: 'why not; of a scheduler by policy and attribute' }),
  ),
  tie: listOf('policies that are chosen equally well'),
  value: anything('the value that is wrong'),
  reason: text('why the store takes nothing'),
  needed: number('bytes that were asked for'),
  room: number('bytes that there are'),
  max_rows: integer('rows that one call takes'),
  max_bytes: integer('bytes that are taken there'),
  upload_idle: number('s for which an upload may send nothing'),
  request: text('the id under which the log of the daemon tells more'),
}

/** Why a call was refused (RFC 9457). */
export const Problem = Type.Object(
  {
    type: Type.Literal('about:blank'),
    title: Type.String({ description: 'the phrase of the status' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.Enum(Object.keys(statusOf) as Code[], { description: 'stable name of what happened; decide by this one' }),
    detail: Type.String({ description: 'for a person: what was asked, what there is, what to do' }),
    ...facts,
  },
  { $id: 'Problem', description: 'A refusal (RFC 9457). What is not required are the facts of the case' },
)

/** Names of all facts, as a test of the documentation reads them. */
export const factNames = Object.keys(facts)

/** What every route may answer: no HTTP, a bug, and the daemon stopping. */
const anywhere = ['bad-request', 'stalled', 'headers-too-large', 'internal', 'draining'] as const

/** Headers that come with every problem of a status. */
const headersOf: Readonly<Record<number, Record<string, object>>> = {
  409: { 'Retry-After': { type: 'integer', description: 's after which to ask again, where that helps' } },
  415: { 'Accept-Encoding': { type: 'string', description: 'how a body may be packed, where that was wrong' } },
  426: { Upgrade: { type: 'string', enum: ['websocket'], description: 'what to ask for' } },
  503: { 'Retry-After': { type: 'integer', description: 's after which to ask again', 'x-always': true } },
}

/**
 * Responses of a route that refuses with these codes, for its schema.
 * Handlers throw refusals and never return them, so their types see none of these.
 */
export function problems(...refusals: readonly RefusalCode[]): Record<string, object> {
  const byStatus = Map.groupBy(new Set<Code>([...refusals, ...anywhere]), (code) => statusOf[code])
  const response = ([status, codes]: [number, readonly Code[]]) => [
    status,
    {
      description: `${STATUS_CODES[status]}: ${codes.map((code) => `\`${code}\``).join(', ')}`,
      ...(headersOf[status] && { headers: headersOf[status] }),
      content: {
        'application/problem+json': {
          schema: { $ref: 'Problem#' },
          examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
        },
      },
    },
  ]
  return Object.fromEntries([...byStatus].map(response))
}

/** One example of each problem that is told of, for the components of the contract. */
export const problemExamples = (told: ReadonlySet<string>) =>
  Object.fromEntries(
    Object.entries(exampleOf)
      .filter(([code]) => told.has(code))
      .map(([code, { detail, ...own }]) => {
        const status = statusOf[code as Code]
        return [code, { value: { type: 'about:blank', title: STATUS_CODES[status], status, code, detail, ...own } }]
      }),
  )
