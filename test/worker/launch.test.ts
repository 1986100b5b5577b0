import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** Opens files until so many more can be opened, then tries to start a program. Tells what became of it, and how many files stayed open. */
const script = `
import { closeSync, openSync, readlinkSync } from 'node:fs'
import { launch } from ${JSON.stringify(new URL('../../dist/worker/launch.js', import.meta.url).href)}
const isOpen = (fd) => { try { return readlinkSync('/proc/self/fd/' + fd) !== '' } catch { return false } }
const open = () => Array.from({ length: 128 }, (_, fd) => fd).filter(isOpen).length
const taken = []
try { for (;;) taken.push(openSync('/dev/null')) } catch {}
for (let room = 0; room <= 5; room++) {
  if (room > 0) closeSync(taken.pop())
  const before = open()
  try {
    launch('/bin/true', 'true', [], [], '/', 'text', undefined)
    console.log(room, 'started', open() - before)
  } catch (error) {
    console.log(room, error.message, open() - before)
  }
}`

test('a program that cannot be started for want of descriptors leaves none open', async () => {
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    'ulimit -n 96; exec "$0" --input-type=module --eval "$1"',
    process.execPath,
    script,
  ])
  const noPipe = 'no pipe could be made: this host has too many open files 0'
  expect(stdout.trimEnd().split('\n')).toEqual([
    `0 ${noPipe}`,
    `1 ${noPipe}`,
    `2 ${noPipe}`,
    `3 ${noPipe}`,
    '4 its standard input could not be prepared 0',
    '5 started 2',
  ])
})
