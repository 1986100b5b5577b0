import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import { lineTest as test, type Appended } from '../support/daemon.js'
import { shell } from './shell.js'

/** A directory `photos` with files of these names in it. */
function photos(dir: string, ...names: string[]): void {
  mkdirSync(join(dir, 'photos'))
  for (const name of names) writeFileSync(join(dir, 'photos', name), name)
}

test('a command is carried out for each file, where it was submitted', async ({ daemon, dir }) => {
  photos(dir, 'a.jpg', 'b.jpg', 'c [1].jpg')
  const script = `
    taylord submit --name thumbs --each photos/*.jpg --wait -- cp {} {.}.{#}
    taylord logs thumbs 'photos/c [1].jpg'`
  const { code, stdout, stderr } = await shell(daemon, dir, script)
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^Boss \d+ thumbs: finished, 3 instructions \(3 succeeded\)\n$/)])
  expect(stderr).toMatch(/^Boss \d+ thumbs has 3 instructions\n3 of 3 done\n$/)
  expect(['a.1', 'b.2', 'c [1].3'].map((name) => readFileSync(join(dir, 'photos', name), 'utf8'))).toEqual(['a.jpg', 'b.jpg', 'c [1].jpg'])
  const names = (await daemon.entries('thumbs')).map(({ name }) => name)
  expect(names.toSorted()).toEqual(['photos/a.jpg', 'photos/b.jpg', 'photos/c (1).jpg'])
})

test('as the issue writes it, with a glob that the shell has left, and with the same value twice', async ({ daemon, dir }) => {
  photos(dir, 'a.jpg', 'b.jpg')
  const script = `
    taylord submit --kind command --program cp --each photos/*.jpg --dry-run -- {} {.}.webp
    taylord submit --each 'photos/*.jpg' photos/a.jpg --dry-run -- cat
    for size in 512M 2GiB; do taylord submit --memory $size --dry-run -- true; done 2> /dev/null
    printf 'a b\\0c\\n' | taylord submit -0 --env A=1 --env B={} --each - --dry-run -- cat 2> /dev/null
    taylord submit --each 'photos/*.png' -- cat`
  const { code, stdout, stderr } = await shell(daemon, dir, script)
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const command = { kind: 'command', cwd: dir }
  expect(rows).toEqual([
    { name: 'photos/a.jpg', ...command, program: 'cp', args: ['photos/a.jpg', 'photos/a.webp'] },
    { name: 'photos/b.jpg', ...command, program: 'cp', args: ['photos/b.jpg', 'photos/b.webp'] },
    { name: 'photos/a.jpg', ...command, program: 'cat', args: ['photos/a.jpg'] },
    { name: 'photos/b.jpg', ...command, program: 'cat', args: ['photos/b.jpg'] },
    { ...command, program: 'cat', args: ['photos/a.jpg'] },
    ...[512, 2048].map((memory) => ({ ...command, memory, program: 'true', args: [] })),
    { name: 'a b', ...command, env: { A: '1', B: 'a b' }, program: 'cat', args: [] },
    { name: 'c ', ...command, env: { A: '1', B: 'c\n' }, program: 'cat', args: [] },
  ])
  expect([code, stderr]).toEqual([
    2,
    '2 rows in all; nothing was sent\n3 rows in all; nothing was sent\n' +
      'taylord: no file matches photos/*.png; values that are no files come by --each - and stdin\n',
  ])
})

