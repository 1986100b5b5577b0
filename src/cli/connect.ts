import { existsSync, readFileSync } from 'node:fs'
import type { buildConnector } from 'undici'
import { bodyOf, Client, Refused, Unreachable, type Boss, type BossRef } from '../client/client.js'
import type { Operator } from '../store/operator.js'
import { BadUsage, type Asked } from './verb.js'

/** The daemon that is meant. @throws {BadUsage} */
export async function clientOf(asked: Asked): Promise<Client> {
  const [source, url] = serverOf(asked)
  assertUrl(source, url)
  const token = tokenOf(asked)
  // the paths of the contract begin with it
  if (!url.startsWith(unix)) return new Client(url.replace(/\/v1\/*$/, ''), { token })
  const socketPath = url.slice(unix.length)
  if (!existsSync(socketPath)) throw new Unreachable(`no daemon answers at ${url}: there is no such socket`)
  await connectBy({ socketPath })
  return new Client('http://localhost', { token })
}

/** The daemon of a data directory, as its owner reaches it. */
export async function clientOfOperator({ url, socket, cert, token }: Operator): Promise<Client> {
  // the certificate is the daemon's own, from its file, whatever name it is made out to
  const trust = cert !== undefined && { ca: cert, allowPartialTrustChain: true, checkServerIdentity: () => undefined }
  if (trust || socket !== undefined) await connectBy({ ...trust, ...(socket !== undefined && { socketPath: socket }) })
  return new Client(url, { token })
}

/** From now on fetch and WebSocket of this process connect so. */
async function connectBy(how: buildConnector.BuildOptions): Promise<void> {
  const { Agent, setGlobalDispatcher } = await import('undici')
  setGlobalDispatcher(new Agent({ connect: how }))
}

const serverOf = (asked: Asked): [source: string, url: string] => {
  const given = asked.text('server')
  return given === undefined ? ['TAYLORD_URL', process.env['TAYLORD_URL'] || standardUrl] : ['--server', given]
}

const unix = 'unix:'
const standardUrl = 'http://127.0.0.1:8080'

/** @throws {BadUsage} */
export function assertUrl(source: string, url: string): void {
  const isOne = url.startsWith(unix) ? url !== unix : /^https?:$/.test(URL.parse(url)?.protocol ?? '')
  if (!isOne) throw new BadUsage(`${source} takes a URL such as ${standardUrl}, or unix:PATH; it is ${JSON.stringify(url)}`)
}

/** Never an argument: whoever lists processes would see it. */
function tokenOf(asked: Asked): string | undefined {
  const file = asked.text('token-file') ?? (process.env['TAYLORD_TOKEN'] ? undefined : process.env['TAYLORD_TOKEN_FILE'])
  if (!file) return process.env['TAYLORD_TOKEN'] || undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new BadUsage(`the token file ${file} cannot be read: ${(error as Error).message}`)
  }
}

/** The Boss that is meant: an id, a name, or `last`. @throws {Refused} not-found when there is none yet. */
export async function bossOf(client: Client, named: string): Promise<BossRef> {
  if (named !== 'last') return named
  const { items } = await bodyOf(client.api.GET('/v1/bosses', { params: { query: { order: 'newest', limit: 1 } } }))
  if (!items[0]) throw new Refused(404, 'not-found', 'there is no Boss yet')
  return items[0].id
}

/** How a Boss is called in a sentence. */
export const nameOf = ({ id, name }: Pick<Boss, 'id' | 'name'>): string => `Boss ${id}${name === undefined ? '' : ` ${name}`}`

/** How many instructions it has. */
export const totalOf = ({ counts }: Pick<Boss, 'counts'>): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

/** Whether all that it had was done. */
export const hasSucceeded = ({ status, counts }: Boss): boolean => status === 'finished' && counts.failed + counts.cancelled === 0
