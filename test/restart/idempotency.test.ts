import { connect } from 'node:net'
import { expect, test } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import type { InstructionDocument } from '../../src/boss/instruction-document.js'
import { startDaemon, type Daemon, type Page } from '../support/daemon.js'
import { measured, patience, scaled } from '../support/scale.js'
import { Random } from '../soak/random.js'

const calls = scaled(60, 1_000)
const kills = scaled(3, 20)

/**
 * Sends a call and cuts its connection after so many ms, if it was not answered before.
 * @returns the status; undefined when no answer came.
 */
function send(daemon: Daemon, path: string, key: string, body: string, cutMs: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(daemon.url)
    const socket = connect(Number(port), hostname)
    const cut = setTimeout(() => socket.destroy(), cutMs)
    let status: number | undefined
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      status = Number(/^HTTP\/1.1 (\d+)/.exec(data.toString('latin1'))?.[1])
      socket.destroy()
    })
    socket.on('close', () => {
      clearTimeout(cut)
      resolve(status)
    })
    const head = [`POST ${path} HTTP/1.1`, `Host: ${hostname}`, `Idempotency-Key: ${key}`, 'Content-Type: application/json']
    socket.write([...head, `Content-Length: ${body.length}`, '', body].join('\r\n'))
  })
}

test('each of many POSTs is carried out once, however often its connection is cut and the daemon killed', {
  timeout: patience(60_000),
}, async () => {
  const random = new Random(7)
  let daemon = await startDaemon()
  const { data } = daemon
  const boss = await daemon.hire({ start: false, name: 'all' })
  let left = calls
  let sent = 0
  let restarting: Promise<unknown> = Promise.resolve()
  /** Sends one call until it is answered: an append, or each tenth time a Boss. */
  const insist = async (no: number) => {
    const [path, body] =
      no % 10 === 0
        ? ['/v1/bosses', { start: false, individual_instructions: { name: [`b${no}`] }, common_instructions: { kind: 'noop' } }]
        : [`/v1/bosses/${boss.id}/instructions`, { instructions: [{ kind: 'noop', name: `i${no}` }] }]
    for (;;) {
      await restarting
      sent++
      const status = await send(daemon, path as string, `key-${no}`, JSON.stringify(body), random.next() < 0.6 ? random.next() * 8 : 5_000)
      if (status === 201) break
      // being carried out still, or going down
      expect([undefined, 409, 503]).toContain(status)
    }
    left--
  }
  const work = Array.from({ length: 8 }, async (_, lane) => {
    for (let no = lane; no < calls; no += 8) await insist(no)
  })
  for (let kill = 1; kill <= kills; kill++) {
    const at = calls - Math.round((calls * kill) / (kills + 1))
    while (left > at) await new Promise((resolve) => setTimeout(resolve, 2))
    restarting = daemon.crash().then(async () => (daemon = await startDaemon({ data })))
    await restarting
  }
  await Promise.all(work)
  const names = new Map<string | undefined, number>()
  const bosses = (await daemon.call<Page<BossDocument>>('GET', '/v1/bosses?limit=10000')).body.items
  for (const { id } of bosses) {
    const { body } = await daemon.call<Page<InstructionDocument>>('GET', `/v1/bosses/${id}/instructions?limit=10000`)
    for (const { name } of body.items) names.set(name, (names.get(name) ?? 0) + 1)
  }
  expect(names).toEqual(new Map(Array.from({ length: calls }, (_, no) => [`${no % 10 === 0 ? 'b' : 'i'}${no}`, 1])))
  expect(bosses).toHaveLength(1 + calls / 10)
  measured('idempotency', `${calls} calls, sent ${sent} times, ${kills} kills: each carried out once`)
  await daemon.stop()
})
