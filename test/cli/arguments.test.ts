import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { tempDir } from '../support/temp.js'
import { root, taylord } from './taylord.js'

const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }

const verbs =
  'serve run submit append ls show report follow wait logs halt work end stop cancel retry kinds resources prune backup check completions'

test.each([[[]], [['--help']], [['help']]])('%j lists all that there is', async (args) => {
  const { code, stdout, stderr } = await taylord(args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(verbs.split(' ').filter((verb) => !stdout.includes(`\n  ${verb} `))).toEqual([])
})

test.each(verbs.split(' '))('%s --help says what it takes, with an example', async (verb) => {
  const { code, stdout, stderr } = await taylord([verb, '--help'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(new RegExp(`^taylord ${verb}: .+\n\nUsage:\n  taylord ${verb} \\[options\\]`))
  expect(stdout).toMatch(/\nExamples:\n {2}\S/)
})

test('serve --help lists the settings', async () => {
  const { stdout } = await taylord(['serve', '--help'])
  const told = ['--port PORT', '--data DIR', '--plugins DIR', '--config FILE', 'TAYLORD_PORT']
  expect(told.filter((part) => !stdout.includes(part))).toEqual([])
})

test('--version says the version of package.json', async () => {
  expect(await taylord(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

test.each([
  [['frobnicate'], {}, 'there is no command "frobnicate"; taylord --help lists what there is'],
  [['sumbit'], {}, 'there is no command "sumbit" (did you mean submit?); taylord --help lists what there is'],
  [['wait', '--timeuot', '3', 'x'], {}, 'there is no option --timeuot (did you mean --timeout?); taylord wait --help lists its options'],
  [['wait', 'x', '--timeout'], {}, '--timeout needs a value, TIME; taylord wait --help lists its options'],
  [['wait', 'x', '--timeout', '--json'], {}, '--timeout needs a value, TIME; taylord wait --help lists its options'],
  [['wait', 'x', '--json=yes'], {}, '--json takes no value; taylord wait --help lists its options'],
  [['wait', 'x', '--timeout', 'soon'], {}, '--timeout takes a time such as 90s, 15m, 12h or 30d; it is "soon"'],
  [['ls', '-n', '0'], {}, '--number takes a whole number from 1 on; it is "0"'],
  [['submit', '--memory', '1X', '--', 'true'], {}, '--memory takes MiB, or a size such as 512M or 2GiB; it is "1X"'],
  [['--json', 'ls'], {}, 'options follow the verb, as in taylord ls --json; taylord --help lists what there is'],
  [['--server', 'here', 'ls', '-q'], {}, '--server takes a URL such as http://127.0.0.1:8080, or unix:PATH; it is "here"'],
  [['--server=here'], {}, 'options follow the verb, as in taylord VERB --server=here; taylord --help lists what there is'],
  [['submit', '--env', 'A', '--', 'true'], {}, '--env takes NAME=VALUE; it is "A"'],
  [['submit', '-0', '--', 'true'], {}, '--null is for --each -, whose values come from stdin'],
  [['submit'], {}, 'submit needs a FILE, --each, or a command after --; taylord submit --help tells more'],
  [['submit', '--program'], {}, '--program needs a value; taylord submit --help lists its options'],
  [['cancel', 'x'], {}, 'cancel needs IDS, a filter, or --all; taylord cancel --help tells more'],
  [['ls'], { TAYLORD_URL: 'here' }, 'TAYLORD_URL takes a URL such as http://127.0.0.1:8080, or unix:PATH; it is "here"'],
  [['ls', '--token-file', '/none'], {}, "the token file /none cannot be read: ENOENT: no such file or directory, open '/none'"],
  [['serve', '--frobnicate'], {}, "Unknown option '--frobnicate'; taylord serve --help lists the settings"],
  [['serve', '--port', '80a'], {}, '--port must be a whole number from 0 to 65535; it is "80a"'],
  [['serve'], { TAYLORD_PORT: 'x' }, 'TAYLORD_PORT must be a whole number from 0 to 65535; it is "x"'],
])('%j with %j is refused with 2 and told what to do', async (args, env, message) => {
  expect(await taylord(args, env)).toEqual({ code: 2, stdout: '', stderr: `taylord: ${message}\n` })
})

test('a bad value in the config file is refused with 2 and told where it stands', async () => {
  const file = `${tempDir()}/config.json`
  writeFileSync(file, '{"port": -1}')
  const { code, stderr } = await taylord(['serve'], { TAYLORD_CONFIG: file })
  expect({ code, stderr }).toEqual({ code: 2, stderr: `taylord: "port" in ${file} must be a whole number from 0 to 65535; it is "-1"\n` })
})
