import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction, RouteOptions } from 'fastify'
import type { WebSocketServer } from 'ws'
import { Refusal } from '../../boss/errors.js'
import type { Token, TokenRole } from '../../store/tokens.js'
import { checkHost, checkOrigin } from './addresses.js'
import { leadUnder } from './base-path.js'
import { addProblems } from '../route-schema.js'
import { doorCodes } from './documents.js'
import { Keyring, nobody, type Holder } from './keyring.js'
import { Rate } from './rate.js'
import { includes, leastRole } from './roles.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** whose keys of idempotency these are: `ID:`, or '' of those without a token */
    caller: string
    /** what it was let in by; undefined where none is asked for */
    token: Token | undefined
  }
  interface FastifyContextConfig {
    /** the least role that may call this route */
    role?: TokenRole | 'none'
    /** pages of other origins may not call it */
    ownPages?: boolean
  }
}

/** Who is let in. */
export interface DoorRules {
  readonly keyring: Keyring
  /** Names under which browsers may reach the daemon; undefined: none was given */
  readonly allowedHosts: readonly string[] | undefined
  readonly allowedOrigins: readonly string[]
  /** Requests a second of one token */
  readonly rateLimit: number | undefined
  /** It is reached by https. */
  readonly tls: boolean
  /** Path under which a proxy shows it; '' for none */
  readonly basePath: string
}

/** Everybody is let in: for an app that only its maker reaches, such as the one that the contract is written from. */
export const unguarded = (): DoorRules => ({
  keyring: new Keyring(false),
  allowedHosts: undefined,
  allowedOrigins: [],
  rateLimit: undefined,
  tls: false,
  basePath: '',
})

const challenge = 'Bearer realm="taylord"'
const subprotocol = 'taylord'
const inSubprotocol = /(?:^|,)\s*taylord\.bearer\.([^\s,]+)/
/** What browsers are told with every answer: to take nothing for a page, to show it in none, to load nothing, to tell nobody where it was. */
const headers = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
}

/** What pages of other origins may send, and read of an answer. */
const cors = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['authorization', 'content-type', 'prefer', 'idempotency-key', 'last-event-id', 'traceparent'],
  exposedHeaders: ['location', 'link', 'retry-after', 'preference-applied', 'idempotency-replayed'],
  maxAge: 3600,
}

/** Stands before all routes: host, origin, token, role, rate. To be called before there is any. */
export async function openDoor(app: FastifyInstance, rules: DoorRules): Promise<void> {
  const { keyring, tls, allowedHosts, allowedOrigins } = rules
  const rate = rules.rateLimit === undefined ? undefined : new Rate(rules.rateLimit)
  const always = { ...headers, ...(tls && { 'strict-transport-security': 'max-age=15552000' }) }
  if (allowedOrigins.length > 0) {
    const { default: plugin } = await import('@fastify/cors')
    await app.register(plugin, { ...cors, origin: [...allowedOrigins] })
  }
  if (rules.basePath !== '') leadUnder(app, rules.basePath)
  app.addHook('onRoute', describeRoute)
  app.decorateRequest('caller', '')
  app.decorateRequest('token', undefined)
  /** The name that was asked for last and may be: mostly the next one asks for the same. */
  let usual: string | undefined

  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => {
    reply.headers(always)
    const { role: least = 'read', ownPages = changes(request.method) } = request.routeOptions.config
    if (least === 'none') return done()
    try {
      // a page has no token to show, so where one is asked for the name that led it here gives it nothing
      const { host } = request.headers
      if ((!keyring.isAsked || allowedHosts) && host !== usual) {
        checkHost(request.headers, allowedHosts ?? [])
        usual = host
      }
      if (ownPages) checkOrigin(request.headers, allowedOrigins)
      const token = keyring.isAsked ? letIn(keyring, request, least) : undefined
      request.token = token
      if (token) request.caller = `${token.id}:`
      rate?.count(token ?? nobody)
      holdOpen(keyring, token ?? nobody, request, reply)
      done()
    } catch (error) {
      const { code, facts } = error as Refusal
      if (code === 'unauthorized') reply.header('www-authenticate', challenge)
      if (code === 'too-many-requests') reply.header('retry-after', facts['retry_after'])
      done(error as Error)
    }
  })
  app.addHook('onClose', async () => keyring.close())
}

/** Routes say what the door asks and refuses, in the contract, too. */
function describeRoute(route: RouteOptions): void {
  const role = leastRole(String(route.method), route.url)
  const ownPages = changes(String(route.method)) || 'wsHandler' in route
  route.config = { ...route.config, role, ownPages }
  if (!route.schema || role === 'none') return
  route.schema = { ...route.schema, security: [{}, { token: [] }] }
  addProblems(route, ...doorCodes(role, ownPages))
}

/** Whether a method does more than read. */
const changes = (method: string) => method !== 'GET' && method !== 'HEAD'

/** @throws {Refusal} unauthorized, forbidden. */
function letIn(keyring: Keyring, { raw, method, routeOptions }: FastifyRequest, least: TokenRole): Token {
  const secret = secretOf(raw)
  if (secret === undefined)
    throw new Refusal('unauthorized', 'this daemon asks for a token: send "Authorization: Bearer TOKEN"; `taylord token create` makes one')
  const token = keyring.find(secret)
  if (!token)
    throw new Refusal('unauthorized', 'this token is not known here, has expired or was revoked; `taylord token create` makes another')
  if (includes(token.role, least)) return token
  throw new Refusal(
    'forbidden',
    `${method} ${routeOptions.url ?? 'this'} needs a token with the role ${least}; "${token.name}" has the role ${token.role}`,
    { asked: least, available: token.role },
  )
}

/** The token that came with a request. Browsers can set no header on a WebSocket, but a subprotocol. */
function secretOf({ headers }: IncomingMessage): string | undefined {
  const [, bearer] = /^Bearer +(\S+)\s*$/i.exec(headers.authorization ?? '') ?? []
  if (bearer !== undefined || headers.upgrade === undefined) return bearer
  return inSubprotocol.exec(headers['sec-websocket-protocol'] ?? '')?.[1]
}

const holders = new WeakMap<IncomingMessage, { keyring: Keyring; token: Holder }>()

/** Cuts the answer off when the token ends before it; a request for a socket is remembered for it. */
function holdOpen(keyring: Keyring, token: Holder, { raw }: FastifyRequest, reply: FastifyReply): void {
  if (raw.headers.upgrade !== undefined) return void holders.set(raw, { keyring, token })
  const release = keyring.hold(token, () => raw.socket.destroy())
  reply.raw.once('close', release)
}

/** Closes sockets with 1008 when the token ends with which they were opened. */
export function holdSockets(server: WebSocketServer): void {
  server.on('connection', (socket, raw) => {
    const holder = holders.get(raw)
    if (!holder) return
    const release = holder.keyring.hold(holder.token, () => socket.close(1008, 'the token has expired or was revoked'))
    socket.once('close', release)
  })
}

/** Which subprotocol a socket gets: never the one that carries a token. */
export const chosenProtocol = (offered: Set<string>) => (offered.has(subprotocol) ? subprotocol : false)

const refusals: readonly unknown[] = ['unauthorized', 'forbidden', 'bad-host', 'bad-origin', 'too-many-requests']
/** Whether somebody was refused at the door, whatever is behind it. */
export const isOfDoor = (error: Error) => error instanceof Refusal && refusals.includes(error.code)
