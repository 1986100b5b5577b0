import { get, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { lineTest as test, type Daemon, type Problem } from '../support/daemon.js'
import { tempDir, until } from '../support/temp.js'

const sh = (script: string, ...args: string[]) => ({ kind: 'command', program: 'sh', args: ['-c', script, ...args] })
const path = (boss: number, id: number, query: string) => `/v1/bosses/${boss}/instructions/${id}/output?${query}`

/** A client that follows a stream. */
class Follower {
  private heard = Buffer.alloc(0)
  over = false

  private constructor(readonly response: IncomingMessage) {
    response.on('data', (chunk: Buffer) => (this.heard = Buffer.concat([this.heard, chunk])))
    response.on('end', () => (this.over = true))
  }

  static async of(daemon: Daemon, boss: number, id: number, query = ''): Promise<Follower> {
    const [response] = (await once(get(daemon.url + path(boss, id, `follow=true${query}`)), 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(200)
    return new Follower(response)
  }

  get text(): string {
    return this.heard.toString()
  }

  get bytes(): Buffer {
    return this.heard
  }

  untilOver(): Promise<unknown> {
    return until(() => this.over, 'the end of the stream')
  }
}

test('a follower reads what a program writes when it is written, colours and all, and is let go when it ends', async ({ daemon }) => {
  const gate = join(tempDir(), 'gate')
  const script = 'sleep 0.05; printf "\\033[31mred\\033[0m\\n"; until [ -e "$0" ]; do sleep 0.01; done; echo done'
  const boss = await daemon.hire({ instructions: [sh(script, gate)], end: true })
  const follower = await Follower.of(daemon, boss.id, 1)
  expect(follower.response.headers['content-type']).toBe('application/octet-stream')
  await until(() => follower.text === '\u001b[31mred\u001b[0m\n', 'what it wrote so far')
  expect((await daemon.boss(boss)).counts.working).toBe(1)
  writeFileSync(gate, '')
  await follower.untilOver()
  expect(follower.text).toBe('\u001b[31mred\u001b[0m\ndone\n')
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(workers_report).toMatchObject([{ report: { stdout: follower.text } }])
})

test('a follower of what never began is let go when its Boss is over', async ({ daemon }) => {
  const boss = await daemon.hire({ instructions: [sh('echo never')], start: false })
  const follower = await Follower.of(daemon, boss.id, 1)
  await daemon.tell(boss, 'stop')
  await follower.untilOver()
  expect(follower.text).toBe('')
  expect(await daemon.get<Problem>(path(boss.id, 1, 'follow=true'))).toMatchObject({ status: 404, body: { code: 'not-found' } })
})

test('each of two followers gets every byte of each stream, also those that are no text', async ({ daemon }) => {
  // 3 MB of all bytes, in many pieces
  const script = 'i=0; while [ $i -lt 30 ]; do head -c 100000 /dev/urandom | tee -a "$0" | tee /dev/stderr; sleep 0.01; i=$((i+1)); done'
  const file = join(tempDir(), 'written')
  const boss = await daemon.hire({ instructions: [sh(script, file)], end: true })
  const followers = await Promise.all(['', '&stream=stderr', '&attempt=1'].map((query) => Follower.of(daemon, boss.id, 1, query)))
  await daemon.reportOnceOver(boss)
  const written = readFileSync(file)
  for (const follower of followers) {
    await follower.untilOver()
    expect(follower.bytes.equals(written)).toBe(true)
  }
  const { body } = await daemon.get<Buffer>(path(boss.id, 1, 'stream=stderr'))
  expect(body.equals(written)).toBe(true)
})

test('whoever follows an instruction that waits hears it from its first byte on', async ({ daemon }) => {
  const boss = await daemon.hire({ start: false, instructions: [sh('sleep 0.02; echo one; sleep 0.02; echo two')], end: true })
  expect((await daemon.get<Problem>(path(boss.id, 1, 'stream=stdout'))).body).toMatchObject({ code: 'not-found' })
  const follower = await Follower.of(daemon, boss.id, 1)
  await daemon.tell(boss, 'work')
  await follower.untilOver()
  expect(follower.text).toBe('one\ntwo\n')
})

test('a follower of what is cancelled while it waits is let go', async ({ daemon }) => {
  const boss = await daemon.hire({ start: false, instructions: [sh('echo never')] })
  const follower = await Follower.of(daemon, boss.id, 1)
  await daemon.tell(boss, 'stop')
  await daemon.call('DELETE', `/v1/bosses/${boss.id}`)
  await follower.untilOver()
  expect(follower.text).toBe('')
})
