import { expect } from 'vitest'
import { lineTest as test } from '../support/daemon.js'
import { shell } from './shell.js'

/** What a terminal of 60 columns with colours is sent, whatever the suite itself runs in. */
const onTerminal = (command: string) =>
  `env -u CI -u FORCE_COLOR TERM=xterm-256color script -qec 'stty cols 60; ${command}' /dev/null </dev/null`

test('a terminal gets colours unless NO_COLOR says otherwise, a pipe none', async ({ daemon, dir }) => {
  const { id } = await daemon.hire({ end: true })
  const listing = `taylord ls ; taylord show ${id}`
  const { stdout } = await shell(daemon, dir, `${onTerminal(listing)}`, { NO_COLOR: '' })
  expect(stdout.split('\u001b[32mfinished\u001b[39m')).toHaveLength(3)
  for (const script of [`NO_COLOR=1 ${onTerminal(listing)}`, listing]) {
    const plain = await shell(daemon, dir, script, { NO_COLOR: '' })
    expect(plain.stdout).toContain('finished')
    expect(plain.stdout).not.toContain('\u001b')
  }
})

test('a terminal shows a bar that goes on in its line, and data where it belongs', async ({ daemon, dir }) => {
  const { id } = await daemon.hire({ instructions: Array(5).fill({ kind: 'noop' }), end: true })
  const { stdout } = await shell(daemon, dir, onTerminal(`taylord wait ${id}`))
  expect(stdout.replaceAll(/#+/g, '#')).toContain('\r[#] 5 of 5 done\u001b[K\r\n')
  expect(stdout).toMatch(/\nBoss \d+: .*finished.*, 5 instructions/)
})
