import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { Feed } from '../../dist/feed.js'
import { messageBytes, View } from '../../dist/feed/telling.js'
import { tell } from '../../dist/http/sockets.js'
import { openStore } from '../../dist/store/store.js'
import type { Fact } from '../../src/boss/fact.js'
import { startDaemon, type Daemon } from '../support/daemon.js'
import { Listener, type Event } from '../support/listener.js'
import { memoryOf } from '../support/processes.js'
import { measured, patience, scaled } from '../support/scale.js'
import { tempDir, until } from '../support/temp.js'

const two = { limit: 'threads', max_threads: 2 }
/** After so long one that takes nothing has stalled. */
const stallMs = 2_100
const seqs = (events: readonly Event[]) => events.map(({ seq }) => seq)

/** A Boss whose events are n times 1.5 kB. */
const told = (daemon: Daemon, n: number, settings: Record<string, unknown>) =>
  daemon.hire({
    scheduler: two,
    common_instructions: { kind: 'told', greeting: 'x'.repeat(1000) },
    individual_instructions: { who: Array<string>(n).fill('all') },
    end: true,
    ...settings,
  })

/** Bytes that the kernel has taken for a connection and that are not with its other end. */
function heldByKernel({ localPort, remotePort }: Socket): number {
  const hex = (port = 0) => `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const row = readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, local, remote]) => local?.endsWith(hex(localPort)) && remote?.endsWith(hex(remotePort)))
  return Number.parseInt(row?.[4]?.split(':')[0] ?? '', 16)
}

test('what waits for a follower that takes nothing is one message, whatever it misses', async () => {
  const store = await openStore(join(tempDir(), 'taylord.db'))
  const feed = new Feed(store, 0)
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(async () => {
    for (const socket of server.clients) socket.terminate()
    server.close()
    await store.close()
  })
  await once(server, 'listening')
  const connected = once(server, 'connection') as Promise<[WebSocket, IncomingMessage]>
  const follower = await Listener.open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [socket, request] = await connected
  tell(socket, request.socket, feed, { view: new View({}, 'array'), boss: undefined, since: undefined })
  follower.pause()
  const error = { type: 'Long', message: 'x'.repeat(1_500) }
  const fact: Fact = { type: 'boss.stopping', boss: 1, at: Date.now(), how: 'error', error }
  let most = 0
  const n = scaled(16_000, 1_000_000)
  for (let told = 0; told < n; told += 1_000) {
    const facts = Array<Fact>(1_000).fill(fact)
    feed.publish(facts, await store.commit(facts))
    most = Math.max(most, socket.bufferedAmount)
  }
  // what its system took is not ours; it was given much more than that
  expect(most).toBeGreaterThan(messageBytes / 2)
  expect(most).toBeLessThanOrEqual(messageBytes + 1024)
  expect(heldByKernel(request.socket)).toBeLessThanOrEqual(512 * 1024)
  measured('F22', `of ${n} events of 1.5 kB at most ${Math.round(most / 1024)} KiB wait for a stalled follower`)
  await sleep(stallMs)
  follower.goOn()
  await until(() => follower.events.at(-1)?.seq === n, 'it is live again')
  const at = follower.events.findIndex(({ type }) => type === 'gap')
  expect(seqs(follower.events)).toEqual([...Array.from({ length: at }, (_, i) => i + 1), n - 1, n])
  expect(follower.events[at]).toMatchObject({ type: 'gap', from: at + 1, to: n - 1 })
  feed.publish([fact], await store.commit([fact]))
  await until(() => follower.events.at(-1)?.seq === n + 1, 'it hears what is new')
})

// some 30 MB, four times
test('a follower that stalls is told of a gap, and gets what is in it when it asks again', { timeout: patience(120_000) }, async () => {
  const daemon = await startDaemon()
  const n = scaled(20_000, 100_000)
  const memory = () => `${Math.round(memoryOf(daemon.pid))} MiB`
  if (n > 20_000) await daemon.reportOnceOver(await told(daemon, n, {}))
  measured('F22', `the daemon holds ${memory()} when it has carried out ${n} instructions`)
  const boss = await told(daemon, n, { start: false })
  const path = `/v1/bosses/${boss.id}/events`
  const followers = await Promise.all(Array.from({ length: scaled(1, 50) }, () => daemon.listen(path)))
  // one that was not live before it stalled is sent all
  await daemon.call('DELETE', `/v1/bosses/${boss.id}/instructions/1`)
  await until(() => followers.every(({ events }) => events.at(-1)?.type === 'instruction.cancelled'), 'all are live')
  followers.forEach((follower) => follower.pause())
  await daemon.tell(boss, 'work')
  await daemon.reportOnceOver(boss)
  measured('F22', `${memory()} when it has done so again beside ${followers.length} stalled followers`)
  await sleep(stallMs)
  const whole = await daemon.listen(`${path}?since=0`)
  await whole.untilClosed()
  for (const follower of followers) {
    follower.goOn()
    expect(await follower.untilClosed()).toBe(1000)
    const { events } = follower
    const gaps = events.filter(({ type }) => type === 'gap')
    expect(gaps).toHaveLength(1)
    const at = events.findIndex(({ type }) => type === 'gap')
    const [gap, last] = [gaps[0]!, events[at - 1]!]
    expect(gap).toMatchObject({ seq: gap['to'], from: last.seq + 1 })
    expect(events.at(-1)).toMatchObject({ type: 'boss.over' })
    // nothing but the gap is missing
    const inGap = ({ seq }: Event) => seq > last.seq && seq <= gap.seq
    const [first] = events
    const ofAll = whole.events.filter((event) => event.seq >= first!.seq && !inGap(event))
    expect(seqs(events.filter(({ type }) => type !== 'gap'))).toEqual(seqs(ofAll))
  }
  const from = Number(followers[0]!.events.find(({ type }) => type === 'gap')?.['from'])
  const again = await daemon.listen(`${path}?since=${from - 1}`)
  expect(await again.untilClosed()).toBe(1000)
  expect(again.events).toEqual(whole.events.filter(({ seq }) => seq >= from))
})

test('a replay is taken at any pace, without a gap', async () => {
  const daemon = await startDaemon()
  const boss = await told(daemon, 6_000, {})
  await daemon.reportOnceOver(boss)
  const listeners = await Promise.all(Array.from({ length: 2 }, () => daemon.listen(`/v1/bosses/${boss.id}/events?since=0`)))
  listeners.forEach((listener) => listener.pause())
  await sleep(stallMs)
  for (const listener of listeners) {
    listener.goOn()
    expect(await listener.untilClosed()).toBe(1000)
    expect(listener.events.filter(({ type }) => type === 'gap')).toEqual([])
    expect(listener.events.filter(({ type }) => type === 'instruction.reported')).toHaveLength(6_000)
  }
})

test('a client that says more than there is to say is closed, and the others hear on', async () => {
  const daemon = await startDaemon()
  const other = await daemon.listen('/v1/events')
  const closed = async (talk: (socket: WebSocket) => void) => {
    const socket = new WebSocket(`${daemon.url.replace('http', 'ws')}/v1/events`)
    let code: number | undefined
    socket.on('close', (given) => (code = given)).on('error', () => undefined)
    socket.once('open', () => talk(socket))
    return until(() => code, 'it is closed')
  }
  const often = (say: () => void) => Array.from({ length: 1_000 }).forEach(say)
  expect(await closed((socket) => socket.send('x'.repeat(2_000)))).toBe(1009)
  expect(await closed((socket) => often(() => socket.send('hello?')))).toBe(1008)
  expect(await closed((socket) => often(() => socket.ping()))).toBe(1006)
  const boss = await daemon.hire()
  expect(await other.until('boss.created')).toMatchObject({ boss: boss.id })
})
