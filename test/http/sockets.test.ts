import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { renderProgress } from '../../src/boss/event.js'
import type { Fact } from '../../src/boss/fact.js'
import { Feed } from '../../dist/feed.js'
import { View } from '../../dist/feed/telling.js'
import { compression, tell } from '../../dist/http/sockets.js'
import { openStore, type Store } from '../../dist/store/store.js'
import { tempDir, until } from '../support/temp.js'

function secured(): Server {
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(tempDir(), name)) as [string, string]
  const options = ['-nodes', '-days', '1', '-subj', '/CN=localhost', '-newkey', 'rsa:2048']
  execFileSync('openssl', ['req', '-x509', ...options, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) })
}

/** A feed, and one who follows it: the socket at this end, and the events that came to the other. */
async function followed(server: Server, packed: boolean) {
  const store = await openStore(join(tempDir(), 'taylord.db'))
  const sockets = new WebSocketServer({ server, perMessageDeflate: packed && compression })
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
    await store.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connected = once(sockets, 'connection') as Promise<[WebSocket, IncomingMessage]>
  const scheme = 'setSecureContext' in server ? 'wss' : 'ws'
  const client = new WebSocket(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, { rejectUnauthorized: false })
  const events: { seq?: number; type: string }[] = []
  client.on('message', (data: Buffer) => events.push(...(JSON.parse(data.toString()) as typeof events)))
  const [socket, request] = await connected
  const feed = new Feed(store, 0)
  tell(socket, request.socket, feed, { view: new View({}, 'array'), boss: undefined, since: undefined })
  return { store, feed, socket, events }
}

async function publish(store: Store, feed: Feed, message: string, n: number): Promise<void> {
  const fact: Fact = { type: 'boss.stopping', boss: 1, at: Date.now(), how: 'error', error: { type: 'Long', message } }
  const facts = Array<Fact>(n).fill(fact)
  feed.publish(facts, await store.commit(facts))
}

test('who is pinged while it is sent much is told all of it, over TLS, too, which takes nothing at once', async () => {
  const { store, feed, socket, events } = await followed(secured(), false)
  const [turns, n] = [40, 100]
  for (let turn = 0; turn < turns; turn++) {
    await publish(store, feed, 'x'.repeat(1_500), n)
    if (socket.bufferedAmount > 0) socket.ping()
  }
  await until(() => events.length === turns * n, 'all were told')
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: turns * n }, (_, i) => i + 1))
})

test.each([
  ['packed', createServer, true],
  ['over TLS', secured, false],
])('who keeps up hears of the progress of each task, behind what came before it: %s', async (_how, server, packed) => {
  const { store, feed, events } = await followed(server(), packed)
  const turns = 20
  for (let turn = 0; turn < turns; turn++) {
    await publish(store, feed, 'x'.repeat(1_500), 10)
    for (const id of [1, 2, 3]) if (feed.watched(1)) feed.mention(1, () => renderProgress(0, 1, id, 1, { turn }))
    await until(() => events.filter(({ seq }) => seq !== undefined).length === 10 * (turn + 1), 'what is in the log was told')
  }
  const progress = () => events.filter(({ type }) => type === 'instruction.progress').length
  await until(
    () => progress() === 3 * turns,
    () => `${progress()} of ${3 * turns} were told`,
  )
})
