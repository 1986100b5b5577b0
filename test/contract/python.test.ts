import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.js'
import { tempDir } from '../support/temp.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const here = `${root}test/contract`
const generator = `${root}node_modules/@openapitools/openapi-generator-cli/main.js`
const run = promisify(execFile)

test('a client that openapi-generator makes for Python carries out the demo', { timeout: 180_000 }, async () => {
  const dir = tempDir()
  const out = `${dir}/client`
  const options = ['-g', 'python', '-i', `${root}openapi.yaml`, '-o', out, '--additional-properties', 'packageName=taylord_client']
  await run(process.execPath, [generator, '--openapitools', `${here}/openapitools.json`, 'generate', ...options], {
    cwd: dir,
    maxBuffer: 2 ** 26,
  })
  const daemon = await startDaemon({ plugins: `${root}examples/plugins` })
  const files = [1, 2, 3, 4, 5].map((n) => `${dir}/${n}.txt`)
  for (const [n, file] of files.entries()) writeFileSync(file, 'a text that repeats itself\n'.repeat(1_000 * (n + 1)))
  const { stdout } = await run(`${root}.venv/bin/python`, [`${here}/demo.py`, daemon.url, ...files], { env: { PYTHONPATH: out } })
  expect(JSON.parse(stdout)).toEqual({
    statuses: ['finished', 'finished'],
    outcomes: Array<string>(10).fill('succeeded'),
    same: true,
    pages: [[1, 2], [3, 4], [5]],
    problem: [404, 'not-found'],
    left: ['sha256sum'],
  })
})
