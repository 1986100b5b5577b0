import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
// the emitted module: its reader runs in a plain Node process
import { readPlugins } from '../../dist/plugins.js'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'taylord-plugins-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const put = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
}
const definition = (worker: string, rest = 'task() {}') =>
  `{ worker: '${worker}', footprint: { attr: { kind: { values: ['${worker}'] } } }, ${rest} }`
const reasonsIn = async () => Object.fromEntries((await readPlugins(dir)).refused.map(({ file, reason }) => [file, reason]))

test('every *.js and *.mjs of the directory is read, in order of names, one definition or a list', async () => {
  put({
    'b.mjs': `export default [${definition('b1')}, ${definition('b2')}]`,
    'a.js': `export default ${definition('a', 'async task() { return 1 }, footprints: 1')}`,
    'c.txt': 'not read',
  })
  mkdirSync(join(dir, 'd.js'))
  const { kinds, refused } = await readPlugins(dir)
  expect(refused).toEqual([])
  expect(kinds).toEqual(
    [
      ['a', 'a.js'],
      ['b1', 'b.mjs'],
      ['b2', 'b.mjs'],
    ].map(([worker, file]) => ({
      worker,
      file,
      module: pathToFileURL(join(dir, file as string)).href,
      footprint: { attr: { kind: { values: [worker] } } },
    })),
  )
})

test('a file that does harm while it is imported costs nothing but itself', { timeout: 30_000 }, async () => {
  put({
    'crash.js': 'process.kill(process.pid, "SIGSEGV")',
    'exit.js': 'console.error("no licence"); process.exit(3)',
    'garbage.js': `process.stdout.write('{"definitions":[]}\\n'.repeat(9999)); process.send?.({ hello: 1 }); process.send?.({ definitions: [null] }); export default ${definition('garbage')}`,
    'hang.js': 'while (true);',
    'lingers.js': `setInterval(() => {}, 1000); export default ${definition('lingers')}`,
    'syntax.js': 'export default {\n  worker: ,\n}',
    'throws.js': 'throw new TypeError("no camera")',
    'wait.js': 'await new Promise((done) => setTimeout(done, 1e9))',
    'z.js': `export default ${definition('z')}`,
  })
  const { kinds, refused } = await readPlugins(dir)
  expect(kinds.map(({ worker }) => worker)).toEqual(['garbage', 'lingers', 'z'])
  expect(Object.fromEntries(refused.map(({ file, reason }) => [file, reason]))).toEqual({
    'crash.js': expect.stringContaining('ended with SIGSEGV while it was imported'),
    'exit.js': 'its process ended with exit code 3 while it was imported: no licence',
    'hang.js': 'importing it took more than 10 s',
    'syntax.js': expect.stringMatching(/exit code 1 .*syntax\.js:2\n[\s\S]*SyntaxError: Unexpected token/),
    'throws.js': 'it cannot be imported: TypeError: no camera',
    'wait.js': 'importing it took more than 10 s',
  })
})

test('a bad definition is named and the others of its file stay', async () => {
  put({
    'a.js': `export default [${definition('a')}, ${definition('b', '')}, ${definition('c d')}, { worker: 'e', footprint: { attr: { x: { optional: true } } }, task() {} }]`,
    'function.js': `export default { worker: 'f', footprint: { attr: { x: { type: String } } }, task() {} }`,
  })
  const { kinds, refused } = await readPlugins(dir)
  expect(kinds.map(({ worker }) => worker)).toEqual(['a'])
  expect(refused.map(({ reason }) => reason)).toEqual([
    'b: it has no function "task", which carries an instruction out',
    expect.stringContaining('definition 3: "worker" must be a name'),
    expect.stringContaining('e: it has no mandatory attribute'),
    expect.stringContaining('f: attribute "x" has the unknown type'),
  ])
})

test('hooks are functions, or their kind is left out', async () => {
  put({
    'a.js': `export default ${definition('a', 'task() {}, hooks: [() => {}, async function b() {}]')}`,
    'b.js': `export default [${definition('b', 'task() {}, hooks: [1]')}, ${definition('c', 'task() {}, hooks() {}')}]`,
  })
  const { kinds, refused } = await readPlugins(dir)
  expect(kinds.map(({ worker }) => worker)).toEqual(['a'])
  const reason = 'its "hooks" must be a list of functions, which run before the task'
  expect(refused.map((each) => each.reason)).toEqual([`b: ${reason}`, `c: ${reason}`])
})

