import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { lineTest as test, type Daemon } from '../support/daemon.js'
import type { Event } from '../support/listener.js'
import { measured, scaled, spread } from '../support/scale.js'
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
  private open = 0
  private last: string | undefined
  private code: number | undefined

  constructor(
    private readonly url: string,
    since?: number,
  ) {
    this.follow(since === undefined ? '' : `?since=${since}`, Infinity)
  }

  /** Waits until all was told. @returns how its first socket was closed, and the last event on it. */
  async untilOver(): Promise<string> {
    await until(() => this.open === 0, 'its sockets close')
    return `${this.code} ${this.last}`
  }

  private follow(query: string, upTo: number): void {
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
  const beside = await carryOut(boss)
  for (const follower of [...live, ...replaying]) {
    expect(await follower.untilOver()).toBe('1000 boss.over')
    expect(follower.reported.subarray(1).every((times) => times === 1)).toBe(true)
  }
  const gaps = live.reduce((sum, follower) => sum + follower.gaps, 0)
  measured('F20', `beside 50 followers: ${beside}; ${gaps} gaps, each asked for again`)
})