test('values come from stdin, and other kinds take them in their attributes', async ({ daemon, dir }) => {
  const script = `
    printf '%s\\n' 'x*' '' 'y [z]' | taylord submit --wait -q --each - -- printf '<%s>'
    taylord submit --wait -q --program printf --args:='["%s.", "{}", "{#}"]' --each p q
    taylord submit --wait -q --kind sleeper --sleeping_time 0 --wakeup_sentence '<{}>' --memory 5 --cores 1 --priority -3 --timeout 1m --retries 2 --each p q
    taylord submit --kind noop --value x --each p q
    taylord submit --kind noop -- echo`
  const { code, stdout, stderr } = await shell(daemon, dir, script)
  const [texts = '', json = '', values = ''] = stdout.trim().split('\n')
  const reports = async (boss: string) =>
    (await daemon.entries(boss)).toSorted((a, b) => a.instruction - b.instruction).map(({ report }) => report)
  expect(await reports(texts)).toMatchObject([{ stdout: '<x*>' }, { stdout: '<y [z]>' }])
  expect(await reports(json)).toMatchObject([{ stdout: 'p.1.' }, { stdout: 'q.2.' }])
  expect((await reports(values)).map((report) => /<.>/.exec(JSON.stringify(report))?.[0])).toEqual(['<p>', '<q>'])
  expect(await daemon.instruction(values, 1)).toMatchObject({ priority: -3, limits: { timeout: 60, memory: 5, retry: { attempts: 3 } } })
  expect([code, stderr]).toEqual([
    2,
    'taylord: --each needs an attribute that takes the value, as in --src {}\n' +
      'taylord: what follows -- is a command, and --kind noop is none\n',
  ])
})

test('rows come from files and from stdin, and what the command line says holds for those that do not say it', async ({ daemon, dir }) => {
  const lines = ['{"kind": "noop", "value": 1}', '', '{"value": 2}'].join('\n')
  writeFileSync(join(dir, 'rows.ndjson'), lines)
  writeFileSync(join(dir, 'rows.yaml'), '- { value: 3, name: three }\n- { value: 4 }\n')
  writeFileSync(join(dir, 'boss.yaml'), 'name: described\nindividual_instructions: { value: [5, 6] }\nscheduler: { nosort: true }\n')
  const script = `
    taylord submit --keep-open -q --threads 2 --kind noop rows.ndjson rows.yaml
    printf '{"value": 7}\\r\\n' | taylord append last --kind noop - --json
    taylord submit --boss last --kind noop --value 8 -q
    taylord append last --kind noop --value 9
    taylord end last -q
    taylord submit --kind noop boss.yaml --json
    taylord wait described`
  const { code, stdout } = await shell(daemon, dir, script)
  const [id = '', appended = '', range = '', nine = '', ended = '', boss = '', waited = ''] = stdout.trimEnd().split('\n')
  expect(code).toBe(0)
  expect(JSON.parse(appended)).toEqual({ count: 1, first: 5, last: 5 } satisfies Appended)
  expect([range, nine, ended]).toEqual(['6', `Boss ${id}: 1 instruction, 7`, id])
  const report = await daemon.reportOnceOver(id)
  const values = report.workers_report.toSorted((a, b) => a.instruction - b.instruction).map((entry) => entry.report)
  expect(values).toEqual([1, 2, 3, 4, 7, 8, 9])
  expect((await daemon.boss(id)).scheduler).toMatchObject({ limit: 'threads', max_threads: 2 })
  expect(JSON.parse(boss)).toMatchObject({ name: 'described', ending: true, scheduler: { nosort: true } } satisfies Partial<BossDocument>)
  expect(waited).toMatch(/described: finished, 2 instructions \(2 succeeded\)$/)
})

test('rows of a program run where they were submitted, as commands do, unless they say otherwise', async ({ daemon, dir }) => {
  mkdirSync(join(dir, 'sub'))
  writeFileSync(
    join(dir, 'rows.yaml'),
    '- { program: pwd }\n- { program: pwd, cwd: sub }\n- { kind: noop }\n- { program: pwd, cwd: null }\n',
  )
  const script = `
    taylord submit rows.yaml --wait -q
    echo '{"program": "pwd"}' | taylord submit - --cwd sub --wait -q
    taylord submit --each sub/x --cwd {//} --wait -q -- pwd
    taylord submit --cwd /tmp --dry-run -- pwd`
  const { stdout } = await shell(daemon, dir, script)
  const [first = '', second = '', third = '', row = ''] = stdout.split('\n')
  const directories = async (boss: string) =>
    (await daemon.entries(boss))
      .toSorted((a, b) => a.instruction - b.instruction)
      .map(({ report }) => (report as { stdout?: string } | null)?.stdout?.trim())
  expect(await directories(first)).toEqual([dir, join(dir, 'sub'), undefined, expect.stringContaining('taylord')])
  expect([await directories(second), await directories(third)]).toEqual([[join(dir, 'sub')], [join(dir, 'sub')]])
  expect(JSON.parse(row)).toMatchObject({ cwd: '/tmp' })
})

