import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.js'
import { Raw } from '../support/raw.js'

const forged = '{"level":60,"msg":"forged"}'
const hostile = `x\n${forged}\r\n\u001b[2Jgone\u0085\u2028${forged}`

test('nothing that is sent makes a line of the log, or moves the cursor of whoever reads it', async () => {
  const daemon = await startDaemon({ args: ['--log', 'trace'] })
  const boss = await daemon.hire({ verbose: true, maxlenreport: 1000 })
  // a name of an instruction has no control characters, so the report and the error try
  await daemon.post(`/v1/bosses/${boss.id}/instructions`, { instructions: [{ kind: 'noop', name: hostile }] })
  await daemon.append(boss, {
    instructions: [
      { kind: 'throwing', message: hostile },
      { kind: 'command', program: 'printf', args: ['%s', hostile] },
      { kind: 'command', program: hostile.replaceAll('\0', '') },
      { kind: 'told', who: hostile },
    ],
  })
  await daemon.tell(boss, 'end')
  await daemon.reportOnceOver(boss)
  await daemon.get(`/v1/bosses/${encodeURIComponent(hostile)}`)
  await daemon.get('/v1/bosses', { authorization: 'Bearer x', 'user-agent': 'a\tb', host: 'localhost' })
  for (const text of [
    `GET /${'\u001b[2J'}x HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: local\u001b[2Jhost\r\n\r\n`,
    `GET /v1/bosses HTTP/1.1\r\nHost: localhost\r\nX: a\n${forged}\r\n\r\n`,
  ]) {
    const raw = await Raw.saying(daemon, text)
    await raw.answer()
    raw.socket.destroy()
  }
  await daemon.stop()
  const lines = daemon.log.split('\n').filter((line) => line !== '')
  expect(lines.length).toBeGreaterThan(10)
  for (const line of lines) {
    const entry = JSON.parse(line) as { msg?: string; pid?: number }
    expect(entry.msg).not.toBe('forged')
    expect(entry.pid, line).toBe(daemon.pid)
  }
  // oxlint-disable-next-line no-control-regex -- those are looked for
  expect(/[\u0000-\u0009\u000b-\u001f]/.test(daemon.log)).toBe(false)
})

test('tokens are in no line of the log, however they were sent', async () => {
  const daemon = await startDaemon({ args: ['--log', 'trace'] })
  const { body } = await daemon.post<{ token: string }>('/v1/tokens', { name: 'a', role: 'admin' })
  await daemon.get('/v1/bosses', { authorization: `Bearer ${body.token}` })
  await daemon.get('/v1/bosses', { authorization: `Bearer ${body.token}x` })
  await daemon.get('/v1/none', { authorization: `Bearer ${body.token}` })
  await daemon.call('POST', '/v1/tokens', {
    body: '{',
    headers: { authorization: `Bearer ${body.token}`, 'content-type': 'application/json' },
  })
  await daemon.stop()
  expect(daemon.log).not.toContain(body.token)
  expect(daemon.log).toContain('"url":"/v1/none"')
})