test('a regular expression is handed back as data', async () => {
  put({
    'a.js': `export default { worker: 'a', footprint: { attr: { x: {} }, only: { x: [/a+$/, /b/i] }, priority: 'debug' }, task() {} }`,
  })
  const { kinds, refused } = await readPlugins(dir)
  expect(refused).toEqual([])
  expect(kinds[0]?.footprint).toEqual({ attr: { x: {} }, only: { x: [{ $re: 'a+$' }, { $re: '(?i)b' }] }, priority: 'debug' })
})

test('a default export that is no definition says so', async () => {
  put({
    'cycle.js': `const a = ${definition('a')}; a.footprint.attr.a = a; export default a`,
    'empty.js': 'export default []',
    'none.js': 'export const worker = 1',
    'null.js': 'export default null',
    'text.js': 'export default "a"',
  })
  expect(await reasonsIn()).toEqual({
    'cycle.js': expect.stringContaining('its default export is not plain data'),
    'empty.js': 'its list of definitions is empty',
    'none.js': expect.stringContaining('it has no default export'),
    'null.js': 'definition 1: a definition is an object { worker, footprint }',
    'text.js': 'definition 1: a definition is an object { worker, footprint }',
  })
})

test('of two files with the same worker the later one is refused', async () => {
  put({ 'a.js': `export default ${definition('same')}`, 'b.js': `export default ${definition('same')}` })
  const { kinds, refused } = await readPlugins(dir)
  expect(kinds.map(({ file }) => file)).toEqual(['a.js'])
  expect(refused).toEqual([{ file: 'b.js', reason: 'same: a.js defines a worker of this name already' }])
})

test('a directory that is not there is an error', async () => {
  await expect(readPlugins(join(dir, 'nope'))).rejects.toThrow(/plugin directory .*nope does not exist/)
})

test('an empty directory has no kinds', async () => {
  expect(await readPlugins(dir)).toEqual({ kinds: [], schedulers: [], refused: [] })
})

test('a node that cannot be started is a reason', async () => {
  put({ 'a.js': `export default ${definition('a')}` })
  expect((await readPlugins(dir, join(dir, 'no-node'))).refused).toEqual([
    { file: 'a.js', reason: expect.stringContaining('no process to import it') },
  ])
})

test('schedulers are read beside kinds, and bad ones are named', async () => {
  put({
    'a.js': `export default [${definition('a')}, { scheduler: 'shortest', settings: { most: { type: 'int' } }, launchable() {} }]`,
    'b.js': `export default [{ scheduler: 'shortest', launchable() {} }, { scheduler: 'idle' }, { scheduler: 1 }, { scheduler: 'no name' }]`,
    'c.js': `export default [{ scheduler: 'c', settings: [], launchable() {} }, { scheduler: 'd', settings: { scheduler: {} }, launchable() {} }, { scheduler: 'e', settings: { x: { type: 'number' } }, launchable() {} }]`,
  })
  const { kinds, schedulers, refused } = await readPlugins(dir)
  expect(kinds.map(({ worker }) => worker)).toEqual(['a'])
  expect(schedulers).toEqual([
    { scheduler: 'shortest', settings: { most: { type: 'int' } }, module: pathToFileURL(join(dir, 'a.js')).href, file: 'a.js' },
  ])
  expect(refused.map(({ reason }) => reason)).toEqual([
    'shortest: a.js defines a scheduler of this name already',
    'idle: it has no function "launchable", which decides what may start',
    expect.stringContaining('definition 3: "scheduler" must be a name'),
    expect.stringContaining('definition 4: "scheduler" must be a name'),
    'c: "settings" must be an object of attributes, such as { most: { type: \'int\' } }',
    'd: no setting can be called "scheduler", which names the policy',
    expect.stringContaining('e: attribute "x" has the unknown type'),
  ])
})
