import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.js'
import { peakMiBOf } from '../support/processes.js'

const mebibyte = 2 ** 20
const rows = 24

test('instructions and reports of megabytes, given again too, are carried out in parts that fit into memory', async () => {
  const daemon = await startDaemon()
  const scheduler = { limit: 'threads', max_threads: 1 }
  // it sees how short these are, and sends many ahead
  const short = await daemon.hire({ scheduler, instructions: Array.from({ length: 300 }, () => ({ kind: 'blob' })), end: true })
  await daemon.reportOnceOver(short)
  const before = peakMiBOf(daemon.pid)
  const boss = await daemon.hire({ scheduler, start: false })
  const line = `${JSON.stringify({ kind: 'blob', text: 'a'.repeat(mebibyte), size: mebibyte })}\n`
  await daemon.call('POST', `/v1/bosses/${boss.id}/instructions`, {
    body: line.repeat(rows),
    headers: { 'content-type': 'application/x-ndjson' },
  })
  await daemon.tell(boss, 'work', { terminate: true })
  const { status, workers_report: entries } = await daemon.reportOnceOver(boss)
  expect(status).toBe('finished')
  expect(entries.length).toBeLessThan(9)
  expect(await daemon.entries(boss)).toHaveLength(rows)
  expect((await daemon.boss(boss)).counts).toMatchObject({ succeeded: rows })
  // far from all that was sent, stored and read
  expect(peakMiBOf(daemon.pid) - before).toBeLessThan(400)
})
