import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { daemonVariable, pipes, runFile, tokenVariable } from '../../src/frames.js'
import { tempDir, until } from '../support/temp.js'

const page = readFileSync(new URL('../../docs/frames.md', import.meta.url), 'utf8')
const hostMain = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url))
const sleeper = new URL('../../dist/worker/kinds/sleeper.js', import.meta.url).href

const conversation = /^```text\n([\s\S]*?)^```$/m.exec(page)?.[1]?.trim().split('\n') ?? []
const said = (mark: string) => conversation.filter((line) => line.startsWith(mark)).map((line) => line.slice(2))

/** What differs from one run to the next: measures, times, the process and its CPUs. */
const masked = (line: string) =>
  line
    .replace(/"(pid|ms|waited|bytes|wall|cpu|max_rss)":[\d.]+/g, '"$1":0')
    .replace(/(?<="version":1.*"cpus":)\[[\d,]*\]/, '[]')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')

test('the conversation of docs/frames.md is one that a host has', async () => {
  const run = join(tempDir(), 'run')
  const token = 'documented'.padEnd(32, '.')
  writeFileSync(run, `${'0'.padEnd(15)}\n${'0'.padEnd(15)}\n${token}\n`.padEnd(runFile.bytes, '\0'))
  const stdio = ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'] as const
  const host = spawn(process.execPath, [hostMain], {
    stdio: [...stdio],
    env: { [daemonVariable]: String(process.pid), [tokenVariable]: token },
  })
  const gone = new Promise((resolve) => host.once('exit', resolve))
  onTestFinished(() => {
    host.kill('SIGKILL')
  })
  let heard = ''
  host.stdio[pipes.fromHost]?.on('data', (chunk: Buffer) => (heard += chunk.toString()))
  const toHost = host.stdio[pipes.toHost] as Writable
  for (const line of said('>')) {
    const kind = line.replace(/file:\/\/[^"]+/, sleeper)
    toHost.write(`${kind.replace(/"run":"[^"]+"/, `"run":"${run}"`)}\n`)
  }
  const documented = said('<')
  expect(documented.length).toBeGreaterThan(0)
  const lines = () => heard.split('\n').slice(0, -1)
  await until(() => lines().length >= documented.length, 'as many lines as the page has')
  expect(lines().slice(0, documented.length).map(masked)).toEqual(documented.map(masked))
  toHost.end()
  expect(await gone).toBe(0)
})

test('a report frame of docs/frames.md says how many bytes follow it', () => {
  const documented = said('<')
  const at = documented.findIndex((line) => line.startsWith('{"r":'))
  expect(documented[at]).toContain(`"bytes":${Buffer.byteLength(`${documented[at + 1]}\n`)}}`)
})
