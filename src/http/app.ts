import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import websocket from '@fastify/websocket'
import { fastify, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Shelf } from '../arrays/shelf.js'
import { Refusal } from '../boss/errors.js'
import type { Feed } from '../feed.js'
import type { Machine } from '../scheduler/policies.js'
import type { Workshop } from '../workshop/contract.js'
import { RequestLog } from './log.js'
import { openapi } from './openapi.js'
import { answerNotFound, answerProblem } from './problem.js'
import { arrays } from './routes/arrays.js'
import { bosses } from './routes/bosses.js'
import { events } from './routes/events.js'
import { house } from './routes/house.js'
import { instructions } from './routes/instructions.js'
import { probes } from './routes/probes.js'
import { prune } from './routes/prune.js'
import { report } from './routes/report.js'
import { schedulers } from './routes/schedulers.js'
import { signals } from './routes/signals.js'
import { namedSchemas } from './schemas.js'
import { keepAlive, sayGoodbye } from './sockets.js'
import { validatorCompiler } from './validation.js'

const bodyLimitBytes = 64 * 1024 * 1024
const nameLength = 128
const clientMessageBytes = 1024

/** What the HTTP interface works with. */
export interface House {
  workshop: Workshop
  feed: Feed
  /** what policies without a given limit are measured against */
  machine: Machine
  logger: FastifyBaseLogger
  /** rows that one append may have */
  maxRows: number
  /** where the files of shared arrays are kept */
  shelf: Shelf
}

/** The HTTP interface, ready to listen. Closing it answers waiting calls at once and closes its sockets with 1001. */
export async function buildApp({ workshop, feed, machine, logger, maxRows, shelf }: House): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: logger,
    logController: new RequestLog(),
    bodyLimit: bodyLimitBytes,
    // we refuse by ourselves while closing, with a problem
    return503OnClosing: false,
    routerOptions: { maxParamLength: nameLength },
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  // tsc holds handlers to their schemas; a generated serialiser would only repeat that, slower, and drop what attempts carry besides
  app.setSerializerCompiler(() => JSON.stringify)
  app.setErrorHandler(answerProblem)
  app.setNotFoundHandler(answerNotFound)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text: string, done) => parsed(text, done))
  for (const schema of namedSchemas) app.addSchema(schema)

  const closing = new AbortController()
  app.addHook('onRequest', async () => {
    if (closing.signal.aborted) throw new Refusal('draining', 'taylord stops; ask again when it is back')
  })
  await app.register(swagger, openapi)
  await app.register(websocket, {
    options: { maxPayload: clientMessageBytes },
    errorHandler: (error, socket, request) => {
      request.log.debug({ err: error }, 'a socket broke')
      socket.terminate()
    },
    preClose(done) {
      closing.abort()
      sayGoodbye(this.websocketServer)
      this.websocketServer.close()
      done()
    },
  })
  const stopPings = keepAlive(app.websocketServer)
  app.addHook('onClose', async () => stopPings())

  await app.register(bosses, { workshop, maxRows, shelf })
  await app.register(instructions, { workshop, maxRows, closing: closing.signal })
  await app.register(signals, { workshop })
  await app.register(report, { workshop, closing: closing.signal })
  await app.register(arrays, { workshop, shelf })
  await app.register(events, { workshop, feed })
  await app.register(house, { workshop })
  await app.register(schedulers, { machine })
  await app.register(prune, { workshop })
  await app.register(probes, { workshop })
  return app
}

/** Own parser, because the one of fastify hides what is wrong and where. */
function parsed(text: string, done: (error: Error | null, body?: unknown) => void) {
  if (text.trim() === '') return done(null, null)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    return done(new Refusal('bad-json', `the body is no JSON: ${error instanceof Error ? error.message : String(error)}`))
  }
  return done(null, body)
}
