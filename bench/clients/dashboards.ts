// Stands for open dashboards, as the page asks and follows: `node dashboards.ts URL COUNT`; 'ready' when all follow. Told anything it answers how
// many reports the first was told of, how many calls were answered, and how many ms of CPU this process took since it was ready.
//
// A browser is on another machine, this is on the daemon's own cores: so it has the least priority. Each page has up to six connections for its
// calls, as in a browser, and asks over them by node:http, since fetch would take twice as much here as the daemon takes to answer.
import { Agent, get } from 'node:http'
import { setPriority } from 'node:os'
import { WebSocket } from 'ws'
import { askMs } from '../../src/dashboard/frame/crowd.ts'

const [, , url = '', count] = process.argv
setPriority(19)
/** What Now, the view with the most to ask, asks for, together, and after how many ms one page alone asks again. */
const asked = [
  [['/v1/resources', '/v1/bosses?order=newest&limit=20'], 2_000],
  [['/v1/workers'], 10_000],
  [['/metrics'], 5_000],
] as const
let answered = 0
let reports = 0

async function open(at: number): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/events?last=5000&brief=true`)
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject))
  // they are clients on the daemon's own cores: one proves that it is told all, the others only take it
  socket.on('message', (data: Buffer) => {
    if (at > 0) return
    for (const { type, n } of JSON.parse(data.toString()) as { type: string; n: number }[])
      if (type === 'instructions.reported') reports += n
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 6 })
  for (const [paths, everyMs] of asked) {
    const askAll = () => paths.forEach((path) => ask(path, agent))
    const pauseMs = askMs(everyMs, Number(count))
    // not all at once, as nobody opens 50 pages at once
    setTimeout(() => setInterval(askAll, pauseMs), Math.random() * pauseMs)
  }
}

function ask(path: string, agent: Agent): void {
  get(`${url}${path}`, { agent, headers: { 'accept-encoding': 'gzip' } }, (response) => {
    if (response.statusCode !== 200) throw new Error(`${path} is answered ${response.statusCode}`)
    response.resume().once('end', () => answered++)
  })
}

await Promise.all(Array.from({ length: Number(count) }, (_, at) => open(at)))
const before = process.cpuUsage()
process.on('message', () => {
  const { user, system } = process.cpuUsage(before)
  process.send?.({ reports, answered, cpuMs: Math.round((user + system) / 1000) })
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
