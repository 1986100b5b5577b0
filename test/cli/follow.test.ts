import { expect, onTestFinished, vi } from 'vitest'
import { patient } from '../../src/cli/patience.js'
import { patiently, Unreachable, type Patience } from '../../src/client/client.js'
import { lineTest as test, startDaemon } from '../support/daemon.js'
import { startProxy } from '../support/proxy.js'
import { begin } from './taylord.js'
import { shell } from './shell.js'

const sleeping = (n: number) => Array(n).fill({ kind: 'noop' })

test('wait ends with 0 when all succeeded, 1 when something did not, 124 when the time is over', async ({ daemon, dir }) => {
  const good = await daemon.hire({ instructions: sleeping(3), end: true })
  const bad = await daemon.hire({ instructions: [{ kind: 'throwing' }], end: true })
  const open = await daemon.hire({ name: 'open' })
  const script = `
    taylord wait ${good.id}; echo $?
    taylord wait ${bad.id} -q; echo $?
    taylord wait ${bad.id} --json; echo $?
    taylord wait open --timeout 0.2s; echo $?
    taylord follow open --timeout 0.2; echo $?`
  const { stdout, stderr } = await shell(daemon, dir, script)
  const lines = stdout.trimEnd().split('\n')
  expect(lines.slice(0, 5)).toEqual([
    `Boss ${good.id}: finished, 3 instructions (3 succeeded)`,
    '0',
    String(bad.id),
    '1',
    expect.any(String),
  ])
  expect(JSON.parse(lines[4] ?? '')).toEqual(await daemon.boss(bad))
  expect(lines.slice(5)).toEqual(['1', '124', '124'])
  const notYet = `Boss ${open.id} open takes more instructions; taylord end ${open.id} lets it be over\ntaylord: the time is over, and it is not\n`
  const failed = `1 of 1 done, 1 did not succeed\n1 throwing-1: boom\ntaylord ls ${bad.id} --status failed lists it\n`
  expect(stderr).toBe(`3 of 3 done\n${failed}${notYet}${notYet}`)
})

test('a Boss that can never be over is not waited for', async ({ daemon, dir }) => {
  const { id } = await daemon.hire({ start: false, instructions: sleeping(1), end: true })
  const { code, stderr } = await shell(daemon, dir, `taylord wait ${id} -q`)
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^taylord: Boss \d+ was ended while halted/)])
  await daemon.tell(id, 'stop')
})

test('follow prints a line when an instruction ends, also when its connection is cut, and tells how the Boss ended', async ({
  daemon,
  dir,
  log,
}) => {
  const proxy = await startProxy(daemon.url)
  const instructions = [
    { kind: 'noop', name: 'first' },
    { kind: 'throwing', name: 'second', message: 'no\nluck' },
    log.program('third', 'gate'),
  ]
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 1 }, instructions, end: true })
  const following = shell(proxy, dir, `taylord follow ${boss.id}`)
  await expect.poll(proxy.said).toMatch(/^upgrade: websocket/im)
  await log.untilWritten('+ third')
  proxy.cut()
  log.open('gate')
  const { code, stdout, stderr } = await following
  expect([code, stderr]).toEqual([1, `Boss ${boss.id}: finished\n`])
  expect(stdout.replaceAll(/[\d.]+ s$/gm, 'N s')).toBe(
    '1 first succeeded N s\n2 second failed (exception: no\\nluck) N s\n3 third succeeded N s\n',
  )
  const again = await shell(daemon, dir, `taylord follow ${boss.id} -q; taylord follow ${boss.id} --json`)
  const lines = again.stdout.trimEnd().split('\n')
  expect(lines.slice(0, 3)).toEqual(['1', '2', '3'])
  const events = lines.slice(3).map((line) => JSON.parse(line) as { seq: number; type: string })
  expect([events[0]?.type, events.at(-1)?.type]).toEqual(['boss.created', 'boss.over'])
  const since = await shell(daemon, dir, `taylord follow ${boss.id} --json --since ${events.at(-2)?.seq}`)
  expect(JSON.parse(since.stdout)).toEqual(events.at(-1))
})

