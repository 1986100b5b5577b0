import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { ReportEntry } from '../../src/boss/report.js'
import { lineTest as test, type Daemon } from '../support/daemon.js'
import type { Event } from '../support/listener.js'
import { measured, patience, scaled, spread } from '../support/scale.js'
import { until } from '../support/temp.js'

/** Asks for a Boss until it is over, on a thread that has nothing else to do, and tells how many ms each answer took. */
const asker = `
const { parentPort, workerData } = require('node:worker_threads')
const ask = async () => {
  const took = []
  for (let over = false; !over; ) {
    const asked = performance.now()
    over = (await (await fetch(workerData)).json()).over_at !== undefined
    took.push(performance.now() - asked)
  }
  parentPort.postMessage(took)
}
ask()
`

const n = scaled(2_000, 100_000)

/** A follower that counts what it is told; told of a gap, it asks again for what is in it, as clients shall. */
class Follower {
  /** How often each instruction's end was told, by its id. */
  readonly reported = new Uint8Array(n + 1)
  gaps = 0
  /** Resolves when it follows. */
  readonly opened: Promise<unknown>
  private open = 0
  private last: string | undefined
  private code: number | undefined

  constructor(
    private readonly url: string,
    since?: number,
  ) {
    this.opened = once(this.follow(since === undefined ? '' : `?since=${since}`, Infinity), 'open')
  }

  /** Waits until all was told. @returns how its first socket was closed, and the last event on it. */
  async untilOver(): Promise<string> {
    await until(() => this.open === 0, 'its sockets close')
    return `${this.code} ${this.last}`
  }

  private follow(query: string, upTo: number): WebSocket {
    const socket = new WebSocket(`${this.url}${query}`)
    onTestFinished(() => socket.terminate())
    this.open++
    socket.on('message', (data: Buffer) => {
      for (const event of JSON.parse(data.toString()) as Event[]) {
        if (event.seq > upTo) return socket.close(1000)
        this.hear(event, upTo)
      }
    })
    socket.on('close', (code) => {
      if (upTo === Infinity) this.code = code
      this.open--
    })
    return socket
  }

  private hear({ type, instruction = 0, ...members }: Event, upTo: number): void {
    if (upTo === Infinity) this.last = type
    if (type === 'instruction.reported') this.reported[instruction] = (this.reported[instruction] ?? 0) + 1
    if (type !== 'gap') return
    this.gaps++
    this.follow(`?since=${Number(members['from']) - 1}`, Number(members['to']))
  }
}

const work = (daemon: Daemon) =>
  daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2 },
    start: false,
    common_instructions: { kind: 'noop' },
    individual_instructions: { value: Array<number>(n).fill(1) },
    end: true,
  })

test('50 followers hear all of thousands of instructions, and others are answered meanwhile', async ({ daemon }) => {
  /** Has a Boss do its work. @returns s that it took, and how long others waited for an answer. */
  const carryOut = async (boss: Awaited<ReturnType<typeof work>>) => {
    const began = performance.now()
    const other = new Worker(asker, { eval: true, workerData: `${daemon.url}/v1/bosses/${boss.id}` })
    const answers = once(other, 'message') as Promise<[number[]]>
    await daemon.tell(boss, 'work')
    const [took] = await answers
    return `${((performance.now() - began) / 1000).toFixed(1)} s, others are answered in ${spread(took)}`
  }
  measured('F20', `${n} instructions alone: ${await carryOut(await work(daemon))}`)
  const boss = await work(daemon)
  const path = `${daemon.url.replace('http', 'ws')}/v1/bosses/${boss.id}/events`
  const live = Array.from({ length: 25 }, () => new Follower(path))
  const replaying = Array.from({ length: 25 }, () => new Follower(path, 0))
  await Promise.all(live.map(({ opened }) => opened))
  const beside = await carryOut(boss)
  for (const follower of [...live, ...replaying]) {
    expect(await follower.untilOver()).toBe('1000 boss.over')
    expect(follower.reported.subarray(1).every((times) => times === 1)).toBe(true)
  }
  const gaps = live.reduce((sum, follower) => sum + follower.gaps, 0)
  measured('F20', `beside 50 followers: ${beside}; ${gaps} gaps, each asked for again`)
})

