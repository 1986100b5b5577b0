import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { FrameReader } from '../../dist/crew/frame-reader.js'
import { frameVersion, remoteVariable, type FromRemote, type Hello, type ReportFrame } from '../../dist/frames.js'
import { surveyTopology } from '../../dist/machine.js'
import { childrenOf, descendantsOf } from '../../dist/processes.js'
import { isAlive, processesWith } from '../support/processes.js'
import { tempDir, until } from '../support/temp.js'
import { clusterOfFile } from './cluster.js'
import { parentOf } from './processes.js'

const hostMain = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url))
const kinds = new URL('../crew/kinds.mjs', import.meta.url).href
/** Short, and long enough for a machine that is busy with other tests. */
const lease = { seconds: 3 }
/** A lease that is lost shows within so many ms: it, `scancel`, and what a busy machine takes. */
const lostWithinMs = 15_000

const cluster = await clusterOfFile(2, { MINI_SLURM_CPUS: '2' })

afterEach(async () => {
  for (const host of hosts.splice(0)) host.part()
  await until(async () => (await cluster.jobs()).length === 0, 'no job is left')
})

const hosts: RemoteHost[] = []

/** A worker host that Slurm started, as a daemon would have it, and what it said. */
class RemoteHost {
  readonly heard: FromRemote[] = []
  readonly lines: string[] = []
  readonly dir = tempDir()
  readonly tmp = join(this.dir, 'tmp')
  readonly ended: Promise<number | null>
  stderr = ''
  private readonly srun
  private pings: NodeJS.Timeout | undefined

  constructor(own: Partial<Hello['hello']> = {}) {
    const script = 'mkdir -p "$TMPDIR"; exec 3<&0 4>&1 </dev/null >&2; exec "$0" "$@"'
    const flags = ['--nodes=1', '--ntasks=1', '--cpus-per-task=1', '--mem=200M', '--time=5', '--cpu-bind=cores', '--mpi=none']
    this.srun = spawn(
      'setpriv',
      ['--pdeathsig', 'TERM', 'srun', ...flags, `--chdir=${this.dir}`, 'sh', '-c', script, process.execPath, hostMain],
      {
        stdio: 'pipe',
        detached: true,
        env: { PATH: process.env['PATH'], ...cluster.env, TMPDIR: this.tmp, [remoteVariable]: '1' },
      },
    )
    this.ended = new Promise((resolve) => this.srun.once('close', resolve))
    const reader = new FrameReader(
      (frame) => this.heard.push(frame as FromRemote),
      (head, lines) => {
        this.heard.push(head)
        this.lines.push(Buffer.from(lines).toString())
      },
    )
    this.srun.stdout.on('data', (chunk: Buffer) => reader.take(chunk))
    this.srun.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()))
    this.srun.stdin.on('error', () => undefined)
    const modules = Object.fromEntries(
      ['noop', 'echo', 'spin', 'blocker', 'waiter', 'blocked', 'long', 'exiter', 'x'.repeat(5000)].map((kind) => [kind, kinds]),
    )
    this.say({
      hello: {
        version: frameVersion,
        role: 'js',
        kinds: modules,
        outputs: this.dir,
        output_bytes: 2 ** 30,
        recycle: { after: 0, above: 0 },
        ...own,
      },
    })
    hosts.push(this)
  }

  say(frame: object): void {
    ;(this.srun.stdin as Writable).write(`${JSON.stringify(frame)}\n`)
  }

  /** One row for each of the attributes. */
  work(f: number, kind: string, rows: readonly object[]): void {
    const each = <T>(of: (row: number) => T) => rows.map((_, row) => of(row))
    this.say({
      f,
      boss: 1,
      ids: each((row) => row + 1),
      attempts: each(() => 1),
      names: each((row) => `${kind}-${row}`),
      kind,
      scheduler_ticket: 0,
      cpus: [],
      prompt: true,
      a: rows.map((row) => ({ kind, ...row })),
    })
  }

  /** Keeps its lease. */
  ping(): void {
    let no = 0
    this.pings = setInterval(() => this.say({ ping: ++no }), 100)
  }

  hush(): void {
    clearInterval(this.pings)
  }

  /** The test is over. */
  part(): void {
    this.hush()
    this.signalSruns('SIGCONT')
    this.signalSruns('SIGTERM')
  }

  hangUp(): void {
    this.srun.stdin.end()
  }

  async hears<T extends FromRemote>(is: (frame: FromRemote) => frame is T, what: string): Promise<T> {
    return until(() => this.heard.find(is), what)
  }

  async ready() {
    return (await this.hears((frame) => 'ready' in frame, 'the host is ready')).ready
  }

  async reported(n: number): Promise<Record<string, unknown>[]> {
    const entries = () =>
      this.lines.flatMap((text) =>
        text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(`{${line}`) as Record<string, unknown>),
      )
    await until(() => entries().length >= n, `${n} reports`)
    return entries()
  }

  /** Both processes of srun. */
  signalSruns(signal: NodeJS.Signals): void {
    const { pid = 0 } = this.srun
    for (const srun of [...descendantsOf(pid), pid]) {
      try {
        process.kill(srun, signal)
      } catch {
        // gone
      }
    }
  }

  /** Waits until nothing of it runs any more, srun aside, nor is on disk. @returns ms that it took. */
  async isGone(withinMs?: number): Promise<number> {
    const since = performance.now()
    const left = () => processesWith(this.tmp).filter(({ command }) => !command.startsWith('srun '))
    await until(() => left().length === 0, 'the host is gone', withinMs)
    await until(() => readdirSync(this.tmp).length === 0, 'its directory is gone')
    return performance.now() - since
  }
}

