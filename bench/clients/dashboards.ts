// Stands for open dashboards, as the page asks and follows: `node dashboards.ts URL COUNT`; 'ready' when all follow. Told anything it answers how
// many reports the first was told of, how many calls were answered, and how many ms of CPU this process took since it was ready.
//
// A browser is on another machine, this is on the daemon's own cores: so it has the least priority, and does as little as proves that all were
// told and answered: one reads its events, the others only take what they are sent, and of an answer its status is looked at.
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { setPriority } from 'node:os'
import { WebSocket } from 'ws'
import { askMs } from '../../src/dashboard/frame/crowd.ts'

const [, , url = '', count] = process.argv
const { hostname, port, host } = new URL(url)
setPriority(19)
const eventsPath = '/v1/events?last=5000&brief=true'
/** What Now, the view with the most to ask, asks for, at once, and after how many ms one page alone asks again. */
const asked = [
  [['/v1/resources', '/v1/bosses?order=newest&limit=20'], 2_000],
  [['/v1/workers'], 10_000],
  [['/metrics'], 5_000],
] as const
/** What all sockets are read into, one after the other. */
const buffer = Buffer.allocUnsafe(256 * 1024)
let answered = 0
let reports = 0

/** One connection. @param headOf is called with the first line of each answer. */
function connected(headOf: (status: string) => void): Socket {
  const callback = (n: number, into: Uint8Array) => {
    const start = (into as Buffer).toString('latin1', 0, Math.min(n, 12))
    if (start.startsWith('HTTP/1.1 ')) headOf(start.slice(9))
    return true
  }
  return connect({ port: Number(port), host: hostname, onread: { buffer, callback } })
}

const request = (path: string, ...headers: readonly string[]) => [`GET ${path} HTTP/1.1`, `Host: ${host}`, ...headers, '', ''].join('\r\n')

async function follow(): Promise<void> {
  const ready = Promise.withResolvers<void>()
  const socket = connected((status) => (status === '101' ? ready.resolve() : ready.reject(new Error(`to follow is answered ${status}`))))
  const key = randomBytes(16).toString('base64')
  socket.write(request(eventsPath, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${key}`))
  await ready.promise
}

async function followAndRead(): Promise<void> {
  const socket = new WebSocket(url.replace('http', 'ws') + eventsPath)
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.on('message', (data: Buffer) => {
    for (const { type, n } of JSON.parse(data.toString()) as { type: string; n: number }[])
      if (type === 'instructions.reported') reports += n
  })
}

async function open(at: number): Promise<void> {
  await (at === 0 ? followAndRead() : follow())
  for (const [paths, everyMs] of asked) {
    const calls = paths.map((path) => ({ socket: connected(note), text: request(path, 'Accept-Encoding: gzip') }))
    const ask = () => calls.forEach(({ socket, text }) => socket.write(text))
    const pauseMs = askMs(everyMs, Number(count))
    // not all at once, as nobody opens 50 pages at once
    setTimeout(() => {
      ask()
      setInterval(ask, pauseMs)
    }, Math.random() * pauseMs)
  }
}

function note(status: string): void {
  if (status !== '200') throw new Error(`a call is answered ${status}`)
  answered++
}

await Promise.all(Array.from({ length: Number(count) }, (_, at) => open(at)))
const before = process.cpuUsage()
process.on('message', () => {
  const { user, system } = process.cpuUsage(before)
  process.send?.({ reports, answered, cpuMs: Math.round((user + system) / 1000) })
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
