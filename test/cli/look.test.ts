import { join } from 'node:path'
import { expect } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import type { InstructionDocument } from '../../src/boss/instruction-document.js'
import type { ReportEntry } from '../../src/boss/report.js'
import { lineTest as test, startDaemon } from '../support/daemon.js'
import { startProxy } from '../support/proxy.js'
import { shell } from './shell.js'

const jsonLines = <T>(text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)

/** A Boss that is over: one succeeded, one failed, one has what would clear a terminal. */
const three = {
  instructions: [
    { kind: 'noop', name: 'good', value: 7 },
    { kind: 'command', name: 'bad', program: 'sh', args: ['-c', 'echo out; echo err >&2; exit 3'] },
    { kind: 'command', name: 'quiet', program: 'true', args: ['\u009b2J'] },
  ],
  end: true,
}

test('Bosses are listed with the newest first, twenty unless more are asked for', async ({ dir }) => {
  const daemon = await startDaemon()
  const ids: number[] = []
  for (let i = 0; i < 22; i++) ids.unshift((await daemon.hire({ end: true, name: `boss_${i}` })).id)
  const script = `taylord ls; taylord ls -q --all; taylord ls -n 2 --json`
  const { code, stdout, stderr } = await shell(daemon, dir, script)
  const lines = stdout.trimEnd().split('\n')
  expect([code, stderr]).toEqual([0, 'these are the newest 20; --all lists the others, too\n'])
  expect(lines[0]).toMatch(/^ID {2}NAME +STATUS +PENDING +WORKING +SUCCEEDED +FAILED +CANCELLED +CREATED$/)
  expect(lines.slice(1, 21).map((line) => line.trim().split(/ +/).slice(0, 3))).toEqual(
    ids.slice(0, 20).map((id) => [String(id), `boss_${id - 1}`, 'finished']),
  )
  expect(lines.slice(21, 43)).toEqual(ids.map(String))
  expect(jsonLines<BossDocument>(lines.slice(43).join('\n')).map(({ id }) => id)).toEqual(ids.slice(0, 2))
})

test('instructions are listed, shown by id, range and name, and reported', async ({ daemon, dir }) => {
  const boss = await daemon.hire(three)
  await daemon.reportOnceOver(boss)
  const script = `
    taylord ls ${boss.id} && taylord ls ${boss.id} --status failed -q && taylord ls ${boss.id} --cause exit --json
    taylord show ${boss.id} bad 1-2,1 -q
    taylord show ${boss.id} good --json
    taylord show ${boss.id} --json
    taylord report ${boss.id} --json`
  const { code, stdout, stderr } = await shell(daemon, dir, script)
  const lines = stdout.trimEnd().split('\n')
  expect([code, stderr]).toEqual([0, ''])
  expect(
    lines.slice(0, 4).map((line) =>
      line
        .replaceAll(/ +/g, ' ')
        .replace(/[\d.]+ s (?=\S+$)/, 'N s ')
        .trim(),
    ),
  ).toEqual([
    'ID NAME KIND STATUS CAUSE ATTEMPTS WALL ERROR',
    '1 good noop succeeded - 1 N s -',
    '2 bad command failed exit 1 N s err',
    '3 quiet command succeeded - 1 N s -',
  ])
  expect([lines[4], jsonLines<InstructionDocument>(lines[5] ?? '')[0]?.id]).toEqual(['2', 2])
  expect(lines.slice(6, 10)).toEqual(['1', '2', '1', '2'])
  expect(JSON.parse(lines[10] ?? '')).toEqual(await daemon.instruction(boss, 1))
  expect(JSON.parse(lines[11] ?? '')).toEqual(await daemon.boss(boss))
  expect(jsonLines<ReportEntry>(lines.slice(12).join('\n'))).toEqual(await daemon.entries(boss))
})

test('for a person a Boss, an instruction and a report are told in words', async ({ daemon, dir }) => {
  const { id } = await daemon.hire({ ...three, name: 'words' })
  await daemon.reportOnceOver(id)
  const { code, stdout } = await shell(daemon, dir, 'taylord show words; taylord show words 2-3; taylord report words')
  expect(code).toBe(0)
  expect(stdout).toContain(
    `Boss ${id} words\n  status      finished\n  counts      0 pending, 0 working, 2 succeeded, 1 failed, 0 cancelled\n`,
  )
  expect(stdout).toMatch(/Instruction 2 bad \(command\)\n {2}status {6}failed\n/)
  expect(stdout).toMatch(/\n {2}attempt 1 {3}failed, exit: .*exit code 3.*"stderr":"err\\n"/)
  expect(stdout).toContain('"args":["\\u009b2J"]')
  expect(stdout.replaceAll(/ +/g, ' ')).toMatch(/\n ?2 bad failed exit 3 1 [\d.]+ s [\d.]+ s /)
})

