import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const checkImage = fileURLToPath(new URL('check-image', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Asks the container to run a program and a task; both must succeed. */
const works = `
  curl -fsS "$BASE_URL/v1/bosses" --json '{"name": "in", "scheduler": {"limit": "threads", "max_threads": 2, "binded": true}, "instructions": [
    {"kind": "command", "program": "sha256sum", "args": ["/app/LICENSE"]}, {"kind": "sleeper", "sleeping_time": 0.1}], "end": true}' &&
  curl -fsS "$BASE_URL/v1/bosses/in/report?interim=false" -H 'Prefer: wait=20' | grep '"succeeded".*"succeeded"'`

test('the image builds, serves, works and stops as it should, when nothing but its volume is writable and it has no capabilities', {
  timeout: 600_000,
}, async () => {
  const hardened = ['--read-only', '--read-only-tmpfs=false', '--cap-drop=ALL'].flatMap((arg) => ['--run-arg', arg])
  const args = [checkImage, ...hardened, '--probe', works, '/livez']
  // building an image needs root
  const [program, ...rest] = process.getuid?.() === 0 ? ['bash', ...args] : ['sudo', '-n', 'bash', ...args]
  const check = spawn(program ?? '', rest, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [check.stdout, check.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(check, 'close')) as [number]
  expect(said).toMatch(/passed, 0 failed/)
  expect(code).toBe(0)
})
