import { existsSync, mkdirSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { lock } from '../store/lock.js'
import { openForWriting } from '../store/open.js'
import { findOperator, type Operator } from '../store/operator.js'
import { UnusableDatabase } from '../store/unusable.js'
import { mint, readTokens, roles, writeTokens, type Token, type TokenRole } from '../store/tokens.js'
import { BadUsage } from './verb.js'

const options = {
  role: { type: 'string' },
  'expires-in': { type: 'string' },
  data: { type: 'string' },
  server: { type: 'string' },
  json: { type: 'boolean' },
} as const
const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const
const refused = 1
const badUsage = 2
const notFound = 3
const unreachable = 4

/** It was not done. */
class NotDone extends Error {
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message)
  }
}

/** A token as it is shown. */
interface Shown {
  readonly id: number
  readonly name: string
  readonly role: TokenRole
  readonly created_at: string
  readonly expires_at?: string
}

/** Where tokens are kept: a daemon, or a data directory on which none runs. */
interface Keeper {
  create(name: string, role: TokenRole, expiresIn: number | undefined): Promise<Shown & { readonly token: string }>
  list(): Promise<readonly Shown[]>
  revoke(which: string): Promise<void>
}

/**
 * `taylord token`.
 * @param data data directory when none is given.
 * @returns the exit code.
 */
export async function token(args: readonly string[], data: string): Promise<number> {
  try {
    const { verb, operand, role, expiresIn, json, server, directory } = parsed(args, data)
    const keeper = await keeperOf(server, directory)
    if (verb === 'create') {
      const made = await keeper.create(operand, role, expiresIn)
      process.stdout.write(json ? `${JSON.stringify(made)}\n` : `${made.token}\n`)
      process.stderr.write(`${lineOf(made)}\nThis is the only time that the token is told; send it as "Authorization: Bearer TOKEN".\n`)
    } else if (verb === 'ls') {
      const items = await keeper.list()
      process.stdout.write(json ? `${JSON.stringify({ items })}\n` : items.map((item) => `${lineOf(item)}\n`).join(''))
    } else {
      await keeper.revoke(operand)
      if (json) process.stdout.write(`${JSON.stringify({ revoked: operand })}\n`)
      else process.stderr.write(`revoked ${operand}\n`)
    }
    return 0
  } catch (error) {
    if (!(error instanceof BadUsage || error instanceof UnusableDatabase || error instanceof NotDone)) throw error
    process.stderr.write(`taylord: ${error.message}\n`)
    return error instanceof BadUsage ? badUsage : error instanceof NotDone ? error.code : refused
  }
}

const lineOf = ({ id, name, role, expires_at: expiresAt }: Shown) => {
  const until =
    expiresAt === undefined ? 'does not expire' : Date.parse(expiresAt) > Date.now() ? `until ${expiresAt}` : `expired ${expiresAt}`
  return `${id} ${name} ${role} ${until}`
}

async function keeperOf(server: string | undefined, directory: string): Promise<Keeper> {
  if (server !== undefined) return atDaemon({ url: server, token: process.env['TAYLORD_TOKEN'] ?? '' })
  if (!existsSync(directory)) mkdirSync(directory)
  const file = join(resolve(directory), 'taylord.db')
  let unlock
  try {
    unlock = lock(file)
  } catch (error) {
    if (!(error instanceof UnusableDatabase)) throw error
    const operator = findOperator(directory)
    if (!operator) throw new NotDone(`${error.message.split(';')[0]}, and it does not listen yet; try again in a moment`, unreachable)
    return atDaemon(operator)
  }
  return inFile(file, unlock)
}

/** Changes the database of a daemon that does not run. The lock is given back when this process ends. */
function inFile(file: string, unlock: () => void): Keeper {
  const db = openForWriting(file)
  process.once('exit', () => {
    db.close()
    unlock()
  })
  const change = writeTokens(db)
  const { tokens } = readTokens(db)
  const shown = ({ id, name, role, createdAt, expiresAt }: Token): Shown => ({
    id,
    name,
    role,
    created_at: new Date(createdAt).toISOString(),
    ...(expiresAt !== undefined && { expires_at: new Date(expiresAt).toISOString() }),
  })
  return {
    async create(name, role, expiresIn) {
      if (tokens().some((other) => other.name === name))
        throw new NotDone(`there is a token with the name "${name}"; revoke it, or take another name`, refused)
      const made = mint(name, role, expiresIn)
      change({ type: 'token.made', token: made.token })
      return { ...shown(made.token), token: made.secret }
    },
    list: async () => tokens().map(shown),
    async revoke(which) {
      const found = tokens().find(({ id, name }) => name === which || String(id) === which)
      if (!found) throw new NotDone(`there is no token ${which}; taylord token ls lists them`, notFound)
      change({ type: 'token.revoked', id: found.id })
    },
  }
}