const isStarted = (frame: FromRemote) => 'started' in frame

test('a host on a node says where it is, carries rows out there and leaves when the daemon hangs up', async () => {
  const host = new RemoteHost({ lease })
  host.ping()
  const ready = await host.ready()
  const [job] = await cluster.jobs()
  expect(ready).toMatchObject({ version: frameVersion, job, cwd: host.dir, cpus: [expect.any(Number)] })
  expect(['n1', 'n2']).toContain(ready.node)
  host.work(1, 'echo', [{}, { text: 'two' }])
  const entries = await host.reported(2)
  expect(entries).toMatchObject([
    { name: 'echo-0', outcome: 'succeeded', node: ready.node, cpus: ready.cpus, report: { context: { cpus: ready.cpus } } },
    { name: 'echo-1', report: { instruction: { text: 'two' } } },
  ])
  expect(host.heard.filter((frame) => 'loads' in frame)).toEqual([{ f: 1, loads: 0 }])
  host.hangUp()
  expect(await host.ended).toBe(0)
  await host.isGone()
})

test('frames of 16 kB and of 10 MB come through in both directions', async () => {
  const host = new RemoteHost({ lease: { seconds: 60 } })
  const texts = ['a'.repeat(16_000), 'é'.repeat(5_000_000)]
  host.work(
    1,
    'echo',
    texts.map((text) => ({ text })),
  )
  const entries = await host.reported(2)
  expect(entries.map(({ report }) => (report as { instruction: { text: string } }).instruction.text === texts.shift())).toEqual([
    true,
    true,
  ])
  host.hangUp()
  expect(await host.ended).toBe(0)
})

