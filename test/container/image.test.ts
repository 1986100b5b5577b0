import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const checkImage = fileURLToPath(new URL('check-image', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/** How docs/container.md says to run it; not even /tmp is writable. */
const hardened = ['--read-only', '--read-only-tmpfs=false', '--cap-drop=ALL', '--security-opt=no-new-privileges']
const plugins = `--volume=${root}examples/plugins:/plugins:ro`

/** Whoever has no token is refused, the first one is in the volume. Asks the container to run a program, a task and a plugin; all must succeed. */
const works = `
  test "$(curl -s -o /dev/null -w '%{http_code}' "$BASE_URL/v1/bosses")" = 401 &&
  podman exec "$CONTAINER" sh -c 'test "$(stat -c %a /data/admin.token)" = 600' &&
  podman logs "$CONTAINER" 2>&1 | grep -q /data/admin.token &&
  TOKEN=$(podman exec "$CONTAINER" cat /data/admin.token) &&
  ! podman logs "$CONTAINER" 2>&1 | grep -q "$TOKEN" &&
  podman exec "$CONTAINER" /app/bin/taylord token create ci | grep -q ^taylord_ &&
  curl() { command curl -H "Authorization: Bearer $TOKEN" "$@"; } &&
  curl -fsS "$BASE_URL/v1/bosses" --json '{"name": "in", "end": true, "instructions": [
    {"kind": "command", "program": "sha256sum", "args": ["/app/LICENSE"]},
    {"kind": "sleeper", "sleeping_time": 0.1},
    {"kind": "brotli", "path": "/app/LICENSE"}]}' &&
  curl -fsS "$BASE_URL/v1/bosses/in/report?interim=false" -H 'Prefer: wait=30' | grep '"succeeded".*"succeeded".*"succeeded"'`

test('the image builds, serves, works and stops as it should when nothing but its volume is writable', { timeout: 600_000 }, async () => {
  const runArgs = [...hardened, plugins].flatMap((arg) => ['--run-arg', arg])
  const command = ['bash', checkImage, ...runArgs, '--probe', works, '/livez']
  // building an image needs root
  const [program = '', ...args] = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command]
  const check = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [check.stdout, check.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(check, 'close')) as [number]
  expect(said).toMatch(/\d+ passed, 0 failed/)
  expect(code).toBe(0)
})
