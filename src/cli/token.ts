import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bodyOf, Refused, Unreachable, type Client, type components } from '../client/client.js'
import { lock } from '../store/lock.js'
import { openForWriting } from '../store/open.js'
import { findOperator } from '../store/operator.js'
import { longestSeconds, mint, readTokens, roles, writeTokens, type Token, type TokenRole } from '../store/tokens.js'
import { UnusableDatabase } from '../store/unusable.js'
import { clientOf, clientOfOperator } from './connect.js'
import { told } from './database.js'
import { remark, say, sayJson } from './output.js'
import { BadUsage, type Asked } from './verb.js'

type Shown = components['schemas']['Token']
type Made = components['schemas']['NewToken']

/** Where tokens are kept: a daemon, or a data directory on which none runs. What is refused is thrown as `Refused`. */
interface Keeper {
  create(name: string, role: TokenRole, expiresIn: number | undefined): Promise<Made>
  list(): Promise<readonly Shown[]>
  revoke(which: string): Promise<unknown>
}

/** `taylord token create NAME`, `ls` and `revoke NAME|ID`. */
export async function token(asked: Asked): Promise<number> {
  const [verb = '', ...operands] = asked.operands
  if (!Object.hasOwn(verbs, verb)) throw new BadUsage(`token takes create, ls or revoke, not "${verb}"; ${asked.help}`)
  const { takes, act } = verbs[verb as keyof typeof verbs]
  if (operands.length !== (takes === undefined ? 0 : 1))
    throw new BadUsage(`token ${verb} takes ${takes === undefined ? 'nothing more' : `one ${takes}`}; ${asked.help}`)
  if (verb !== 'create' && (asked.flag('role') || asked.flag('expires-in')))
    throw new BadUsage(`token ${verb} takes no --role and no --expires-in; ${asked.help}`)
  return told(() => act(asked, operands[0] ?? ''))
}

const verbs = {
  create: { takes: 'NAME', act: create },
  ls: { takes: undefined, act: list },
  revoke: { takes: 'NAME or ID', act: revoke },
}

async function create(asked: Asked, name: string): Promise<number> {
  if (!/^[A-Za-z_][\w.-]{0,127}$/.test(name))
    throw new BadUsage(`a name begins with a letter or _; letters, digits and _ . - may follow, at most 128 characters; it is "${name}"`)
  const given = asked.text('role') ?? 'submit'
  const role = roles.find((known) => known === given)
  if (!role) throw new BadUsage(`--role takes ${roles.join(', ')}; it is "${given}"`)
  const seconds = asked.seconds('expires-in')
  if (seconds === 0 || (seconds ?? 0) > longestSeconds) throw new BadUsage('--expires-in takes a time of more than 0 and at most 36500d')
  const made = await (await keeperOf(asked)).create(name, role, seconds)
  await (asked.flag('json') ? sayJson(made) : say(`${made.token}\n`))
  remark(`${lineOf(made)}\nThis is the only time that the token is told; send it as "Authorization: Bearer TOKEN".`)
  return 0
}

async function list(asked: Asked): Promise<number> {
  const items = await (await keeperOf(asked)).list()
  await (asked.flag('json') ? sayJson({ items }) : say(items.map((item) => `${lineOf(item)}\n`).join('')))
  return 0
}

async function revoke(asked: Asked, which: string): Promise<number> {
  await (await keeperOf(asked)).revoke(which)
  if (asked.flag('json')) await sayJson({ revoked: which })
  else remark(`revoked ${which}`)
  return 0
}

const lineOf = ({ id, name, role, expires_at: expiresAt }: Shown) => {
  const until =
    expiresAt === undefined ? 'does not expire' : Date.parse(expiresAt) > Date.now() ? `until ${expiresAt}` : `expired ${expiresAt}`
  return `${id} ${name} ${role} ${until}`
}

async function keeperOf(asked: Asked): Promise<Keeper> {
  const data = asked.text('data')
  if (asked.flag('server') && data !== undefined) throw new BadUsage('--server and --data are two ways to the same; give one')
  if (asked.flag('server') || (data === undefined && process.env['TAYLORD_URL'])) return atDaemon(await clientOf(asked))
  const directory = data ?? (process.env['TAYLORD_DATA'] || 'taylord-data')
  const file = join(resolve(directory), 'taylord.db')
  // elsewhere than its daemon has it, a new one would let its owner believe that the daemon is closed
  if (!existsSync(file) && (data === undefined || asked.operands[0] !== 'create'))
    throw new BadUsage(
      `there is no ${join(directory, 'taylord.db')}; --data DIR says where the daemon has its data, --server URL where it listens` +
        (asked.operands[0] === 'create' ? '; before its first start, --data DIR makes it' : ''),
    )
  if (!existsSync(directory)) mkdirSync(directory)
  let unlock
  try {
    unlock = lock(file)
  } catch (error) {
    if (!(error instanceof UnusableDatabase)) throw error
    const operator = findOperator(directory)
    if (!operator) throw new Unreachable(`${error.message.split(';')[0]}, and it does not listen yet; try again in a moment`)
    return atDaemon(await clientOfOperator(operator))
  }
  return inFile(file, unlock)
}

/** Asks a daemon. */
function atDaemon({ api }: Client): Keeper {
  return {
    create: (name, role, expiresIn) =>
      bodyOf(api.POST('/v1/tokens', { body: { name, role, ...(expiresIn !== undefined && { expires_in: expiresIn }) } })),
    list: async () => (await bodyOf(api.GET('/v1/tokens'))).items,
    revoke: (which) => api.DELETE('/v1/tokens/{token}', { params: { path: { token: which } } }),
  }
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
        throw new Refused(409, 'name-taken', `there is a token with the name "${name}"; revoke it, or take another name`)
      const made = mint(name, role, expiresIn)
      change({ type: 'token.made', token: made.token })
      return { ...shown(made.token), token: made.secret }
    },
    list: async () => tokens().map(shown),
    async revoke(which) {
      const found = tokens().find(({ id, name }) => name === which || String(id) === which)
      if (!found) throw new Refused(404, 'not-found', `there is no token ${which}; taylord token ls lists them`)
      change({ type: 'token.revoked', id: found.id })
    },
  }
}
