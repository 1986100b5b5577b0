// Follows the events of all Bosses over many WebSockets: some read all, the others shake hands and then read nothing.
// `node followers.ts URL READERS STALLED`; 'ready' when all are connected. Told a number, it waits until each reader was told of so many reports,
// then lets one of the stalled read on until it is told of a gap; it answers how many were told of all, and whether the gap came.
//
// The readers are clients on the daemon's own cores, so they do as little as proves that they were told all: the first counts the reports in
// the bytes, the others hold each message's first and last seq to the message before, and all must end at the same seq.
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const patienceMs = 30_000
/** One that reads on sooner has not stalled in the daemon's eyes. */
const stallMs = 3_000
const [, , url = '', readerCount, stalledCount] = process.argv
const { hostname, port } = new URL(url)

/** What all sockets are read into, one after the other. */
const buffer = Buffer.allocUnsafe(256 * 1024)
const tailBytes = 4096
/** How the frame of a whole text begins. */
const wholeMessage = 0x81
const eventHead = Buffer.from('{"seq":')
const reported = Buffer.from('"type":"instruction.reported"')

function shakeHands(socket: Socket): void {
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET /v1/events HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  )
}

/** Reads messages without keeping them. */
class Reader {
  last = 0
  reports = 0
  hasMissed = false
  private greeted = false
  private header = Buffer.alloc(0)
  /** of the payload that is being read */
  private left = 0
  /** or else a ping, which may come 30 s after the last one */
  private isMessage = false
  private isStart = false
  private tail = Buffer.alloc(0)

  private readonly counts: boolean

  constructor(counts: boolean) {
    this.counts = counts
  }

  async connect(): Promise<void> {
    const ready = Promise.withResolvers<void>()
    const callback = (n: number, into: Uint8Array) => {
      let chunk = (into as Buffer).subarray(0, n)
      if (!this.greeted) {
        if (!chunk.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(chunk.toString('latin1'))
        this.greeted = true
        ready.resolve()
        chunk = chunk.subarray(chunk.indexOf('\r\n\r\n') + 4)
      }
      this.read(chunk)
      return true
    }
    const socket = connect({ port: Number(port), host: hostname, onread: { buffer, callback } })
    shakeHands(socket)
    await ready.promise
  }

  private read(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.left === 0) {
        this.header = Buffer.concat([this.header, chunk.subarray(at, ++at)])
        const short = (this.header[1] ?? 0) & 127
        if (this.header.length < (short === 127 ? 10 : short === 126 ? 4 : 2)) continue
        this.left = short === 127 ? Number(this.header.readBigUInt64BE(2)) : short === 126 ? this.header.readUInt16BE(2) : short
        this.isMessage = this.header[0] === wholeMessage
        this.header = Buffer.alloc(0)
        this.tail = Buffer.alloc(0)
        this.isStart = true
        continue
      }
      const part = chunk.subarray(at, at + this.left)
      at += part.length
      this.left -= part.length
      if (this.isMessage) this.look(part)
    }
  }

  /** Looks at the next part of a message. */
  private look(part: Buffer): void {
    const joined = this.tail.length > 0 ? Buffer.concat([this.tail, part.subarray(0, tailBytes)]) : part
    if (this.isStart && joined.length > 32) {
      this.isStart = false
      const first = seqAt(joined, 1)
      if (this.last > 0 && first !== this.last + 1) this.hasMissed = true
    }
    if (this.counts) {
      const seam = this.tail.subarray(Math.max(0, this.tail.length - reported.length + 1))
      this.reports += count(Buffer.concat([seam, part.subarray(0, reported.length - 1)])) + count(part)
    }
    this.tail = Buffer.from(part.length >= tailBytes ? part.subarray(-tailBytes) : Buffer.concat([this.tail, part]).subarray(-tailBytes))
    if (this.left > 0) return
    const head = this.tail.lastIndexOf(eventHead)
    this.last = head < 0 ? Number.NaN : seqAt(this.tail, head)
  }
}

const seqAt = (text: Buffer, head: number) => Number.parseInt(text.toString('latin1', head + eventHead.length, head + 24), 10)

function count(bytes: Buffer): number {
  let n = 0
  for (let from = bytes.indexOf(reported); from >= 0; from = bytes.indexOf(reported, from + reported.length)) n++
  return n
}

/** One that takes nothing once its hands are shaken, until it is resumed. */
class Stalled {
  heardOfGap = false
  private tail = ''
  private isResumed = false
  private socket: Socket | undefined

  async connect(): Promise<void> {
    const ready = Promise.withResolvers<void>()
    const callback = (n: number, into: Uint8Array) => {
      const text = this.tail + (into as Buffer).toString('latin1', 0, n)
      if (!this.isResumed && !text.startsWith('HTTP/1.1 101')) throw new Error(text)
      ready.resolve()
      this.heardOfGap ||= text.includes('"type":"gap"')
      this.tail = text.slice(-20)
      return this.isResumed
    }
    this.socket = connect({ port: Number(port), host: hostname, onread: { buffer, callback } })
    shakeHands(this.socket)
    await ready.promise
  }

  resume(): void {
    this.isResumed = true
    this.socket?.resume()
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + patienceMs; !condition() && Date.now() < end; ) await sleep(10)
}

const readers = Array.from({ length: Number(readerCount) }, (_, at) => new Reader(at === 0))
await Promise.all(readers.map((reader) => reader.connect()))
const stalled = Array.from({ length: Number(stalledCount) }, () => new Stalled())
for (const one of stalled) await one.connect()

process.once('message', (n) => {
  void (async () => {
    const [counter] = readers
    const isComplete = (reader: Reader) => counter?.reports === Number(n) && reader.last === counter.last && !reader.hasMissed
    await until(() => readers.every(isComplete))
    await sleep(stallMs)
    const [one] = stalled
    one?.resume()
    await until(() => one?.heardOfGap ?? true)
    process.send?.({ complete: readers.filter(isComplete).length, gap: one?.heardOfGap ?? true }, () => process.exit())
  })()
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
