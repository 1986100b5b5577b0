import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '../support/temp.js'
import { root, taylord, type Ran } from './taylord.js'

/** What bin/taylord tells Node.js. */
const flag = '--max-semi-space-size=8'

const inNpm = `node-linux-${process.arch}/bin/node`

/** A program that says what it is and what it was given, and like Node.js knows its version. */
function fakeNode(path: string, version = 'v24.0.0'): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else echo "$0" "$@"; fi\n`)
  chmodSync(path, 0o755)
}

/** taylord as it lies in `at`: installed, and built unless told otherwise. */
function install(at: string, built = true): void {
  mkdirSync(`${at}/dist`, { recursive: true })
  for (const name of ['bin', 'package.json']) cpSync(`${root}${name}`, `${at}/${name}`, { recursive: true })
  if (built) writeFileSync(`${at}/dist/main.js`, '')
}

/** Runs it with nothing but the programs of the system's own directories, less Node.js, and those of `path`. */
function run(program: string, path: string): Promise<Ran> {
  const tools = tempDir()
  for (const tool of ['sh', 'dirname', 'readlink', 'uname', 'sed', 'sort', 'head']) symlinkSync(`/usr/bin/${tool}`, `${tools}/${tool}`)
  return taylord(['serve', '--port', '1'], { PATH: `${path}:${tools}` }, program)
}

test('a checkout runs the Node.js that npm installed in it', async () => {
  const dir = tempDir()
  install(dir)
  fakeNode(`${dir}/node_modules/${inNpm}`)
  fakeNode(`${dir}/system/node`)
  const { stdout } = await run(`${dir}/bin/taylord`, `${dir}/system`)
  expect(stdout).toBe(`${dir}/node_modules/${inNpm} ${flag} ${dir}/dist/main.js serve --port 1\n`)
})

test('as a dependency it finds the one beside it, through the link that npm makes', async () => {
  const dir = tempDir()
  const at = `${dir}/a project/node_modules`
  install(`${at}/taylord`)
  fakeNode(`${at}/${inNpm}`)
  mkdirSync(`${at}/.bin`)
  symlinkSync('../taylord/bin/taylord', `${at}/.bin/taylord`)
  symlinkSync(`${at}/.bin/taylord`, `${dir}/taylord`)
  for (const program of [`${at}/.bin/taylord`, `${dir}/taylord`]) {
    expect((await run(program, '/none')).stdout).toBe(`${at}/${inNpm} ${flag} ${at}/taylord/dist/main.js serve --port 1\n`)
  }
})

test.each([
  ['v22.12.0', true],
  ['v24.0.0', true],
  ['v100.1.0', true],
  ['v22.9.0', false],
  ['v20.20.2', false],
])('without it the system has to have one that `engines` allows: %s, %s', async (version, allowed) => {
  const dir = tempDir()
  install(dir)
  fakeNode(`${dir}/system/node`, version)
  const { code, stdout, stderr } = await run(`${dir}/bin/taylord`, `${dir}/system`)
  if (allowed) expect({ code, stdout }).toEqual({ code: 0, stdout: `${dir}/system/node ${flag} ${dir}/dist/main.js serve --port 1\n` })
  else {
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(`taylord: needs Node.js 22.12 or newer (the system has: ${version}); run 'npm ci' in ${dir}, which installs one\n`)
  }
})

test('with no Node.js at all, also when bin/ itself is in PATH, it says what to do', async () => {
  const dir = tempDir()
  install(dir)
  const { code, stderr } = await run(`${dir}/bin/taylord`, `${dir}/bin`)
  expect(code).toBe(1)
  expect(stderr).toBe(`taylord: needs Node.js 22.12 or newer (the system has: none); run 'npm ci' in ${dir}, which installs one\n`)
})

test('what is not built says how to build it', async () => {
  const dir = tempDir()
  install(dir, false)
  expect(await run(`${dir}/bin/taylord`, '/none')).toEqual({
    code: 1,
    stdout: '',
    stderr: `taylord: ${dir} is not built; run there: npm ci && npm run build\n`,
  })
})
