import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../config.js'
import { isLoopback } from '../http/doors/addresses.js'
import type { DoorRules } from '../http/doors/door.js'
import { Keyring } from '../http/doors/keyring.js'
import { listenOnPort, listenOnSocket, type Listening } from '../http/doors/listen.js'
import { leaveOperator } from '../store/operator.js'
import type { Store } from '../store/store.js'

/** By what way callers come, and who is let in. */
export interface Entrance {
  readonly door: DoorRules
  /** Certificate and key, PEM. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  /** Takes the tokens from the store, and makes the first one if that is wanted. @throws Error that says what to do when everybody could come in. */
  admit(store: Store): Promise<void>
  /** Begins to listen. @throws Error of the system. */
  open(app: FastifyInstance): Promise<Listening>
}

/** Prepares it, while the store opens. @throws Error of the system when a certificate cannot be read. */
export function prepareEntrance(config: Config, log: Logger): Entrance {
  const { data, host, port, doors } = config
  const { socket, basePath, allowedHosts, allowedOrigins, rateLimit } = doors
  const tls = doors.tls && { cert: readFileSync(doors.tls.cert, 'utf8'), key: readFileSync(doors.tls.key, 'utf8') }
  const far = socket === undefined && !isLoopback(host)
  const keyring = new Keyring(far && !doors.allowAnonymous)
  return {
    tls,
    door: { keyring, allowedHosts, allowedOrigins, rateLimit, basePath, tls: tls !== undefined },
    async admit(store) {
      keyring.open(await store.read('tokens'), (change) => store.keepToken(change))
      if (keyring.isAsked && keyring.tokens.length === 0) {
        if (doors.firstToken === undefined) throw new Error(noToken(host, data))
        await makeFirst(keyring, doors.firstToken, log)
      }
      if (far && !keyring.isAsked) log.warn({ host }, 'everybody who reaches this address can run programs here: there is no token')
    },
    async open(app) {
      const { at, release } = await (socket === undefined ? listenOnPort(app, host, port, tls !== undefined) : listenOnSocket(app, socket))
      const forget = leaveOperator(data, {
        ...(socket === undefined ? { url: nearby(at) } : { url: 'http://localhost', socket: at.replace('unix:', '') }),
        ...(tls && { cert: tls.cert }),
        token: keyring.makeOperator(),
      })
      return {
        at,
        release() {
          forget()
          release()
        },
      }
    },
  }
}

/** Under which address this machine itself reaches it. */
const nearby = (at: string) => at.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:')

async function makeFirst(keyring: Keyring, file: string, log: Logger): Promise<void> {
  if (existsSync(file))
    throw new Error(
      `${file} is there, but the database has no token; move the file away to have a new one made, or leave --first-token out`,
    )
  const { secret } = await keyring.make('admin', 'admin', undefined)
  writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: 'wx' })
  log.info({ file }, 'a token for an admin was made and written to this file')
}

const noToken = (host: string, data: string) =>
  `${host} can be reached by others, and there is no token that they would need. Make one: taylord token create admin --role admin --data ${data}, ` +
  'or let everybody in, who can then run programs as this user: TAYLORD_ALLOW_ANONYMOUS=1'