test('without a Boss all are followed', async () => {
  const daemon = await startDaemon()
  const following = begin(['follow', '--since', '0', '-q'], { TAYLORD_URL: daemon.url })
  await daemon.hire({ instructions: sleeping(2), end: true })
  await daemon.hire({ instructions: sleeping(1), end: true })
  await expect.poll(() => following.said().stdout.trimEnd().split('\n').toSorted()).toEqual(['1/1', '1/2', '2/1'])
})

test('of what is followed only some kinds, outcomes and Bosses are told', async ({ daemon, dir }) => {
  const instructions = [{ kind: 'noop' }, { kind: 'throwing' }, { kind: 'sleeper', sleeping_time: 0 }]
  const one = await daemon.hire({ name: 'one', scheduler: { limit: 'threads', max_threads: 1 }, instructions, end: true })
  const two = await daemon.hire({ name: 'two', scheduler: { limit: 'threads', max_threads: 1 }, instructions, end: true })
  const { stdout, stderr } = await shell(
    daemon,
    dir,
    `
    taylord follow one -q --outcome failed,cancelled; echo $?
    taylord follow one -q --kind noop,sleeper
    taylord follow --outcome lost; echo $?
    taylord follow one --boss two; echo $?
    taylord follow --boss nobody; echo $?`,
  )
  expect(stdout.trimEnd().split('\n')).toEqual(['2', '1', '1', '3', '2', '2', '3'])
  expect(stderr).toMatch(/outcome/)
  const following = begin(['follow', '-q', '--since', '0', '--boss', `two,${one.id}`, '--kind', 'noop'], { TAYLORD_URL: daemon.url })
  await expect.poll(() => following.said().stdout).toBe(`${one.id}/1\n${two.id}/1\n`)
})

test('submit --follow and --wait end as the Boss does', async ({ daemon, dir }) => {
  const script = `
    taylord submit --follow -- sh -c 'exit 3'; echo $?
    taylord submit --wait -- true; echo $?
    taylord submit -f -q -- true; echo $?`
  const { stdout } = await shell(daemon, dir, script)
  expect(stdout.replaceAll(/Boss \d+/g, 'Boss N').replaceAll(/[\d.]+ s$/gm, 'N s')).toBe(
    '1 command-1 failed (exit: the program ended with exit code 3) N s\n1\nBoss N: finished, 1 instruction (1 succeeded)\n0\n1\n0\n',
  )
})

test('of what failed the first are named, with the last line that they wrote', async ({ daemon, dir }) => {
  const script = `
    taylord submit --wait --each 1 2 3 4 5 -- sh -c 'echo first >&2; echo last $0 >&2; exit 1'; echo $?
    taylord wait last; taylord submit --wait --kind throwing --message 'no\nluck'`
  const { stdout, stderr } = await shell(daemon, dir, script)
  const id = Number(/Boss (\d+): finished, 5/.exec(stdout)?.[1])
  const said = stderr.replaceAll(/^(Boss \d+ has|\d of \d done).*\n/gm, '')
  const all = ['1 1: last 1', '2 2: last 2', '3 3: last 3', `taylord ls ${id} --status failed lists all 5`].join('\n')
  const one = `1 throwing-1: no\\nluck\ntaylord ls ${id + 1} --status failed lists it`
  expect(said).toBe(`${all}\n${all}\n${one}\n`)
})

test('Ctrl-C while a Boss is waited for leaves it, and says so', async ({ daemon, log }) => {
  const { id } = await daemon.hire({ instructions: [log.program('long', 'gate')], end: true })
  for (const [verb, asked] of [
    ['wait', /^prefer: wait=/im],
    ['follow', /^upgrade: websocket/im],
  ] as const) {
    const proxy = await startProxy(daemon.url)
    const waiting = begin([verb, String(id), '--server', proxy.url])
    await expect.poll(proxy.said, { timeout: 20_000 }).toMatch(asked)
    waiting.kill('SIGINT')
    const stderr = `taylord: Boss ${id} goes on; taylord wait ${id} waits for it, taylord stop ${id} --now ends it\n`
    expect(await waiting.ended).toEqual({ code: 130, stdout: '', stderr })
  }
  log.open('gate')
  expect((await daemon.reportOnceOver(id)).status).toBe('finished')
})

