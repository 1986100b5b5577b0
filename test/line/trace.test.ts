import { join } from 'node:path'
import { expect } from 'vitest'
import { lineTest as test, startDaemon, type Daemon } from '../support/daemon.js'

const one = { limit: 'threads', max_threads: 1 }
const parent = (digit: string) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`
const shown = { kind: 'command', program: 'sh', args: ['-c', 'echo "$TRACEPARENT $TRACESTATE"'] }

/** A POST with the headers of a trace. */
async function postIn<T>(daemon: Daemon, path: string, json: unknown, headers: Record<string, string>): Promise<T> {
  const { status, body } = await daemon.call<T>('POST', path, { json, headers })
  expect(status, JSON.stringify(body)).toBe(201)
  return body
}
const stdoutOf = ({ report }: { report: unknown }) => (report as { stdout: string }).stdout.trim()

test('programs find the trace of the call that gave them in their environment, however they were given', async ({ daemon }) => {
  const { id } = await postIn<{ id: number }>(daemon, '/v1/bosses', { scheduler: one, instructions: [shown] }, { traceparent: parent('a') })
  const path = `/v1/bosses/${id}/instructions`
  await postIn(daemon, path, { instructions: [shown, shown] }, { traceparent: parent('b'), tracestate: 'congo=1, rojo=2' })
  await daemon.append(id, { instructions: [shown] })
  const lines = { body: `${JSON.stringify(shown)}\n`, headers: { 'content-type': 'application/x-ndjson', traceparent: parent('c') } }
  expect((await daemon.call('POST', path, lines)).status).toBe(201)
  await postIn(daemon, path, { instructions: [{ ...shown, env: { TRACEPARENT: 'mine' } }] }, { traceparent: parent('d') })
  await daemon.tell(id, 'end')
  const { workers_report } = await daemon.reportOnceOver(id)
  expect(workers_report.map(stdoutOf)).toEqual([
    parent('a'),
    `${parent('b')} congo=1,rojo=2`,
    `${parent('b')} congo=1,rojo=2`,
    '',
    parent('c'),
    'mine',
  ])
})

test('tasks find it in what they are given', async ({ daemon }) => {
  const traced = { kind: 'traced' }
  const headers = { traceparent: parent('a'), tracestate: 'congo=1' }
  const { id } = await postIn<{ id: number }>(daemon, '/v1/bosses', { instructions: [traced] }, headers)
  await daemon.append(id, { instructions: [traced] })
  await daemon.tell(id, 'end')
  const { workers_report } = await daemon.reportOnceOver(id)
  expect(Object.fromEntries(workers_report.map(({ instruction, report }) => [instruction, report]))).toEqual({ 1: headers, 2: {} })
})

test('what is no trace is ignored, and so is what comes beside it', async ({ daemon }) => {
  const headers = { traceparent: `00-${'0'.repeat(32)}-${'a'.repeat(16)}-01`, tracestate: 'congo=1' }
  const { id } = await postIn<{ id: number }>(daemon, '/v1/bosses', { instructions: [shown], end: true }, headers)
  expect((await daemon.reportOnceOver(id)).workers_report.map(stdoutOf)).toEqual([''])
})

test('an instruction stays in its trace over a crash, in further attempts and when it is given again', async ({ dir }) => {
  const daemon = await startDaemon()
  // fails twice in all that it is run
  const script = 'echo "$TRACEPARENT" >&2; echo x >> "$0"; test $(wc -l < "$0") -ge 3'
  const row = { kind: 'command', program: 'sh', args: ['-c', script, join(dir, 'runs')] }
  const rows = [{ ...row, retry: { attempts: 2, backoff: 0 } }]
  const asked = { scheduler: one, start: false, instructions: rows }
  const { id } = await postIn<{ id: number }>(daemon, '/v1/bosses', asked, { traceparent: parent('a') })
  await daemon.crash()
  const again = await startDaemon({ data: daemon.data })
  await again.tell(id, 'work')
  const output = async (instruction: number, attempt: number) =>
    (await again.get<Buffer>(`/v1/bosses/${id}/instructions/${instruction}/output?stream=stderr&attempt=${attempt}`)).body.toString().trim()
  const ended = async (instruction: number) => {
    await expect.poll(async () => (await again.instruction(id, instruction)).status, { timeout: 60_000 }).toMatch(/succeeded|failed/)
    return (await again.instruction(id, instruction)).attempts.map((attempt) => (attempt as { stderr_tail?: string }).stderr_tail?.trim())
  }
  expect(await ended(1)).toEqual([parent('a'), parent('a')])
  expect(await output(1, 2)).toBe(parent('a'))
  await again.post(`/v1/bosses/${id}/retry`, {})
  expect((await again.instruction(id, 2)).retry_of).toBeDefined()
  await expect.poll(async () => (await again.instruction(id, 2)).status, { timeout: 60_000 }).toBe('succeeded')
  expect(await output(2, 1)).toBe(parent('a'))
})

test('a retry that belongs to a trace takes what it gives again into that one', async ({ daemon }) => {
  const failing = { ...shown, ok_codes: [1] }
  const { id } = await postIn<{ id: number }>(daemon, '/v1/bosses', { instructions: [failing] }, { traceparent: parent('a') })
  await expect.poll(async () => (await daemon.instruction(id, 1)).status, { timeout: 60_000 }).toBe('failed')
  await postIn(daemon, `/v1/bosses/${id}/retry`, {}, { traceparent: parent('b') })
  await daemon.tell(id, 'end')
  expect((await daemon.reportOnceOver(id)).workers_report.map(stdoutOf)).toEqual([parent('a'), parent('b')])
})
