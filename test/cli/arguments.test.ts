import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { tempDir } from '../support/temp.js'
import { root, taylord } from './taylord.js'

const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }

test.each([[[]], [['--help']], [['-h']], [['serve', '--help']]])('%j shows the help', async (args) => {
  const { code, stdout, stderr } = await taylord(args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const told of ['Usage:', '--port PORT', '--data DIR', '--plugins DIR', '--config FILE', 'TAYLORD_PORT'])
    expect(stdout).toContain(told)
})

test('--version says the version of package.json', async () => {
  expect(await taylord(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

test.each([
  [['frobnicate'], 'there is no command "frobnicate"; taylord --help'],
  [['serve', '--frobnicate'], "Unknown option '--frobnicate'; taylord serve --help lists the settings"],
  [['serve', 'now'], "Unexpected argument 'now'; taylord serve --help"],
  [['serve', '--port'], "Option '--port <value>' argument missing; taylord serve --help"],
  [['serve', '--port', '80a'], '--port must be a whole number from 0 to 65535; it is "80a"'],
  [['serve', '--port', '65536'], '--port must be a whole number from 0 to 65535; it is "65536"'],
  [['serve', '--slots', '0'], '--slots must be a whole number from 1'],
  [['serve', '--data', ''], '--data must not be empty'],
  [['serve', '--log', 'loud'], '--log must be one of fatal, error,'],
  [['serve', '--config', '/dev/null/none'], 'the config file /dev/null/none cannot be read'],
])('%j is refused with 2 and told what to do', async (args, message) => {
  const { code, stdout, stderr } = await taylord(args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^taylord: .+\n$/)
  expect(stderr).toContain(message)
})

test('a bad variable is refused by its name', async () => {
  const { code, stderr } = await taylord(['serve'], { TAYLORD_PORT: 'x' })
  expect({ code, stderr }).toEqual({ code: 2, stderr: 'taylord: TAYLORD_PORT must be a whole number from 0 to 65535; it is "x"\n' })
})

test.each([
  ['{', 'cannot be read'],
  ['[]', 'must hold one JSON object'],
  ['{"prot": 1}', '"prot" in FILE is no setting; there are host, port,'],
  ['{"port": "x"}', '"port" in FILE must be a whole number from 0 to 65535; it is "x"'],
])('the config file %s is refused', async (content, message) => {
  const file = `${tempDir()}/config.json`
  writeFileSync(file, content)
  const { code, stderr } = await taylord(['serve', '--config', file])
  expect(code).toBe(2)
  expect(stderr.replaceAll(file, 'FILE')).toContain(message)
})
