import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'

/** Those who follow the floor of work: each is sent all that happens. */
export class FloorFollowers {
  private readonly server = new WebSocketServer({ noServer: true })
  private seq = 0

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.server.handleUpgrade(request, socket, head, () => undefined)
  }

  /** Tells that rows have begun and were reported. @param lines a report of each row, as rows.mjs writes it. */
  tell(first: number, n: number, lines: Uint8Array): void {
    if (this.server.clients.size === 0) return
    const at = new Date().toISOString()
    const heads = (id: number) => `"at":"${at}","boss":1,"instruction":${id},"type":`
    const started: string[] = []
    const reported: string[] = []
    const reports = Buffer.from(lines).toString('latin1').split('\n')
    for (let i = 0; i < n; i++) {
      const id = first + i
      started.push(`{"seq":${this.seq + 1 + i},${heads(id)}"instruction.started","attempt":1,"scheduler_ticket":0,"cpus":[]}`)
      reported.push(`{"seq":${this.seq + 1 + n + i},${heads(id)}"instruction.reported",${reports[i]}`)
    }
    this.seq += 2 * n
    const message = Buffer.from(`[${started.join(',')},${reported.join(',')}]`, 'latin1')
    for (const follower of this.server.clients) follower.send(message, { binary: false })
  }
}