test('while the daemon is away those who wait for it say so, and go on when it is back', async ({ log }) => {
  const daemon = await startDaemon()
  const proxy = await startProxy(daemon.url)
  const instructions = [log.program('long', 'gate', 'echo one; echo "+ said" >> "$1"'), log.program('then', 'gate')]
  const { id } = await daemon.hire({ instructions, end: true })
  const waiting = ['wait', 'follow', 'logs -f'].map((verb) =>
    begin([...verb.split(' '), String(id), ...(verb === 'logs -f' ? ['1'] : [])], { TAYLORD_URL: proxy.url }),
  )
  await log.untilWritten('+ said')
  await expect.poll(() => waiting[2]?.said().stdout, { timeout: 20_000 }).toBe('one\n')
  for (const asked of [/^prefer: wait=/im, /^upgrade: websocket/im]) await expect.poll(proxy.said, { timeout: 20_000 }).toMatch(asked)
  await daemon.crash()
  for (const { said } of waiting)
    await expect.poll(() => said().stderr, { timeout: 20_000 }).toMatch(/^taylord: no daemon answers at .*; trying again for 5 minutes$/m)
  log.open('gate')
  await startDaemon({ data: daemon.data, args: ['--port', new URL(daemon.url).port] })
  const ended = await Promise.all(waiting.map((each) => each.ended))
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0])
  for (const { stderr } of ended) expect(stderr).toContain('taylord: the daemon answers again\n')
  expect(ended[2]?.stdout).toBe('one\none\n')
})

test('a daemon that stays away ends the waiting, after five minutes or with the --timeout, by why it does not answer', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => stderr.mockRestore())
  const away = (patience: Patience) => patiently(() => Promise.reject(new Unreachable('nobody is there')), patience)
  await expect(patient(away, AbortSignal.timeout(10))).rejects.toThrow('nobody is there')
  expect(stderr.mock.calls).toEqual([['taylord: nobody is there; trying again until the --timeout\n']])
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const began = performance.now()
  const ended = expect(patient(away)).rejects.toThrow('nobody is there')
  await vi.advanceTimersByTimeAsync(301_000)
  await ended
  expect(performance.now() - began).toBeGreaterThanOrEqual(300_000)
})

test('logs gives what an instruction wrote, while it writes it, each stream where it belongs', async ({ daemon, dir, log }) => {
  const { id } = await daemon.hire({ instructions: [log.program('talk', 'gate', 'printf "a\\377"; echo oops >&2')], end: true })
  await log.untilWritten('+ talk')
  const following = begin(['logs', '-f', String(id), 'talk'], { TAYLORD_URL: daemon.url })
  await expect.poll(() => ({ ...following.said() })).toEqual({ stdout: 'a\ufffd', stderr: 'oops\n' })
  log.open('gate')
  expect(await following.ended).toMatchObject({ code: 0 })
  const { stdout, stderr, code } = await shell(
    daemon,
    dir,
    `taylord logs ${id} 1 --stderr; taylord logs ${id} 1 --stdout | od -An -tx1; taylord logs ${id} 1 --attempt 2`,
  )
  expect([code, stdout]).toEqual([3, 'oops\n 61 ff\n'])
  expect(stderr).toMatch(/^taylord: .*attempt/)
})

test('whoever reads the output may leave', async ({ daemon, dir }) => {
  const { id } = await daemon.hire({ instructions: sleeping(4000), end: true })
  await daemon.reportOnceOver(id)
  const script = `set -o pipefail; taylord report ${id} --json | head -1; echo $?; taylord follow ${id} -q | head -2; echo $?`
  const { stdout, stderr } = await shell(daemon, dir, script)
  expect([stdout.trimEnd().split('\n').slice(1), stderr]).toEqual([['141', expect.any(String), expect.any(String), '141'], ''])
})
