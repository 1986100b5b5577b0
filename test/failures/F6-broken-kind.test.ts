import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.js'
import { tempDir, until } from '../support/temp.js'

interface Kinds {
  readonly items: { readonly kind: string; readonly fault?: { readonly message: string; readonly retry_at?: string } }[]
}

/** A plugin that can be read, and then cannot be loaded by any worker until a file is there; each try leaves a line. */
function brokenPlugin(dir: string, how: string): { plugins: string; healed: string; tries: string } {
  const [plugins, healed, tries] = ['plugins', 'healed', 'tries'].map((name) => join(dir, name)) as [string, string, string]
  mkdirSync(plugins)
  const definition = `{ worker: 'broken', footprint: { attr: { kind: { values: ['broken'] } } }, task: () => 'done' }`
  writeFileSync(
    join(plugins, 'broken.mjs'),
    `import { appendFileSync, existsSync } from 'node:fs'
if (process.env.TAYLORD_HOST_TOKEN && !existsSync(${JSON.stringify(healed)})) {
  appendFileSync(${JSON.stringify(tries)}, process.pid + '\\n')
  ${how}
}
export default ${definition}
`,
  )
  writeFileSync(
    join(plugins, 'sound.mjs'),
    `export default { worker: 'sound', footprint: { attr: { kind: { values: ['sound'] } } }, task: () => 'done' }\n`,
  )
  return { plugins, healed, tries }
}

test.each([
  ['throws', `throw new Error('the licence has run out')`, 'the licence has run out'],
  ['ends its process', 'process.exit(3)', 'could not begin: it ended with exit code 3'],
])('10,000 tasks of a kind whose module %s fail with the reason, and few workers are started for them', async (_, how, reason) => {
  const { plugins, healed, tries } = brokenPlugin(tempDir(), how)
  const daemon = await startDaemon({ plugins })
  const boss = await daemon.hire({ individual_instructions: { kind: Array.from({ length: 10_000 }, () => 'broken') } })
  const sound = await daemon.hire({ instructions: [{ kind: 'sound' }], end: true })
  expect((await daemon.reportOnceOver(sound)).workers_report).toMatchObject([{ outcome: 'succeeded' }])
  await until(async () => (await daemon.boss(boss)).counts.failed === 10_000, 'all of them fail', 50_000)
  const entries = await daemon.entries(boss)
  expect(new Set(entries.map(({ cause }) => cause))).toEqual(new Set(['start']))
  expect(entries.every(({ error }) => error?.message.includes(reason))).toBe(true)

  expect(readFileSync(tries, 'utf8').trim().split('\n').length).toBeLessThan(20)
  const broken = async () => (await daemon.get<Kinds>('/v1/kinds')).body.items.find(({ kind }) => kind === 'broken')?.fault
  expect(await broken()).toMatchObject({ message: expect.stringContaining(reason) as string, retry_at: expect.any(String) as string })

  // it is tried again after a while, and believed when that succeeds
  writeFileSync(healed, '')
  await until(async () => {
    const { first } = await daemon.append(boss, { instructions: [{ kind: 'broken' }] })
    const { status } = await until(async () => {
      const document = await daemon.instruction(boss, first)
      return document.status === 'failed' || document.status === 'succeeded' ? document : undefined
    }, 'it ends')
    return status === 'succeeded'
  }, 'the kind works again')
  expect(await broken()).toBeUndefined()
})

test('while one instruction of a broken kind is tried, the others wait for what comes of it', async () => {
  const dir = tempDir()
  const [trying, gate] = [join(dir, 'trying'), join(dir, 'gate')]
  const text = (path: string) => JSON.stringify(path)
  const { plugins, healed } = brokenPlugin(dir, `throw new Error('the licence has run out')`)
  writeFileSync(
    join(plugins, 'broken.mjs'),
    readFileSync(join(plugins, 'broken.mjs'), 'utf8').replace(
      'export default',
      `import { writeFileSync } from 'node:fs'
if (process.env.TAYLORD_HOST_TOKEN) {
  writeFileSync(${text(trying)}, '')
  while (!existsSync(${text(gate)})) await new Promise((resolve) => setTimeout(resolve, 5))
}
export default`,
    ),
  )
  const daemon = await startDaemon({ plugins })
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 2 } })
  const append = (n: number) => daemon.append(boss, { individual_instructions: { kind: Array.from({ length: n }, () => 'broken') } })
  await append(5)
  await until(async () => (await daemon.boss(boss)).counts.failed === 5, 'the kind is given up')
  const kinds = await daemon.get<Kinds>('/v1/kinds')
  const retryAt = Date.parse(kinds.body.items.find(({ kind }) => kind === 'broken')?.fault?.retry_at ?? '')
  writeFileSync(healed, '')
  await until(() => Date.now() > retryAt, 'it is tried again')
  await append(1)
  await until(() => existsSync(trying), 'a worker tries it')
  await append(20)
  expect((await daemon.boss(boss)).counts).toMatchObject({ failed: 5, succeeded: 0 })
  writeFileSync(gate, '')
  await daemon.tell(boss, 'end')
  await daemon.reportOnceOver(boss)
  expect((await daemon.boss(boss)).counts).toMatchObject({ failed: 5, succeeded: 21 })
})