test('what blocks the process keeps it neither from answering nor from giving back what has not begun', async () => {
  const host = new RemoteHost({ lease })
  host.ping()
  host.work(1, 'blocked', [{ script: `sleep ${lease.seconds + 1}` }, { script: 'true' }, {}])
  host.work(2, 'noop', [{}, {}])
  await host.hears(isStarted, 'the row begins')
  const before = host.heard.filter((frame) => 'pong' in frame).length
  host.say({ f: 2, keep: 0 })
  host.say({ f: 1, keep: 2 })
  await until(() => host.heard.filter((frame) => 'kept' in frame).length === 2, 'both are answered')
  expect(host.heard.some((frame) => 'r' in frame)).toBe(false)
  expect(host.heard.filter((frame) => 'kept' in frame)).toEqual([
    { f: 2, kept: 0 },
    { f: 1, kept: 2 },
  ])
  // longer than its lease
  expect((await host.reported(2)).map(({ name }) => name)).toEqual(['blocked-0', 'blocked-1'])
  expect(host.heard.filter((frame) => 'pong' in frame).length).toBeGreaterThan(before + 5)
  host.work(3, 'echo', [{}])
  expect(await host.reported(3)).toMatchObject([{}, {}, { name: 'echo-0' }])
  expect(host.heard.filter((frame) => 'kept' in frame)).toHaveLength(2)
  host.hangUp()
  await host.ended
})

/** Busy, and without a word from then on. */
async function unheard(role: 'js' | 'program'): Promise<void> {
  const host = new RemoteHost({ lease, role })
  host.ping()
  const running = join(host.dir, 'running')
  const script = `echo $$ > ${running}; trap '' TERM; while :; do sleep 0.1; done`
  if (role === 'js') host.work(1, 'blocked', [{ script }, {}])
  else
    host.work(1, 'command', [
      { program: 'sh', args: ['-c', script] },
      { program: 'sh', args: ['-c', script] },
    ])
  await until(() => existsSync(running) && readFileSync(running, 'utf8') !== '', 'it runs')
  host.hush()
  const lost = await host.isGone(lostWithinMs)
  expect(lost).toBeGreaterThan(lease.seconds * 800)
  expect(isAlive(Number(readFileSync(running, 'utf8')))).toBe(false)
  await host.ended
  expect(host.stderr).toContain('no word from the daemon for 3 s')
}

/** Busy, and cut off by what became of its sruns. */
async function cutOff(signal: 'SIGSTOP' | 'SIGKILL'): Promise<void> {
  const host = new RemoteHost({ lease })
  host.ping()
  const file = join(host.dir, 'runs')
  host.work(1, 'blocker', [{ file }])
  await until(() => existsSync(file), 'it runs')
  const { job = '' } = await host.ready()
  host.signalSruns(signal)
  await host.isGone(lostWithinMs)
  // its step daemon waits for a stopped one: the daemon kills what it has lost
  host.signalSruns('SIGKILL')
  await until(async () => !(await cluster.jobs()).includes(job), 'the job is gone')
}

test('a busy host that hears nothing ends what it does, its job and itself, also when both sruns are killed or stopped', async () => {
  await Promise.all([unheard('js'), unheard('program'), cutOff('SIGKILL'), cutOff('SIGSTOP')])
})

test('a host that was stopped for longer than its lease hears first what came meanwhile', async () => {
  const host = new RemoteHost({ lease })
  host.ping()
  const { pid } = await host.ready()
  process.kill(pid, 'SIGSTOP')
  await new Promise((resolve) => setTimeout(resolve, lease.seconds * 1500))
  process.kill(pid, 'SIGCONT')
  host.work(1, 'noop', [{}])
  await host.reported(1)
  host.hangUp()
  expect(await host.ended).toBe(0)
})

test('a busy host goes at once when its step daemon is killed, when the daemon hangs up and when Slurm cancels its job', async () => {
  const three = [new RemoteHost(), new RemoteHost(), new RemoteHost({ role: 'program' })] as const
  const files = three.map(({ dir }) => join(dir, 'runs'))
  three.forEach((host, i) => {
    if (i < 2) host.work(1, 'blocker', [{ file: files[i] }])
    else host.work(1, 'command', [{ program: 'sh', args: ['-c', `trap '' TERM; : > ${files[i]}; sleep 60`] }])
  })
  await until(() => files.every((file) => existsSync(file)), 'all run')
  const [first, second, third] = three
  const { pid } = await first.ready()
  process.kill(parentOf(pid), 'SIGKILL')
  second.hangUp()
  await cluster.run('scancel', (await third.ready()).job ?? '')
  for (const host of three) await host.isGone(lostWithinMs)
  // its srun hears nothing of it, for ever
  await cluster.run('scancel', (await first.ready()).job ?? '')
  await Promise.all(three.map(({ ended }) => ended))
})

