import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { untilGone } from '../support/processes.js'
import { tempDir } from '../support/temp.js'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))

/** Runs an example to its end. @returns what it wrote, which is nothing but its output; it leaves nothing behind. */
async function outputOf(name: string, ...args: readonly string[]): Promise<string> {
  const tmp = tempDir()
  const running = promisify(execFile)(process.execPath, [`${examples}${name}.mjs`, ...args], { env: { ...process.env, TMPDIR: tmp } })
  const { stdout, stderr } = await running
  expect(stderr).toBe('')
  await untilGone(tmp)
  expect(readdirSync(tmp)).toEqual([])
  return stdout
}

test('the sleepers tell what came in until now, and in the end where all of them slept', async () => {
  const lines = await outputOf('sleeper', '--scale', '0.1')
  expect(lines).toMatch(/^Intermediate report: /)
  expect(lines.match(/Hello Dolly ! Woke up after 0\.9 s sleep on cpu \[None\]/g)).toHaveLength(1)
  expect(lines.match(/Hello ! Woke up after 0\.3\d* s sleep on cpu \[None\]/g)).toHaveLength(1)
})

test('the logarithmers print the array before and after, as numpy does', async () => {
  expect(await outputOf('logarithmer')).toBe(`[[0. 1. 2.]
 [1. 2. 3.]]
[[      -inf 0.         0.69314718]
 [0.         0.69314718 1.09861229]]
`)
})

test('the summers make the sum', async () => {
  expect(await outputOf('summer')).toBe('45==45\n')
})

test('the summers without the lock make some sum', async () => {
  expect(await outputOf('summer', '--no-lock')).toMatch(/^\d+==45\n$/)
})

test('the matrix producters print the time and the product', async () => {
  const number = String.raw`\d\.\d{1,8}`
  const row = String.raw`\[ ?${number}(?: +${number}){7} *\]`
  expect(await outputOf('matrix-producter')).toMatch(new RegExp(`^Exec in: [\\d.]+\n\\[${row}(?:\n ${row}){5}\\]\n$`))
})

test.each(['demo', 'sleeper', 'summer', 'logarithmer', 'matrix-producter'])(
  '%s says with --help what it does, and refuses what is no option',
  async (name) => {
    expect(await outputOf(name, '--help')).toMatch(/^Usage: .*\n\n[^]*--help\n$/)
    await expect(outputOf(name, '--hepl')).rejects.toMatchObject({
      code: 2,
      stderr: "Unknown option '--hepl'; --help says what there is\n",
    })
  },
)
