// The floor of the line: POST → commit → a process at the other end of a pipe says when it has the row → commit → a message on the WebSocket.
// Two durable commits and all wake-ups, and nothing that decides anything. `node line.ts FILE`; over IPC it sends its address.
import { fork } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { WebSocketServer } from 'ws'
import { FloorStore } from './store.ts'

const [, , file = ''] = process.argv
const store = new FloorStore(file)
const host = fork(fileURLToPath(new URL('host.mjs', import.meta.url)), { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] })
const followers = new WebSocketServer({ noServer: true })

host.stdout?.on('data', (report: Buffer) => {
  store.keep(report.toString(), () => {
    const event = `[{"type":"instruction.reported","report":${report.toString().trim()}}]`
    for (const follower of followers.clients) follower.send(event)
  })
})

const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    store.keep(JSON.stringify(JSON.parse(body)), () => {
      host.stdin?.write(`${body}\n`)
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"count":1,"first":1,"last":1}')
    })
  })
})
server.on('upgrade', (request, socket, head) => followers.handleUpgrade(request, socket, head, () => {}))
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.once('disconnect', () => process.exit())