test('a stop reaches what a task started though the task hears nothing, and behind the grace it ends with its host', async () => {
  const host = new RemoteHost({ lease })
  host.ping()
  host.work(1, 'blocked', [
    { script: 'exec sleep 60' },
    { script: `trap '' TERM; : > ${join(host.dir, 'deaf')}; while :; do sleep 0.1; done` },
  ])
  await host.hears(isStarted, 'the first row begins')
  host.say({ f: 1, stop: 0, grace_ms: 20_000, o: 'r' })
  expect(await host.reported(1)).toMatchObject([{ outcome: 'cancelled', cause: 'requested' }])
  await until(() => existsSync(join(host.dir, 'deaf')), 'the second row runs')
  host.say({ f: 1, stop: 1, grace_ms: 10, o: 'r' })
  expect(await host.ended).toBe(137)
  await host.isGone()
})

test('a task that ends its process has told all that went before', async () => {
  const host = new RemoteHost({ lease })
  host.ping()
  host.work(1, 'long', [{ length: 3_000_000 }, { length: 3_000_000 }])
  host.work(2, 'exiter', [{ code: 7 }])
  expect(await host.ended).toBe(7)
  expect(host.heard.filter((frame): frame is ReportFrame => 'r' in frame).map(({ f, at }) => [f, at])).toEqual([
    [1, 0],
    [1, 1],
  ])
  expect(host.heard.findLast((frame) => !('pong' in frame))).toEqual({ f: 2, started: 0 })
  await host.isGone()
})

test('programs run in a directory of their own on the node, on its CPUs, and their output lies with the daemon', async () => {
  const host = new RemoteHost({ role: 'program' })
  const { cpus, node } = await host.ready()
  host.work(1, 'command', [
    { program: 'sh', args: ['-c', 'pwd; echo "$TAYLORD_CPUS"; seq 1 5000 >&2'] },
    { program: 'true', taskset: 'topology' },
  ])
  const [entry, bound] = await host.reported(2)
  expect(entry).toMatchObject({ outcome: 'succeeded', node, cpus, usage: { cpu: expect.any(Number) } })
  expect(String((entry?.['report'] as { stdout: string } | undefined)?.stdout)).toMatch(
    new RegExp(`^${host.tmp}/taylord-host-\\w+/run.d/\\d+\n${cpus.join(',')}\n$`),
  )
  expect(readdirSync(host.dir, { recursive: true })).toEqual(expect.arrayContaining([expect.stringMatching(/\.stderr$/)]))
  expect(surveyTopology(cpus).cpus.map(({ cpu }) => cpu)).toEqual(bound?.['cpus'])
  host.hangUp()
  expect(await host.ended).toBe(0)
})

test('what hosts that were killed with all of theirs left on the node is removed by the next', async () => {
  const host = new RemoteHost({ lease })
  host.ping()
  const { pid } = await host.ready()
  const [left = ''] = readdirSync(host.tmp)
  // its guard first, as Slurm does where it follows processes by groups
  for (const child of childrenOf(pid)) process.kill(child, 'SIGKILL')
  process.kill(pid, 'SIGKILL')
  await host.ended
  expect(readdirSync(host.tmp)).toEqual([left])
  writeFileSync(join(host.tmp, 'other'), '')
  const next = spawn(process.execPath, [hostMain], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { [remoteVariable]: '1', TMPDIR: host.tmp },
  })
  await until(() => !existsSync(join(host.tmp, left)), 'it is gone')
  ;(next.stdio[3] as Writable).end()
  await until(() => next.exitCode === 0, 'the next one leaves')
  expect(readdirSync(host.tmp)).toEqual(['other'])
})