test('a directory with brackets in its name is no attribute', async ({ daemon, dir }) => {
  const there = join(dir, 'd [kind] [x]')
  mkdirSync(join(there, 'sub'), { recursive: true })
  const script = `
    taylord submit --wait -q -- sh -c 'pwd > here'
    taylord submit --wait -q --cwd sub -- sh -c 'pwd > ../below'
    cd ..; taylord submit --wait -q --each '${there}/here' --cwd {//} -- sh -c 'pwd > there'
    taylord submit --wait -q --sub '${there.slice(1)}' --cwd '/[sub]' -- true`
  const { code } = await shell(daemon, there, script)
  expect(['here', 'below', 'there'].map((name) => readFileSync(join(there, name), 'utf8').trim())).toEqual([
    there,
    join(there, 'sub'),
    there,
  ])
  expect(code).toBe(2)
})

test('a command without -- is told where -- belongs', async ({ daemon, dir }) => {
  writeFileSync(join(dir, 'f'), '')
  const script = `
    taylord submit echo hello; echo $?
    taylord append 1 ls -l; echo $?
    taylord submit --each f sha256sum; echo $?
    taylord submit rows.ndjson; echo $?`
  const { stdout, stderr } = await shell(daemon, dir, script)
  expect(stdout).toBe('2\n2\n2\n2\n')
  expect(stderr.split('\n')).toEqual([
    'taylord: there is no file echo; a command stands behind --, as in taylord submit -- echo hello',
    'taylord: there is no option -l; a command and its options stand behind --; taylord append --help lists its options',
    'taylord: --each needs a command behind --, as in taylord submit --each f -- sha256sum',
    expect.stringMatching(/^taylord: rows\.ndjson cannot be read: ENOENT/),
    '',
  ])
})

test('a row that cannot be taken is named, and leaves no Boss, however many rows there are', async ({ daemon, dir }) => {
  const good = '{"kind": "noop", "value": 1}\n'
  writeFileSync(join(dir, 'broken.ndjson'), `${good.repeat(7000)}{\n`)
  writeFileSync(join(dir, 'list.ndjson'), `${good}[]\n`)
  writeFileSync(join(dir, 'nobody.ndjson'), `${good.repeat(7000)}{"kind": "nonesuch"}\n${good.repeat(7000)}`)
  writeFileSync(join(dir, 'many.ndjson'), good.repeat(7000))
  const script = `
    for file in broken list nobody; do taylord submit --name $file $file.ndjson; echo $?; done
    taylord submit /none.yaml; echo $?
    taylord submit many.ndjson --name many --wait -q; echo $?`
  const { stdout, stderr } = await shell(daemon, dir, script)
  const told = stderr.split('\n')
  expect(told.slice(0, 2)).toEqual([
    'taylord: broken.ndjson, line 7001, is no JSON; each line is one row, as in {"kind": "command", "program": "true"}',
    'taylord: list.ndjson, line 2, is no object; each row is one, as in {"kind": "command", "program": "true"}',
  ])
  expect(told[2]).toMatch(/^taylord: row 7001: no worker kind takes this instruction of kind "nonesuch"/)
  expect(told[3]).toMatch(/^taylord: \/none\.yaml cannot be read: ENOENT/)
  const { id, counts } = await daemon.boss('many')
  expect(stdout).toBe(`2\n2\n2\n2\n${id}\n0\n`)
  expect(counts.succeeded).toBe(7000)
  for (const name of ['broken', 'list', 'nobody']) expect((await daemon.get(`/v1/bosses/${name}`)).status).toBe(404)
})

