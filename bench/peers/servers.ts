import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, readdirSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Servers {
  /** Variables by which the scripts of the peers find them. */
  readonly env: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** Starts servers of peers on loopback, with their data below `dir`. */
export async function startServers(names: readonly ('redis' | 'postgres')[], dir: string): Promise<Servers> {
  const children: ChildProcess[] = []
  const stop = async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      await ended
    }
  }
  const env: Record<string, string> = {}
  try {
    if (names.includes('redis')) env['REDIS_PORT'] = await startRedis(dir, children)
    if (names.includes('postgres')) env['DATABASE_URL'] = await startPostgres(dir, children)
    return { env, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startRedis(dir: string, children: ChildProcess[]): Promise<string> {
  const data = join(dir, 'redis')
  mkdirSync(data)
  const port = await freePort()
  const args = ['--port', port, '--bind', '127.0.0.1', '--dir', data, '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec']
  children.push(spawn('redis-server', args, { stdio: ['ignore', 'ignore', 'inherit'] }))
  await answers(port)
  return port
}

/** Its defaults, which are fsync at each commit. */
async function startPostgres(dir: string, children: ChildProcess[]): Promise<string> {
  const base = join(dir, 'postgres')
  mkdirSync(base)
  const root = '/usr/lib/postgresql'
  const bin = join(
    root,
    readdirSync(root)
      .toSorted((a, b) => Number(a) - Number(b))
      .at(-1) ?? '',
    'bin',
  )
  // it does not run as root
  const asRoot = process.getuid?.() === 0
  const [command = '', ...before] = asRoot ? ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--init-groups', 'env'] : ['env']
  if (asRoot) chownSync(base, ...idsOf('postgres'))
  const data = join(base, 'data')
  const how = { cwd: base, env: { PATH: process.env['PATH'], HOME: base } }
  const run = (program: string, ...args: string[]) => {
    const { status, stderr } = spawnSync(command, [...before, join(bin, program), ...args], { ...how, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${program} failed: ${stderr}`)
  }
  run('initdb', '-D', data, '-A', 'trust', '-U', 'bench', '--no-instructions')
  const port = await freePort()
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${base}`, 'log_min_messages=fatal']
  const server = [...before, join(bin, 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])]
  children.push(spawn(command, server, { ...how, stdio: ['ignore', 'ignore', 'ignore'] }))
  await answers(port)
  const create = () => run('createdb', '-h', '127.0.0.1', '-p', port, '-U', 'bench', 'bench')
  await eventually(create)
  return `postgres://bench@127.0.0.1:${port}/bench`
}

function idsOf(user: string): [number, number] {
  const [uid, gid] = ['-u', '-g'].map((which) => Number(spawnSync('id', [which, user], { encoding: 'utf8' }).stdout))
  return [uid ?? 0, gid ?? 0]
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return String(port)
}

const answers = (port: string) =>
  eventually(async () => {
    const socket = connect(Number(port), '127.0.0.1')
    try {
      await once(socket, 'connect')
    } finally {
      socket.destroy()
    }
  })

/** Repeats what a server refuses that has not come up yet. */
async function eventually(act: () => Promise<void> | void): Promise<void> {
  for (const end = Date.now() + 20_000; ; await sleep(50)) {
    try {
      return await act()
    } catch (error) {
      if (Date.now() > end) throw error
    }
  }
}
