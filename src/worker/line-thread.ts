import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads'
import { parseRunFile, pipes, type Hello, type KeepFrame, type PingFrame, type RunState, type StopFrame } from '../frames.js'
import { descendantsOf, signalAll } from '../processes.js'
import * as libc from './libc.js'
import { claim, shared, type FromLine, type LineData } from './line.js'
import { listenTo } from './wire.js'

/** Lines that are longer are work. */
const longestOrder = 4096
/** Before the daemon has said how long the lease is. */
const firstLeaseMs = 30_000
/** What `scancel` gets to reach Slurm. */
const cancelMs = 1000
/** What a host gets beyond the grace to end by itself, with its report, what its task left running. */
const marginMs = 250
/** What has been said gets so long to go. */
const goingMs = 250
/** When a row runs for longer, the host looks at what came in before it begins the next: `sliceMs` of worker/main.ts, and some. */
const blockedMs = 3
/** A timer of Node's cannot be set for longer. */
const longestMs = 2 ** 31 - 1

const { run, numbers } = workerData as LineData
const main = parentPort as MessagePort
const outbox = new Socket({ fd: pipes.fromHost, readable: false, writable: true })
let leaseMs: number | undefined = firstLeaseMs
let heardAt = performance.now()
let requests = 0
/** Programs do not block the main thread, tasks do. */
let isJs = false
let isLeaving = false
/** The daemon has said hello, which may be long. */
let isGreeted = false
let judging: NodeJS.Timeout | undefined

function hear(lines: string[]): void {
  heardAt = performance.now()
  const orders = lines.map((line, i) => (line.length > longestOrder && (isGreeted || i > 0) ? undefined : (JSON.parse(line) as Order)))
  isGreeted = true
  // first: what a stop ends here is no surprise there
  tellMain(lines.filter((_, i) => !isOurs(orders[i])))
  for (const order of orders) if (order) heed(order)
}

type Order = Hello | KeepFrame | StopFrame | PingFrame | { readonly ids: unknown } | { readonly ack: number }

/** Whether the main thread has nothing to do with it. */
const isOurs = (order: Order | undefined) => order !== undefined && ('ping' in order || 'ack' in order)

/** Does what must not wait for a task. */
function heed(order: Order): void {
  if ('hello' in order) {
    leaseMs = order.hello.lease && order.hello.lease.seconds * 1000
    isJs = order.hello.role === 'js'
    judge()
  } else if ('keep' in order) giveBack(order, ++requests)
  else if ('stop' in order) stop(order)
  else if ('ping' in order) say(Buffer.from(`{"pong":${order.ping}}\n`), 0)
}

/** @param counted bytes that the main thread waits for. */
function say(bytes: Uint8Array, counted = bytes.length): void {
  outbox.write(bytes, () => {
    Atomics.add(numbers, shared.gone, counted)
    Atomics.notify(numbers, shared.gone)
  })
}

/** Says what the main thread has handed over, and has not been heard here yet. */
function catchUp(): void {
  for (let got: { message: Uint8Array } | undefined; (got = receiveMessageOnPort(main) as typeof got); ) say(got.message)
}

function tellMain(told: FromLine): void {
  main.postMessage(told)
}

/** Rows that a task keeps the main thread from giving back: once a row runs while the request is there, it is known which have not begun. */
function giveBack({ f, keep }: KeepFrame, no: number): void {
  const before = isJs ? running() : undefined
  if (!before || before.loading || before.f > f) return
  setTimeout(() => {
    // twice: it may be read while it is written
    if (![running(), running()].every((now) => now && !now.loading && now.f === before.f && now.row === before.row)) return
    if (!claim(numbers, no)) return
    catchUp()
    say(Buffer.from(`{"f":${f},"kept":${before.f === f ? Math.max(keep, before.row + 1) : keep}}\n`), 0)
  }, blockedMs)
}

/** A task may never hear that it is to stop: what it started is asked to end, and behind the grace it ends with the host. */
function stop({ f, stop: row, grace_ms: graceMs }: StopFrame): void {
  if (!isJs) return
  const runs = () => {
    const now = running()
    return now?.f === f && now.row === row
  }
  if (runs()) signalAll(charges(), 'SIGTERM')
  setTimeout(
    () => {
      if (!runs()) return
      catchUp()
      const going = new Promise<void>((resolve) => outbox.write('', () => resolve()))
      void Promise.race([going, sleep(goingMs)]).then(() => (runs() ? end() : undefined))
    },
    Math.min(graceMs + marginMs, longestMs),
  )
}

/** Waits for the end of the lease. */
function judge(): void {
  clearTimeout(judging)
  if (leaseMs === undefined) return
  const left = heardAt + leaseMs - performance.now()
  judging = setTimeout(() => void judgeLate(), Math.min(Math.max(left, 0), longestMs))
}

/** A process that was stopped for a while finds what the daemon said meanwhile still in the pipe: it is looked at first. */
async function judgeLate(): Promise<void> {
  await turn()
  await turn()
  if (leaseMs === undefined || performance.now() - heardAt < leaseMs) return judge()
  complain(`no word from the daemon for ${leaseMs / 1000} s: this host ends, and its job`)
  isLeaving = true
  tellMain(null)
  signalAll(charges(), 'SIGKILL')
  await cancelJob()
  end()
}

/** What holds Slurm's job may not hear that this host is gone. */
async function cancelJob(): Promise<void> {
  const job = process.env['SLURM_JOB_ID']
  if (job === undefined) return
  const scancel = spawn('scancel', [job], { stdio: 'ignore', detached: true })
  await Promise.race([new Promise((resolve) => scancel.once('exit', resolve).once('error', resolve)), sleep(cancelMs)])
}

/** The daemon is gone, or wants this host to go. */
function leave(code: number): void {
  if (isLeaving) return
  signalAll(charges(), 'SIGKILL')
  clear()
  libc.exit(code)
}

function end(): never {
  signalAll(charges(), 'SIGKILL')
  clear()
  process.kill(process.pid, 'SIGKILL')
  throw new Error('it lives on')
}

function clear(): void {
  try {
    rmSync(run.dir, { recursive: true, force: true })
  } catch {
    // its guard, or another host, tries again
  }
}

function state(): RunState | undefined {
  try {
    return parseRunFile(readFileSync(run.file))
  } catch {
    return undefined
  }
}
const running = () => state()?.running

/** All that is below this host, but its guard. */
const charges = () => descendantsOf(process.pid, state()?.guard)

/** The thread's own `process.stderr` goes through the main thread, which may be busy for long. */
function complain(text: string): void {
  try {
    writeSync(2, `${text}\n`)
  } catch {
    // nobody reads it
  }
}

listenTo(hear, () => leave(0))
main.on('message', say)
outbox.on('error', () => leave(1)) // nobody reads any more
process.on('uncaughtException', (error) => {
  complain(error.stack ?? error.message)
  leave(1)
})
judge()