test('reports and logs are those of a status, when one is asked for', async ({ daemon, dir }) => {
  const { id } = await daemon.hire({ ...three, instructions: [...three.instructions, { ...three.instructions[1], name: 'worse' }] })
  await daemon.reportOnceOver(id)
  const script = `
    taylord report ${id} --status failed -q | sort; taylord report ${id} --status succeeded --json | wc -l
    taylord logs ${id} --status failed
    taylord logs ${id} --status cancelled
    taylord logs ${id} 1 --status failed; echo $?; taylord logs ${id}; echo $?; taylord logs ${id} --status failed -f; echo $?`
  const { stdout, stderr } = await shell(daemon, dir, script)
  expect(stdout).toBe('2\n4\n2\nout\nout\n2\n2\n2\n')
  expect(stderr.split('\n')).toEqual([
    '==> 2 bad <==',
    'err',
    '==> 4 worse <==',
    'err',
    'taylord: logs takes a BOSS and either an ID or a --status; taylord logs --help tells more',
    'taylord: logs takes a BOSS and either an ID or a --status; taylord logs --help tells more',
    'taylord: --follow is for one instruction; give its ID in place of --status',
    '',
  ])
})

test('what is not there ends with 3, a daemon that is not there with 4', async ({ daemon, dir }) => {
  const boss = await daemon.hire({ end: true })
  const script = `
    taylord show nobody; echo $?
    taylord show ${boss.id} 9; echo $?
    taylord show ${boss.id} nothing; echo $?
    taylord logs ${boss.id} 1; echo $?
    taylord ls ${boss.id} --status broken
    taylord append ${boss.id} -- true
    taylord submit --kind nonesuch --each 1 --x {}
    taylord ls --server $TAYLORD_URL/v1/ -q > ids && grep -qx ${boss.id} ids; echo $?
    taylord ls --server unix:/none/socket; echo $?
    taylord ls --server http://127.0.0.1:2; echo $?`
  const { stdout, stderr } = await shell(daemon, dir, script)
  expect(stdout).toBe('3\n3\n3\n3\n0\n4\n4\n')
  expect(stderr).not.toMatch(/(GET|POST) |in the (query|body)|…\//)
  expect(stderr).toContain('no daemon answers at unix:/none/socket: there is no such socket;')
  expect(stderr).toContain('there is no Boss nobody; taylord ls --all lists those there are\n')
  expect(stderr).toContain(`Boss ${boss.id} has no instruction 9; taylord ls ${boss.id} lists what it has\n`)
  expect(stderr).toContain('taylord: --status must be one of pending, working, succeeded, failed, cancelled\n')
  expect(stderr).toContain('hears no signal; taylord submit makes another one\n')
  expect(stderr).toContain('; taylord kinds shows what each takes\n')
  expect(stderr).toContain(`taylord: Boss ${boss.id} has no instruction with the name "nothing"; taylord ls ${boss.id} lists them\n`)
  expect(stderr).toMatch(
    /no daemon answers at http:\/\/127\.0\.0\.1:2: .*; taylord serve starts one, TAYLORD_URL or --server says where it is\n$/,
  )
})

test('last is the newest Boss, and nothing when there is none', async ({ dir }) => {
  const daemon = await startDaemon()
  const none = await shell(daemon, dir, 'taylord show last')
  expect(none).toEqual({ code: 3, stdout: '', stderr: 'taylord: there is no Boss yet\n' })
  await daemon.hire({ name: 'older' })
  const { id } = await daemon.hire({ name: 'newer' })
  expect((await shell(daemon, dir, 'taylord show last -q')).stdout).toBe(`${id}\n`)
})

test('kinds and resources are told, and printed as the API gives them', async ({ daemon, dir }) => {
  const { stdout } = await shell(
    daemon,
    dir,
    'taylord kinds; taylord kinds -q; taylord kinds --json; taylord resources; taylord resources --json',
  )
  const { body } = await daemon.get<{ items: { kind: string }[] }>('/v1/kinds')
  const lines = stdout.trimEnd().split('\n')
  const n = body.items.length
  expect(lines[0]).toMatch(/^KIND +ATTRIBUTES +FROM$/)
  expect(lines.slice(1, n + 1).join('\n')).toMatch(/^command +program \[args\] \[env\].* built in$/m)
  expect(lines.slice(n + 1, 2 * n + 1)).toEqual(body.items.map(({ kind }) => kind))
  expect(lines.slice(2 * n + 1, 3 * n + 1).map((line) => JSON.parse(line) as unknown)).toEqual(body.items)
  expect(lines[3 * n + 1]).toMatch(/^cores +\d+$/)
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ cores: {}, memory: {}, slots: {} })
})

test('a daemon on a Unix socket is called and followed by its path', async ({ daemon, dir }) => {
  const socket = await startProxy(daemon.url, join(dir, 'socket'))
  const { code, stdout, stderr } = await shell(
    socket,
    dir,
    'taylord submit -q -f -- true; taylord show last --json; printf 1 | taylord append last -',
  )
  const [id, boss = ''] = stdout.split('\n')
  expect([id, JSON.parse(boss)]).toEqual(['1', expect.objectContaining({ status: 'finished' })])
  expect([code, stderr]).toEqual([2, expect.stringContaining('stdin, line 1, is no object')])
  expect(socket.said()).toMatch(/^GET \/v1\/bosses\/\d+\/events/m)
})
