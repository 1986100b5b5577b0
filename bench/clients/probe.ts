// Asks an address every 5 ms whether the last answer has come or not, until it is told to stop; in a process of its own, so that nothing
// but the daemon makes it wait. `node probe.ts URL`; over IPC it sends 'ready', and at the end the ms that each answer took.
import { Agent, get } from 'node:http'

const everyMs = 5
const [, , url = ''] = process.argv
const agent = new Agent({ keepAlive: true })
const latencies: number[] = []
let next = performance.now()

function ask(due: number): void {
  const request = get(url, { agent }, (response) => {
    response.resume().once('end', () => {
      if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`)
      latencies.push(performance.now() - due)
    })
  })
  request.once('error', (error: NodeJS.ErrnoException) => {
    // a connection that rested may be closed at the other end in the moment in which it is used again
    if (!request.reusedSocket || error.code !== 'ECONNRESET') throw error
    ask(due)
  })
}

const timer = setInterval(() => {
  // late timers catch up: what would have been asked meanwhile waited too
  for (; next <= performance.now(); next += everyMs) ask(next)
}, 1)

process.once('message', () => {
  clearInterval(timer)
  process.send?.(latencies, () => process.exit())
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
