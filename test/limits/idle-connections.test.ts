import { expect } from 'vitest'
import { lineTest as test } from '../support/daemon.js'
import { descriptorsOf, memoryOf } from '../support/processes.js'
import { head, Raw } from '../support/raw.js'
import { measured, patience, scaled, spread } from '../support/scale.js'
import { until } from '../support/temp.js'

const n = scaled(1_000, 10_000)
const upgrade = head(
  'GET',
  '/v1/events',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${'A'.repeat(22)}==`,
)

test(`${n} idle connections, half of them followers, keep nobody from being served`, { timeout: patience(60_000) }, async ({ daemon }) => {
  /** What the daemon holds in memory, and how long a GET takes. */
  const look = async () => {
    const took: number[] = []
    for (let i = 0; i < scaled(20, 200); i++) {
      const began = performance.now()
      expect(await (await fetch(`${daemon.url}/v1/bosses?limit=1`)).json()).toHaveProperty('items')
      took.push(performance.now() - began)
    }
    return `${Math.round(memoryOf(daemon.pid))} MiB, a GET takes ${spread(took)}`
  }
  measured('idle connections', `without them ${await look()}`)
  const idle: Raw[] = []
  const before = descriptorsOf(daemon.pid)
  for (let i = 0; i < n; i += 50)
    idle.push(...(await Promise.all(Array.from({ length: 50 }, (_, j) => (j % 2 ? Raw.saying(daemon, upgrade) : Raw.open(daemon))))))
  await until(() => descriptorsOf(daemon.pid) >= before + n, 'all are there')
  measured('idle connections', `beside ${n} ${await look()}`)
  const boss = await daemon.hire({
    common_instructions: { kind: 'noop' },
    individual_instructions: { value: Array(500).fill(1) },
    end: true,
  })
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(500)
  await until(() => idle.filter(({ heard }) => heard.includes('boss.over')).length === n / 2, 'all followers were told')
  for (const { socket } of idle) socket.destroy()
  await until(() => descriptorsOf(daemon.pid) <= before + 10, 'their connections are gone')
  expect((await daemon.get('/readyz')).status).toBe(200)
  expect(daemon.log).not.toContain('a bug')
})