/** Gives a Boss one instruction after the other, on a thread of its own, until it is told to stop; tells when it gave each, in ms of the machine's clock. */
const giver = `
const { parentPort, workerData } = require('node:worker_threads')
const given = []
let stopped = false
parentPort.once('message', () => (stopped = true))
const give = async () => {
  do {
    given.push(Number(process.hrtime.bigint()) / 1e6)
    await fetch(workerData + '/instructions', { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body: '{"kind":"clock"}' })
    await new Promise((resolve) => setTimeout(resolve, 15))
  } while (!stopped)
  parentPort.postMessage(given)
}
give()
`

/**
 * Stands for 50 open pages of the dashboard (src/dashboard), on a thread of its own: the first instructions, then what happens, briefly, and each
 * second the counts of the Boss, each at a time of its own: they are opened within one second. Browsers are on other machines; so that they do not
 * take the daemon's cores from it here, the thread gives way.
 */
const pages = `
const { once } = require('node:events')
const { setPriority } = require('node:os')
const { parentPort, workerData: { url, boss } } = require('node:worker_threads')
const { WebSocket } = require('ws')
setPriority(19)
const ask = async (path) => (await fetch(url + '/v1/bosses/' + boss + path)).text()
const open = () => {
  let asking = ask('/instructions?limit=100')
  const socket = new WebSocket(url.replace('http', 'ws') + '/v1/events?brief=true&last=5000')
  const told = new Promise((resolve) => socket.on('message', (data) => JSON.parse(data.toString()).length > 0 && resolve()))
  const timer = setInterval(() => (asking = asking.then(() => ask(''))), 1000)
  const close = async () => {
    clearInterval(timer)
    await asking
    socket.close()
    await once(socket, 'close')
  }
  return { told, close }
}
const all = []
const opening = setInterval(() => {
  if (all.push(open()) < 50) return
  clearInterval(opening)
  Promise.all(all.map(({ told }) => told)).then(() => parentPort.postMessage('each is told what happens'))
}, 20)
parentPort.once('message', () => Promise.all(all.map(({ close }) => close())).then(() => process.exit()))
`

/** The time that 99 of 100 do not exceed. */
const p99 = (times: readonly number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? NaN

test('what is given beside a million that wait starts as promptly with 50 dashboards open', { timeout: patience(60_000) }, async ({
  daemon,
}) => {
  const crowd = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 1 },
    common_instructions: { kind: 'sleeper', sleeping_time: 0.02 },
    individual_instructions: { value: Array<number>(scaled(10_000, 1_000_000)).fill(1) },
  })
  /** Gives instructions that say when they begin, until something else is done. @returns ms from the POST of each until it began. */
  const giveUntil = async (done: Promise<unknown>): Promise<number[]> => {
    const prompt = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 1 } })
    const thread = new Worker(giver, { eval: true, workerData: `${daemon.url}/v1/bosses/${prompt.id}` })
    const given = once(thread, 'message') as Promise<[number[]]>
    await done
    thread.postMessage('stop')
    const [times] = await given
    await daemon.tell(prompt, 'end')
    const { body } = await daemon.get<{ workers_report: ReportEntry[] }>(`/v1/bosses/${prompt.id}/report?interim=false&limit=10000`, {
      prefer: 'wait=20',
    })
    return body.workers_report.map(({ instruction, report }) => Number(report) - (times[instruction - 1] ?? NaN))
  }
  const giveFor = (ms: number) => giveUntil(new Promise((resolve) => setTimeout(resolve, ms)))
  const alone: number[] = []
  const opening: number[] = []
  const beside: number[] = []
  for (let round = 0; round < scaled(1, 6); round++) {
    alone.push(...(await giveFor(scaled(700, 20_000))))
    const dashboards = new Worker(pages, { eval: true, workerData: { url: daemon.url, boss: crowd.id } })
    opening.push(...(await giveUntil(once(dashboards, 'message'))))
    beside.push(...(await giveFor(scaled(700, 20_000))))
    const ended = once(dashboards, 'exit')
    dashboards.postMessage('close')
    await ended
  }
  const figures = (times: readonly number[]) => `${times.length} in ${spread(times)}, p99 ${p99(times).toFixed(1)} ms`
  for (const times of [alone, opening, beside]) expect(times.length).toBeGreaterThan(0)
  measured(
    'F20',
    `${scaled(10_000, 1_000_000)} waiting, from the POST until it begins: alone ${figures(alone)}; while 50 dashboards are opened ${figures(opening)}; beside them ${figures(beside)}`,
  )
})
