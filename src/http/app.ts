import type { IncomingMessage } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import websocket from '@fastify/websocket'
import { fastify, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Shelf } from '../arrays/shelf.js'
import { invalid, Refusal } from '../boss/errors.js'
import type { Feed } from '../feed.js'
import type { PolicyDocument } from '../scheduler/choose.js'
import type { Machine } from '../scheduler/policies.js'
import type { Workshop } from '../workshop/contract.js'
import { readText } from './body.js'
import { boundConnections } from './connections.js'
import { withoutBase } from './doors/base-path.js'
import { doorSchemas } from './doors/documents.js'
import { chosenProtocol, holdSockets, isOfDoor, openDoor, type DoorRules } from './doors/door.js'
import { answerOnce } from './idempotency.js'
import { parseJson } from './json.js'
import { RequestLog } from './log.js'
import { gzipped } from './gzip.js'
import { notingMethods } from './methods.js'
import { answerNoRequest, answerProblem, notFoundAnswerer } from './problem.js'
import { leaveOut } from './prefer.js'
import { arrays } from './routes/arrays.js'
import { bosses } from './routes/bosses.js'
import { contract } from './routes/contract.js'
import { dashboard } from './routes/dashboard.js'
import { drain, type GoDown } from './routes/drain.js'
import { events } from './routes/events.js'
import { house } from './routes/house.js'
import { instructions } from './routes/instructions.js'
import { metrics } from './routes/metrics.js'
import { orders } from './routes/orders.js'
import { probes } from './routes/probes.js'
import { prune } from './routes/prune.js'
import { report } from './routes/report.js'
import { schedulers } from './routes/schedulers.js'
import { signals } from './routes/signals.js'
import { tokens } from './routes/tokens.js'
import { namedSchemas } from './schemas.js'
import { compression, keepAlive, sayGoodbye } from './sockets.js'
import { validatorCompiler } from './validation.js'

const nameLength = 128
const clientMessageBytes = 1024

/** What the HTTP interface works with. */
export interface House {
  workshop: Workshop
  feed: Feed
  /** what policies without a given limit are measured against */
  machine: Machine
  /** policies that a Boss can ask for */
  policies: readonly PolicyDocument[]
  logger: FastifyBaseLogger
  /** rows that one append may have */
  maxRows: number
  /** where the files of shared arrays are kept */
  shelf: Shelf
  /** how long an upload may send nothing */
  uploadIdleMs: number
  /** files that this process may have open */
  openFiles: number
  /** who is let in */
  door: DoorRules
  /** certificate and key, PEM; without them it speaks plain HTTP */
  tls?: { readonly cert: string; readonly key: string } | undefined
  /** how the daemon is asked to go down */
  goDown: GoDown
  /** of the program */
  version: string
  /** called before the routes are there, to write the contract from them */
  describe?: (app: FastifyInstance) => Promise<unknown>
}

/** The HTTP interface, ready to listen. Closing it answers waiting calls at once and closes its sockets with 1001. */
export async function buildApp({
  workshop,
  feed,
  machine,
  policies,
  logger,
  maxRows,
  shelf,
  uploadIdleMs,
  openFiles,
  door,
  tls,
  goDown,
  version,
  describe,
}: House): Promise<FastifyInstance> {
  const app = fastify({
    ...(door.basePath !== '' && { rewriteUrl: withoutBase(door.basePath) }),
    // a server of the other sort has the same calls
    ...((tls && { https: tls }) as object),
    // no logger for each request, of which most log nothing: what is logged names the request
    loggerInstance: childless(logger),
    logController: new RequestLog(),
    // we refuse by ourselves while closing, with a problem
    return503OnClosing: false,
    routerOptions: { maxParamLength: nameLength },
    clientErrorHandler: answerNoRequest,
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
    // fastify's own compilers, which are not used, would take a third of the start to load
    schemaController: { compilersFactory: { buildValidator: unused, buildSerializer: unused } },
  }).withTypeProvider<TypeBoxTypeProvider>()
  boundConnections(app.server, openFiles, logger)
  app.setValidatorCompiler(validatorCompiler)
  // tsc holds handlers to their schemas; a generated serialiser would only repeat that, slower, and drop what attempts carry besides
  app.setSerializerCompiler(() => JSON.stringify)
  const answerNotFound = notFoundAnswerer(notingMethods(app))
  // of a route that there is not, a body that cannot be read matters to nobody
  app.setErrorHandler((error: Error, request, reply) =>
    request.is404 && !isOfDoor(error) ? answerNotFound(request, reply) : answerProblem(error, request, reply),
  )
  app.setNotFoundHandler(answerNotFound)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', ({ headers }: FastifyRequest, payload: IncomingMessage, done) =>
    readText(payload, headers, uploadIdleMs, (error, text = '') => {
      let body
      try {
        if (error) throw error
        body = parsed(text)
      } catch (fault) {
        return done(fault as Error)
      }
      done(null, body)
    }),
  )
  for (const schema of [...namedSchemas, ...doorSchemas]) app.addSchema(schema)

  const closing = new AbortController()
  app.addHook('onRequest', (_request, _reply, done) =>
    done(closing.signal.aborted ? new Refusal('draining', 'taylord stops; ask again when it is back') : undefined),
  )
  await openDoor(app, door)
  answerOnce(app, workshop)
  app.addHook('onSend', leaveOut)
  app.addHook('onSend', gzipped)
  await describe?.(app)
  await app.register(websocket, {
    options: { maxPayload: clientMessageBytes, perMessageDeflate: compression, handleProtocols: chosenProtocol },
    errorHandler: (error, socket, request) => {
      request.log.debug({ reqId: request.id, err: error }, 'a socket broke')
      socket.terminate()
    },
    preClose(done) {
      closing.abort()
      sayGoodbye(this.websocketServer)
      this.websocketServer.close()
      done()
    },
  })
  holdSockets(app.websocketServer)
  const stopPings = keepAlive(app.websocketServer)
  app.addHook('onClose', async () => stopPings())

  await app.register(bosses, { workshop, maxRows, shelf })
  await app.register(instructions, { workshop, maxRows, uploadIdleMs, closing: closing.signal })
  await app.register(orders, { workshop })
  await app.register(signals, { workshop, uploadIdleMs })
  await app.register(report, { workshop, closing: closing.signal })
  await app.register(arrays, { workshop, shelf, uploadIdleMs })
  await app.register(events, { workshop, feed, closing: closing.signal })
  await app.register(house, { workshop })
  await app.register(schedulers, { machine, policies })
  await app.register(prune, { workshop })
  await app.register(tokens, { keyring: door.keyring })
  await app.register(probes, { workshop })
  await app.register(metrics, { workshop, version, openFiles })
  await app.register(contract, { basePath: door.basePath })
  await app.register(dashboard)
  await app.register(drain, { workshop, goDown, uploadIdleMs })
  return app
}

/** Own parser, because the one of fastify hides what is wrong and where. An empty body is none, which fastify hands on as null: a null is none either. */
function parsed(text: string): unknown {
  if (text === '') return null
  const value = parseJson(text, () => ({ what: 'the body' }))
  if (value === null) throw invalid('the body is null; send a JSON object, or nothing where nothing needs to be said')
  return value
}

/** A logger that is its own child. */
function childless(logger: FastifyBaseLogger): FastifyBaseLogger {
  const one = Object.create(logger, { child: { value: () => one } }) as FastifyBaseLogger
  return one
}

const unused = (): never => {
  throw new Error('a route has no compiler of ours')
}
