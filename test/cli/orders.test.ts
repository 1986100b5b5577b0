import { expect } from 'vitest'
import { lineTest as test } from '../support/daemon.js'
import { shell } from './shell.js'

const one = { limit: 'threads', max_threads: 1 }
const rows = (n: number) => Array(n).fill({ kind: 'noop', value: 1 })

test('Bosses are halted, let go on, ended and stopped, several by one call', async ({ daemon, dir }) => {
  const [first, second] = [await daemon.hire({ name: 'first' }), await daemon.hire({ instructions: rows(1), start: false })]
  const script = `
    taylord halt first ${second.id}
    taylord work first -q
    taylord end first --json
    taylord stop ${second.id}; taylord end nobody; echo $?`
  const { stdout, stderr } = await shell(daemon, dir, script)
  const lines = stdout.trimEnd().split('\n')
  expect(lines.slice(0, 3)).toEqual([
    `Boss ${first.id} first: halted, 0 instructions`,
    `Boss ${second.id}: halted, 1 instruction (1 pending)`,
    String(first.id),
  ])
  expect(JSON.parse(lines[3] ?? '')).toMatchObject({ id: first.id, ending: true })
  expect(lines.slice(4)).toEqual([expect.stringMatching(/^Boss \d+: stopp(ing|ed), 1 instruction \(1 pending\)$/), '3'])
  expect(stderr).toContain('there is no Boss nobody')
})

test('stop --now ends what runs', async ({ daemon, dir, log }) => {
  const boss = await daemon.hire({ instructions: [log.program('long', 'never')] })
  await log.untilWritten('+ long')
  const { code } = await shell(daemon, dir, `taylord stop ${boss.id} --now -q && taylord wait ${boss.id}`)
  expect(code).toBe(1)
  expect((await daemon.entries(boss)).map(({ cause }) => cause)).toEqual(['stopped'])
})

test('instructions are cancelled by id, range, name or filter; what has ended stays', async ({ daemon, dir, log }) => {
  const instructions = [
    { kind: 'noop', name: 'done' },
    log.program('runs', 'gate'),
    ...rows(8),
    { kind: 'sleeper', name: 'tired', sleeping_time: 0 },
  ]
  const boss = await daemon.hire({ scheduler: one, instructions })
  await log.untilWritten('+ runs')
  const script = `
    taylord cancel ${boss.id} 3-4,500; taylord cancel ${boss.id} 3 nobody; echo $?
    taylord cancel ${boss.id} 1,3-4 tired --reason 'not these'
    taylord cancel ${boss.id} 5-6 -q
    taylord cancel ${boss.id} --kind noop --json
    taylord cancel ${boss.id} 7 --kind noop; echo $?
    taylord cancel ${boss.id} --all; taylord end ${boss.id} -q; taylord wait ${boss.id} -q`
  const { stdout, stderr } = await shell(daemon, dir, script)
  expect(stdout).toBe(`3
3 cancelled: 3 that waited, 0 that ran
5
6
{"cancelled":4,"working":0}
2
1 cancelled: 0 that waited, 1 that ran; what ran ends in its grace
${boss.id}
${boss.id}
`)
  expect(stderr).toMatch(
    /^taylord: Boss \d+ has no instruction 500; .*; nothing was cancelled\ntaylord: Boss .* the name "nobody"; .*; nothing was cancelled\n/,
  )
  expect(stderr.split('\n').slice(2).join('\n')).toBe('1 had ended already\ntaylord: IDS and filters are two ways to choose; give one\n')
  const entries = await daemon.entries(boss)
  expect(entries.find(({ instruction }) => instruction === 3)).toMatchObject({ cause: 'requested', error: { message: 'not these' } })
  expect(entries.filter(({ outcome }) => outcome !== 'cancelled').map(({ name }) => name)).toEqual(['done'])
})

test('what failed is given once more, into another Boss when its own is over', async ({ daemon, dir }) => {
  const instructions = [{ kind: 'throwing', name: 'thrown' }, { kind: 'exiting', name: 'gone', code: 2 }, { kind: 'noop' }]
  const open = await daemon.hire({ instructions })
  await expect.poll(async () => (await daemon.boss(open)).counts).toMatchObject({ failed: 2, succeeded: 1 })
  const over = await daemon.hire({ instructions, end: true })
  await daemon.reportOnceOver(over)
  const script = `
    taylord retry ${open.id} --cause exit
    taylord retry ${open.id} 1,2 -q
    taylord retry ${over.id} --into ${open.id} --json
    taylord halt ${open.id} -q; taylord retry ${open.id} 1 -q; taylord retry ${open.id} 1; taylord work ${open.id} -q
    taylord end ${open.id} -q`
  const { stdout, stderr } = await shell(daemon, dir, script)
  expect(stdout).toBe(
    `Boss ${open.id}: 1 instruction, 4\n5-6\n{"count":2,"first":7,"last":8,"boss":${open.id}}\n${open.id}\n9\n${open.id}\n${open.id}\n`,
  )
  expect(stderr).toMatch(/instruction 1 cannot be given again now: .* has its name, "thrown" \(was it given again already\?\)/)
})

test('what failed in a Boss that is over gets a new Boss, like the old one and over when it is done', async ({ daemon, dir }) => {
  const scheduler = { limit: 'threads', max_threads: 3 }
  const [thrown, noop] = [{ kind: 'throwing', name: 'thrown' }, { kind: 'noop' }]
  const old = await daemon.hire({
    name: 'old',
    scheduler,
    on_error: 'stop',
    retry: { attempts: 2, backoff: 0 },
    instructions: [thrown],
    end: true,
  })
  const fine = await daemon.hire({ instructions: [noop], end: true })
  for (const boss of [old, fine]) await daemon.reportOnceOver(boss)
  const script = `
    taylord retry old --wait --json; echo $?
    taylord retry ${old.id} 1
    taylord retry old 1 --into again -q; taylord wait again -q; echo $?
    taylord retry ${fine.id}; echo $?
    taylord retry old --into 99999; echo $?; taylord retry old 2; echo $?; taylord retry old --into last; echo $?`
  const { stdout, stderr } = await shell(daemon, dir, script)
  const [json = '', code, line, range, again = '', ...codes] = stdout.trimEnd().split('\n')
  const boss = JSON.parse(json) as { id: number }
  expect(boss).toMatchObject({ status: 'failed', scheduler: old.scheduler, on_error: 'stop', retry: { attempts: 2, backoff: 0 } })
  expect([code, line, range, codes[0]]).toEqual(['1', `Boss ${boss.id + 1}: 1 instruction, 1`, '1', '1'])
  expect(await daemon.boss('again')).toMatchObject({ id: Number(again), ending: true, scheduler: old.scheduler })
  expect(codes.slice(1)).toEqual([`Boss ${fine.id}: nothing that failed and was not given again`, '0', '3', '2', '2'])
  const { items } = (await daemon.get<{ items: { id: number; name?: string }[] }>('/v1/bosses?order=newest&limit=1')).body
  expect(items[0]?.name).toBe('again')
  expect(stderr).toContain(`there is no Boss with id 99999`)
})

test('prune says what it would remove, and removes it', async ({ daemon, dir }) => {
  const { id } = await daemon.hire({ name: 'old', end: true })
  const script = `taylord prune --keep 0 --dry-run | tail -1; taylord prune --keep 0 -q | grep -x ${id}; taylord show old; echo $?`
  const { stdout } = await shell(daemon, dir, script)
  expect(stdout).toMatch(new RegExp(`^would remove \\d+ Bosses, about [\\d.]+ MiB\n${id}\n3\n$`))
})
