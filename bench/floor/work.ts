// The floor of work: rows of NDJSON are parsed, written anew and committed; two processes at pipes parse them, do nothing and write a report of
// each; the reports are committed; a GET reads all of them back, and who follows by WebSocket is told. The same bytes on the wire, in the pipes
// and on disk, nothing that decides anything. `node work.ts FILE`; over IPC it sends its address.
import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { FloorFollowers } from './followers.ts'

/** Rows that one commit takes of an append, and rows of a frame; a process has so many frames. */
const [turnRows, frameRows, framesAhead] = [2_000, 100, 4]
const [, , file = ''] = process.argv
const newline = 10

/** The thread that commits: all that it is given at once is one transaction. */
class Table {
  private readonly thread = new Worker(new URL('table.ts', import.meta.url), { workerData: file })
  private waiting: unknown[] = []
  private told: ((said: unknown) => void)[] = []
  private busy: ((said: unknown) => void)[] = []

  constructor() {
    this.thread.on('message', (said: unknown) => {
      const told = this.busy
      this.busy = []
      this.next()
      for (const tell of told) tell(said)
    })
  }

  /** Resolves with what it says when this is on disk. */
  keep(what: unknown): Promise<unknown> {
    return new Promise((resolve) => {
      this.waiting.push(what)
      this.told.push(resolve)
      if (this.waiting.length === 1) setImmediate(() => this.next())
    })
  }

  private next(): void {
    if (this.busy.length > 0 || this.waiting.length === 0) return
    ;[this.busy, this.told] = [this.told, []]
    this.thread.postMessage(this.waiting)
    this.waiting = []
  }
}

const table = new Table()
const followers = new FloorFollowers()
/** Rows that no process has yet, as JSON, from `given` on; `reported` of them are on disk. */
let rows: string[] = []
let [first, given, reported] = [1, 0, 0]
let whole: () => void = () => undefined

const hosts = Array.from({ length: 2 }, () => {
  const host = spawn(process.execPath, [fileURLToPath(new URL('rows.mjs', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] })
  let rest: Buffer = Buffer.alloc(0)
  host.stdout.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let end; (end = rest.indexOf(newline)) >= 0; ) {
      const head = JSON.parse(rest.toString('latin1', 0, end)) as { first: number; n: number; bytes: number }
      if (rest.length < end + 1 + head.bytes) return
      const lines = Uint8Array.from(rest.subarray(end + 1, end + 1 + head.bytes))
      rest = rest.subarray(end + 1 + head.bytes)
      void table.keep({ report: { first: head.first, n: head.n, lines } }).then(() => {
        followers.tell(head.first, head.n, lines)
        reported += head.n
        if (reported === rows.length) whole()
      })
      feed(host.stdin)
    }
  })
  return host.stdin
})

function feed(host: { write(text: string): unknown }): void {
  const a = rows.slice(given, given + frameRows)
  if (a.length === 0) return
  host.write(`{"first":${first + given},"a":[${a.join(',')}]}\n`)
  given += a.length
}

async function append(request: IncomingMessage, response: ServerResponse): Promise<void> {
  first += rows.length
  ;[rows, given, reported] = [[], 0, 0]
  let rest = ''
  let taken = 0
  let written: Promise<unknown> = Promise.resolve()
  const take = async (least: number) => {
    while (rows.length - taken >= least && rows.length > taken) {
      await written
      const texts = rows.slice(taken, taken + turnRows)
      written = table.keep({ rows: { first: first + taken, text: texts.join('\n') } })
      taken += texts.length
    }
  }
  const parse = (line: string) => rows.push(JSON.stringify({ ...(JSON.parse(line) as object), memory: 0, expected_time: 0 }))
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) parse(line)
    await take(turnRows)
  }
  if (rest !== '') parse(rest)
  await take(1)
  await written
  response
    .writeHead(201, { 'content-type': 'application/json' })
    .end(JSON.stringify({ count: rows.length, first, last: first + rows.length - 1 }))
}

/** Has the rows carried out, and sends the reports when all are on disk. */
async function report(response: ServerResponse): Promise<void> {
  const done = new Promise<void>((resolve) => (whole = resolve))
  for (let ahead = 0; ahead < framesAhead; ahead++) for (const host of hosts) feed(host)
  await done
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  for (let after = first - 1; after < first + rows.length - 1; ) {
    const page = (await table.keep({ read: after })) as { lines: Uint8Array; last: number }
    response.write(page.lines)
    after = page.last
  }
  response.end()
}

const server = createServer((request, response) => {
  if (request.method === 'POST') void append(request, response)
  else if (request.url?.endsWith('/report')) void report(response)
  else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 1, pending: rows.length }))
})
server.on('upgrade', (request, socket, head) => followers.take(request, socket, head))
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.once('disconnect', () => process.exit())