/** Asks a daemon. */
function atDaemon(operator: Operator): Keeper {
  return {
    create: (name, role, expiresIn) =>
      ask(operator, 'POST', '/v1/tokens', { name, role, ...(expiresIn !== undefined && { expires_in: expiresIn }) }),
    list: async () => (await ask<{ items: Shown[] }>(operator, 'GET', '/v1/tokens')).items,
    revoke: (which) => ask(operator, 'DELETE', `/v1/tokens/${encodeURIComponent(which)}`),
  }
}

async function ask<T>({ url, socket, cert, token: secret }: Operator, method: string, path: string, json?: unknown): Promise<T> {
  const to = new URL(url.replace(/\/+$/, '') + path)
  const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const request = to.protocol === 'https:' ? tlsRequest : plainRequest
    const headers = {
      ...(secret !== '' && { authorization: `Bearer ${secret}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
    }
    // the certificate is the daemon's own, from its file, whatever name it is made out to
    const trust = cert !== undefined && { ca: cert, allowPartialTrustChain: true, checkServerIdentity: () => undefined }
    const sent = request(to, { method, headers, ...(socket !== undefined && { socketPath: socket }), ...trust })
    sent.once('error', reject)
    sent.once('response', (response) => {
      text(response).then((said) => resolve({ status: response.statusCode ?? 0, body: said }), reject)
    })
    sent.end(json === undefined ? undefined : JSON.stringify(json))
  }).catch((error: Error) => {
    throw new NotDone(`the daemon at ${url} cannot be reached: ${error.message}`, unreachable)
  })
  if (status >= 200 && status < 300) return (body === '' ? undefined : JSON.parse(body)) as T
  const { detail = `it answered ${status}` } = problemOf(body)
  throw new NotDone(status === 401 ? `${detail}; set TAYLORD_TOKEN to the token of an admin` : detail, status === 404 ? notFound : refused)
}

function problemOf(body: string): { readonly detail?: string } {
  try {
    return JSON.parse(body) as { detail?: string }
  } catch {
    return {}
  }
}

const operands: Readonly<Record<string, string | undefined>> = { create: 'NAME', revoke: 'NAME or ID', ls: undefined }

function parsed(args: readonly string[], data: string) {
  let given
  try {
    given = parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    throw new BadUsage(`${(error as Error).message.split(/\.\s/)[0]}; taylord token --help lists its options`)
  }
  const { values, positionals } = given
  const [verb = '', operand = '', ...more] = positionals
  if (!(verb in operands)) throw new BadUsage(`token takes create, ls or revoke, not "${verb}"; taylord token --help tells more`)
  const wanted = operands[verb]
  if ((operand === '') !== (wanted === undefined) || more.length > 0)
    throw new BadUsage(`token ${verb} takes ${wanted === undefined ? 'nothing more' : `one ${wanted}`}; taylord token --help tells more`)
  if (verb !== 'create' && (values.role !== undefined || values['expires-in'] !== undefined))
    throw new BadUsage(`token ${verb} takes no --role and no --expires-in; taylord token --help tells more`)
  const role = roles.find((known) => known === (values.role ?? 'submit'))
  if (!role) throw new BadUsage(`--role takes ${roles.join(', ')}; it is "${values.role}"`)
  if (verb === 'create' && !/^[A-Za-z_][\w.-]{0,127}$/.test(operand))
    throw new BadUsage(`a name begins with a letter or _; letters, digits and _ . - may follow, at most 128 characters; it is "${operand}"`)
  if (values.server !== undefined && values.data !== undefined) throw new BadUsage('--server and --data are two ways to the same; give one')
  const server = values.server ?? (values.data === undefined ? process.env['TAYLORD_URL'] : undefined)
  if (server !== undefined && !/^https?:$/.test(URL.parse(server)?.protocol ?? ''))
    throw new BadUsage(`--server takes a URL such as http://127.0.0.1:8080; it is "${server}"`)
  const time = values['expires-in']
  return {
    verb,
    operand,
    role,
    expiresIn: time === undefined ? undefined : timeOf(time),
    json: values.json ?? false,
    server,
    directory: values.data ?? data,
  }
}

function timeOf(given: string): number {
  const [, number, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(given) ?? []
  if (number === undefined || Number(number) === 0)
    throw new BadUsage(`--expires-in takes a time such as 90s, 15m, 12h or 30d; it is "${given}"`)
  return Number(number) * seconds[unit as keyof typeof seconds]
}
