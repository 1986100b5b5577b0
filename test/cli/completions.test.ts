import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { lineTest as test } from '../support/daemon.js'
import { shell } from './shell.js'
import { taylord } from './taylord.js'

/** A script of bash that prints what a Tab would offer after these words. */
const tab = (...words: string[]) =>
  `COMP_WORDS=(taylord ${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length}; _taylord; echo "\${COMPREPLY[*]}"`

test('bash completes verbs, options, their words, Bosses and files', async ({ daemon, dir }) => {
  const { id } = await daemon.hire({ end: true })
  const asked = [
    tab('sub'),
    tab('wait', '--ti'),
    tab('cancel', '3', '--status', ''),
    tab('halt', `${id}`),
    tab('halt', 'la'),
    tab('completions', ''),
    tab('serve', '--keep-'),
    tab('submit', 'row'),
    tab('submit', '--name', ''),
  ]
  const { stdout, stderr } = await shell(daemon, dir, `touch rows.yaml && eval "$(taylord completions bash)" && ${asked.join('\n')}`)
  expect([stderr, stdout.split('\n')]).toEqual([
    '',
    [
      'submit',
      '--timeout',
      'pending working',
      `${id}`,
      'last',
      'bash zsh fish',
      '--keep-days --keep-bosses --keep-mib --keep-events',
      'rows.yaml',
      '',
      '',
    ],
  ])
})

for (const name of ['zsh', 'fish'] as const) {
  test(`${name} gets every verb and option`, async () => {
    const { code, stdout } = await taylord(['completions', name])
    expect(code).toBe(0)
    for (const word of ['submit', 'follow', 'timeout', 'token-file', 'keep-mib', 'pending working']) expect(stdout).toContain(word)
    await promisify(execFile)(name, ['-n', '-c', stdout])
  })
}

test('another shell is refused', async () => {
  const { code, stderr } = await taylord(['completions', 'tcsh'])
  expect([code, stderr]).toEqual([2, 'taylord: completions takes bash, zsh or fish, not tcsh\n'])
})
