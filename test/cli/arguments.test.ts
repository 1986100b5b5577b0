import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { tempDir } from '../support/temp.js'
import { root, taylord } from './taylord.js'

const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }

test.each([[[]], [['--help']], [['serve', '--help']]])('%j shows the help', async (args) => {
  const { code, stdout, stderr } = await taylord(args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const told = ['Usage:', '--port PORT', '--data DIR', '--plugins DIR', '--config FILE', 'TAYLORD_PORT']
  expect(told.filter((part) => !stdout.includes(part))).toEqual([])
})

test('--version says the version of package.json', async () => {
  expect(await taylord(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

test.each([
  [['frobnicate'], {}, 'there is no command "frobnicate"; taylord --help lists what there is'],
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
