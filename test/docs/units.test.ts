import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.js'

const read = (file: string) => readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8')

test('the unit of systemd starts the daemon with settings there are, and waits for longer than their grace', () => {
  const unit = Object.fromEntries(
    read('contrib/taylord.service')
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  const [, verb, ...flags] = (unit['ExecStart'] ?? '').split(' ')
  expect(verb).toBe('serve')
  expect(Number(unit['TimeoutStopSec'])).toBeGreaterThanOrEqual(readConfig(flags, {}).grace + 5)
  expect(unit).toMatchObject({ KillMode: 'mixed', Restart: 'on-failure', Delegate: 'yes' })
})

test('compose waits for longer than the grace that the daemon has when nothing is said', () => {
  const [, seconds] = /stop_grace_period: (\d+)s/.exec(read('compose.yaml')) ?? []
  expect(Number(seconds)).toBeGreaterThanOrEqual(readConfig([], {}).grace + 5)
})
