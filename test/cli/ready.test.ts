import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { expect, test } from 'vitest'
import { tempDir } from '../support/temp.js'
import { root } from './taylord.js'

const suiteTools = [
  'buildah',
  'podman',
  'runc',
  'mmdebstrap',
  'newuidmap',
  'curl',
  'java',
  'nsenter',
  'ps',
  'zsh',
  'fish',
  'chromium',
  'slurmctld',
  'munged',
]

/** A checkout of which only what scripts/ready.sh looks at is real; every command that it calls writes itself to a log. */
function checkout() {
  const dir = tempDir()
  const bin = `${dir}/commands`
  for (const name of [`${dir}/src`, `${dir}/scripts`, `${dir}/test/contract`, bin]) mkdirSync(name, { recursive: true })
  cpSync(`${root}scripts/ready.sh`, `${dir}/scripts/ready.sh`)
  for (const name of [
    'src/main.ts',
    'tsconfig.json',
    'package-lock.json',
    'openapi.yaml',
    'scripts/build.mjs',
    'scripts/reader.mjs',
    'test/contract/requirements.txt',
  ])
    writeFileSync(`${dir}/${name}`, '')
  for (const tool of ['sh', 'dirname', 'find', 'env', 'mkdir', 'cp']) symlinkSync(`/usr/bin/${tool}`, `${bin}/${tool}`)
  const stub = (name: string, does = '') => {
    writeFileSync(`${bin}/${name}`, `#!/bin/sh\necho "${name} $*" >> ${dir}/log\n${does}\n`)
    chmodSync(`${bin}/${name}`, 0o755)
  }
  const jars = 'node_modules/@openapitools/openapi-generator-cli/versions'
  stub(
    'npm',
    `case $1 in ci) mkdir -p node_modules; : > node_modules/.package-lock.json ;; run) mkdir -p dist; : > dist/.built ;; exec) mkdir -p ${jars}; : > ${jars}/7.jar ;; esac`,
  )
  stub('pip')
  stub('apt-get')
  stub('id', 'echo 0')
  for (const name of suiteTools) stub(name)
  // has all modules; that it was asked is not logged
  writeFileSync(`${bin}/python3`, `#!/bin/sh\nif [ "$2" = venv ]; then mkdir -p .venv/bin; cp ${bin}/pip .venv/bin; fi\n`, { mode: 0o755 })
  /** Calls it; returns the commands that it called. */
  const ready = async (...args: string[]) => {
    rmSync(`${dir}/log`, { force: true })
    const ran = await new Promise<{ failed: boolean; said: string }>((resolve) => {
      execFile('/bin/sh', [`${dir}/scripts/ready.sh`, ...args], { env: { PATH: bin } }, (error, stdout, stderr) =>
        resolve({ failed: error !== null, said: stdout + stderr }),
      )
    })
    return { ...ran, called: logOf(`${dir}/log`) }
  }
  return { dir, bin, stub, ready }
}

function logOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n')
  } catch {
    return []
  }
}

const ci = 'npm ci --no-audit --no-fund --loglevel=error'
const build = 'npm run --silent build'

test('a fresh clone is installed and built, a second time nothing is done', async () => {
  const { ready } = checkout()
  expect(await ready()).toEqual({
    failed: false,
    called: [ci, build],
    said: 'ready: installing the dependencies (npm ci)\nready: building (npm run build)\n',
  })
  expect(await ready()).toEqual({ failed: false, called: [], said: '' })
})

test('what changed is done again: a source, an added source, the lock file', async () => {
  const { dir, ready } = checkout()
  await ready()
  const later = new Date(Date.now() + 60_000)
  utimesSync(`${dir}/src/main.ts`, later, later)
  expect((await ready()).called).toEqual([build])
  utimesSync(`${dir}/src/main.ts`, new Date(0), new Date(0))
  expect((await ready()).called).toEqual([])
  writeFileSync(`${dir}/src/added.ts`, '')
  utimesSync(`${dir}/src`, later, later)
  expect((await ready()).called).toEqual([build])
  utimesSync(`${dir}/src`, new Date(0), new Date(0))
  utimesSync(`${dir}/package-lock.json`, later, later)
  expect((await ready()).called).toEqual([ci, build])
})

test('--test installs what is missing of Debian, Python and Maven, and only that', async () => {
  const { bin, ready } = checkout()
  await ready()
  expect((await ready('--test')).called).toEqual([
    'pip install --quiet --disable-pip-version-check -r test/contract/requirements.txt',
    'npm exec --no -- openapi-generator-cli --openapitools test/contract/openapitools.json version',
  ])
  expect((await ready('--test')).called).toEqual([])
  rmSync(`${bin}/newuidmap`)
  rmSync(`${bin}/podman`)
  const { failed, said, called } = await ready('--test')
  expect({ failed, said }).toEqual({ failed: false, said: 'ready: installing what the tests need (apt-get install podman uidmap)\n' })
  expect(called).toEqual(['id -u', 'apt-get update -qq', 'apt-get install -y -qq --no-install-recommends podman uidmap'])
})

test.each([
  ['the build', 'npm', '[ "$1" != run ]'],
  ['what Python needs', 'pip', 'exit 1'],
])('%s goes on beside the rest; when it fails, so does the whole', async (_what, command, does) => {
  const { bin, stub, ready } = checkout()
  await ready()
  rmSync(`${bin}/../dist`, { recursive: true })
  stub(command, does)
  expect(await ready('--test')).toMatchObject({ failed: true, called: expect.arrayContaining([build]) as string[] })
})

test('--test takes sudo when it asks nothing, else says what is missing and fails', async () => {
  const { bin, stub, ready } = checkout()
  await ready()
  rmSync(`${bin}/curl`)
  stub('id', 'echo 1000')
  stub('sudo', 'shift; "$@"')
  writeFileSync(`${bin}/true`, '#!/bin/sh\n', { mode: 0o755 })
  expect((await ready('--test')).called).toContain('apt-get install -y -qq --no-install-recommends curl')
  stub('sudo', 'exit 1')
  const { failed, said, called } = await ready('--test')
  expect(failed).toBe(true)
  expect(said).toContain('ready: cannot: that needs root; install these and try again: curl\n')
  expect(called).not.toContainEqual(expect.stringContaining('apt-get'))
})