test('what is misspelt, empty or of another sort is told', async ({ daemon, dir }) => {
  writeFileSync(
    join(dir, 'slips.ndjson'),
    '{"kind": "command", "program": "true"}\n{"kind": "noop", "valeu": 1, "timout": 5, "x": "[y]", "y": 1}\n',
  )
  writeFileSync(join(dir, 'none.yaml'), '[]')
  writeFileSync(join(dir, 'rows.csv'), 'kind,value\nnoop,1\n')
  await daemon.hire()
  const script = `
    printf 'a\\0' | taylord submit --each - -- cat
    find -name none | taylord submit --each - -- cat; taylord submit - none.yaml < /dev/null; taylord append last - < /dev/null; echo $?
    taylord submit rows.csv; taylord submit rows.csv none.yaml
    taylord submit --treads 2 -- true; echo $?
    taylord append last --kind sleeper --sleeping_tim 1; echo $?
    taylord submit --frame 7 --label '[frame]' --wait -q -- true > id
    taylord submit slips.ndjson --wait -q > id`
  const { code, stdout, stderr } = await shell(daemon, dir, script)
  expect([code, stdout]).toEqual([0, '2\n2\n2\n'])
  expect(stderr.trimEnd().split('\n')).toEqual([
    'taylord: stdin holds NULs, as find -print0 writes them; -0 reads values that end with one',
    'taylord: no rows came from stdin; nothing was sent',
    'taylord: no rows came from stdin, none.yaml; nothing was sent',
    'taylord: no rows came from stdin; nothing was sent',
    'taylord: rows.csv must hold one object that describes a Boss, as POST /v1/bosses takes it; what does not end with .json, .ndjson or .jsonl is read as YAML',
    'taylord: rows.csv must hold a list of rows; one that describes a Boss must be the only FILE, and is for submit and run; what does not end with .json, .ndjson or .jsonl is read as YAML',
    `taylord: there is no option --treads, and no kind has such an attribute (did you mean --threads?); --treads:='"VALUE"' gives it all the same`,
    `taylord: there is no option --sleeping_tim, and no kind has such an attribute (did you mean --sleeping_time?); --sleeping_tim:='"VALUE"' gives it all the same`,
    'taylord: command has no attribute "label", which row 1 gives; it is ignored',
    'taylord: noop has no attribute "valeu", which row 2 gives; it is ignored (did you mean value?)',
    'taylord: noop has no attribute "timout", which row 2 gives; it is ignored (did you mean timeout?)',
    'taylord: noop has no attribute "x", which row 2 gives; it is ignored',
  ])
})

test('a Boss has all cores unless it is told how many at once', async ({ daemon, dir }) => {
  const { stdout } = await shell(daemon, dir, 'taylord submit --json -- true; taylord submit --threads 0 --json -- true')
  const [all, half] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as BossDocument).scheduler['max_threads'])
  const { body } = await daemon.get<{ cores: { total: number }; slots: { total: number } }>('/v1/resources')
  expect([all, half]).toEqual([Math.min(body.cores.total, body.slots.total), Math.max(1, Math.floor(body.cores.total / 2))])
})

test('what is not sent leaves nothing behind', async ({ daemon, dir }) => {
  const before = (await daemon.get<{ items: unknown[] }>('/v1/bosses')).body.items.length
  const { stdout } = await shell(daemon, dir, 'taylord submit --dry-run -- touch made; taylord submit --each 1 2 3 --dry-run -- touch {}')
  expect(stdout.trimEnd().split('\n')).toHaveLength(4)
  expect((await daemon.get<{ items: unknown[] }>('/v1/bosses')).body.items).toHaveLength(before)
  expect(existsSync(join(dir, 'made'))).toBe(false)
})
