// Follows the events of all Bosses over many WebSockets: some read all, the others shake hands and then read nothing.
// `node followers.ts URL READERS STALLED`; 'ready' when all are connected. Told a number, it waits until each reader was told of so many reports,
// then lets one of the stalled read on until it is told of a gap; it answers how many were told of all, and whether the gap came.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'

const patienceMs = 30_000
const [, , url = '', readerCount, stalledCount] = process.argv
const { hostname, port } = new URL(url)

/** Reports that each reader was told of; events are counted in the bytes, for what parses them would take a core from the daemon. */
const told: number[] = []
const reported = Buffer.from('"type":"instruction.reported"')

async function reader(at: number): Promise<void> {
  told[at] = 0
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/events`)
  socket.on('message', (data: Buffer) => {
    let n = 0
    for (let from = data.indexOf(reported); from >= 0; from = data.indexOf(reported, from + reported.length)) n++
    told[at] = (told[at] ?? 0) + n
  })
  await once(socket, 'open')
}

async function stalled(): Promise<Socket> {
  const socket = connect(Number(port), hostname)
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET /v1/events HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  )
  const [answer] = (await once(socket, 'data')) as [Buffer]
  if (!answer.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(answer.toString('latin1'))
  return socket.pause()
}

/** Reads on. @returns whether it is told of a gap. */
async function hearsOfGap(socket: Socket): Promise<boolean> {
  let heard = false
  let tail = ''
  socket.on('data', (data: Buffer) => {
    const text = tail + data.toString('latin1')
    heard ||= text.includes('"type":"gap"')
    tail = text.slice(-20)
  })
  socket.resume()
  await until(() => heard)
  return heard
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + patienceMs; !condition() && Date.now() < end; ) await sleep(10)
}

await Promise.all(Array.from({ length: Number(readerCount) }, (_, at) => reader(at)))
const sockets: Socket[] = []
for (let i = 0; i < Number(stalledCount); i++) sockets.push(await stalled())

process.once('message', (n) => {
  void (async () => {
    await until(() => told.every((one) => one >= Number(n)))
    const [one] = sockets
    const gap = one === undefined || (await hearsOfGap(one))
    process.send?.({ complete: told.filter((count) => count === Number(n)).length, gap }, () => process.exit())
  })()
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
