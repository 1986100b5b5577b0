import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Refusal } from '../../boss/errors.js'
import type { Workshop } from '../../workshop/contract.js'
import { problems } from '../schemas.js'

const Ok = Type.Object({ ok: Type.Literal(true) }, { title: 'Ok', description: 'It is' })

/** Whether the daemon lives and is ready. */
export const probes: FastifyPluginAsyncTypebox<{ workshop: Workshop }> = async (app, { workshop }) => {
  app.get(
    '/livez',
    { schema: { operationId: 'livez', tags: ['operations'], summary: 'Is the daemon alive?', response: { 200: Ok, ...problems() } } },
    async () => ({ ok: true as const }),
  )

  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readyz',
        tags: ['operations'],
        summary: 'Should it get new work? The problem names the reasons',
        response: { 200: Ok, ...problems('not-ready') },
      },
    },
    async () => {
      const reasons = workshop.notReady()
      if (reasons.length > 0) throw new Refusal('not-ready', reasons.join('; '), { reasons })
      return { ok: true as const }
    },
  )
}
