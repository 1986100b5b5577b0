import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { Client, Unreachable } from '../../src/client/client.js'
import { stranger } from '../support/watch.js'

test('events go on where they were when the connection broke', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => server.close())
  await once(server, 'listening')
  const asked: string[] = []
  server.on('connection', (socket, { url = '' }) => {
    asked.push(url)
    const last = asked.length === 2
    const events = last
      ? [{ seq: 9, type: 'boss.over' }]
      : [
          { seq: 4, type: 'boss.created' },
          { seq: 7, type: 'boss.ending' },
        ]
    socket.send(JSON.stringify(events), () => (last ? socket.close(1000) : socket.terminate()))
  })
  const heard: (number | undefined)[] = []
  await new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`).follow(3, ({ seq }) => heard.push(seq))
  expect(heard).toEqual([4, 7, 9])
  expect(asked).toEqual(['/v1/bosses/3/events?since=0', '/v1/bosses/3/events?since=7'])
})

test('what answers and is no daemon is told from a refusal', async () => {
  const server = createServer((_request, response) => response.writeHead(404).end('<html>')).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  stranger(url)
  const asking = new Client(url).boss(1)
  await expect(asking).rejects.toThrow(Unreachable)
  await expect(asking).rejects.toThrow('is no taylord: 404 <html>')
})
