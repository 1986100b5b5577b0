import { promisify } from 'node:util'
import type { IncomingMessage } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { BossDocument } from '../../boss/boss-document.js'
import { causes } from '../../boss/report.js'
import type { Workshop } from '../../workshop/contract.js'
import { readText } from '../body.js'
import { preferHeaders } from '../prefer.js'
import { unsupportedType } from '../problem.js'
import { Appended, briefly, problems, ref } from '../schemas.js'
import { traceHeaders, traceIn } from '../trace.js'
import { bossParams } from './bosses.js'

/** The body of a call that needs none. */
export const Nothing = Type.Optional(
  Type.Object({}, { title: 'Nothing', additionalProperties: false, description: 'nothing needs to be said' }),
)
const Work = Type.Optional(
  Type.Object(
    {
      terminate: Type.Optional(Type.Boolean({ default: false, description: 'true: end once everything is done' })),
      stop_listening: Type.Optional(Type.Boolean({ default: false, description: 'true: the Boss is over, its workers go on unheard' })),
    },
    { title: 'Work', additionalProperties: false },
  ),
)

/** Lets a body of another type pass where it is empty: curl -X POST -d '' sends a form, and an empty one is no body. */
export function noOtherBody(app: Pick<FastifyInstance, 'addContentTypeParser'>, uploadIdleMs: number): void {
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: IncomingMessage) => {
    if ((await promisify(readText)(payload, request.headers, uploadIdleMs)) !== '') throw unsupportedType(request)
    return null
  })
}

const Retry = Type.Optional(
  Type.Object(
    {
      causes: Type.Optional(
        Type.Array(Type.Enum([...causes]), { minItems: 1, description: 'only what ended by one of these; every failure when absent' }),
      ),
      kinds: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 1000, description: 'only instructions of these kinds' })),
      ids: Type.Optional(
        Type.Array(Type.Integer({ minimum: 1 }), {
          minItems: 1,
          maxItems: 100_000,
          description: 'only these; also what was given again before',
        }),
      ),
      into: Type.Optional(Type.String({ description: 'id or name of the Boss that gets them; the same one when absent' })),
    },
    { title: 'Retry', additionalProperties: false },
  ),
)

/** What a Boss can be told: work, halt, end, stop, which answer with the Boss once that is committed, and retry. */
export const signals: FastifyPluginAsyncTypebox<{ workshop: Workshop; uploadIdleMs: number }> = async (app, { workshop, uploadIdleMs }) => {
  noOtherBody(app, uploadIdleMs)

  const config = { briefly: 200 }
  const common = () => ({
    tags: ['signals'],
    params: bossParams,
    headers: preferHeaders,
    response: {
      200: ref(BossDocument, 'the Boss as it is now'),
      204: briefly,
      ...problems('bad-json', 'stalled', 'not-found', 'boss-not-listening', 'unsupported-type', 'invalid', 'store-refuses'),
    },
  })

  app.post(
    '/v1/bosses/:boss/work',
    { config, schema: { operationId: 'work', summary: 'Start, or resume after halt', ...common(), body: Work } },
    async ({ params, body }) => workshop.work(params.boss, body),
  )

  app.post(
    '/v1/bosses/:boss/halt',
    {
      config,
      schema: { operationId: 'halt', summary: 'Start nothing new until told to work; what runs goes on', ...common(), body: Nothing },
    },
    async ({ params }) => workshop.halt(params.boss),
  )

  app.post(
    '/v1/bosses/:boss/end',
    { config, schema: { operationId: 'end', summary: 'Take no more instructions; be over when all are done', ...common(), body: Nothing } },
    async ({ params }) => workshop.end(params.boss),
  )

  app.post(
    '/v1/bosses/:boss/stop',
    {
      config,
      schema: {
        operationId: 'stop',
        summary: 'Start nothing more and be over when what runs has finished',
        description: 'With `now=true` what runs is told to end (SIGTERM, then SIGKILL) and is reported as cancelled.',
        ...common(),
        querystring: Type.Object({ now: Type.Optional(Type.Boolean({ default: false })) }, { additionalProperties: false }),
        body: Nothing,
      },
    },
    async ({ params, query }) => workshop.stop(params.boss, query),
  )

  app.post(
    '/v1/bosses/:boss/retry',
    {
      config: { briefly: 201 },
      schema: {
        operationId: 'retry',
        tags: ['instructions'],
        summary: 'Give what failed once more, as new instructions',
        description:
          'Each new one says in `retry_of` which it stands for. What was given again already is left out, unless `ids` names it.',
        params: bossParams,
        headers: Type.Object({ ...preferHeaders.properties, ...traceHeaders.properties }),
        body: Retry,
        response: {
          201: ref(Appended, 'stored'),
          204: briefly,
          ...problems(
            'bad-json',
            'not-found',
            'boss-not-listening',
            'name-taken',
            'unsupported-type',
            'never-fits',
            'invalid',
            'draining',
            'store-refuses',
          ),
        },
      },
    },
    async ({ params: { boss }, body, headers }, reply) => {
      const stored = await workshop.appends.retry(boss, { ...body, trace: traceIn(headers) })
      reply.code(201)
      return stored
    },
  )
}
