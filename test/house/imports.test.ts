import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/**
 * Who may import whom. A room is the first name under src/, of a folder or a file: src/workshop.ts and src/workshop/turn.ts are both
 * in `workshop`. `boss/report` and `worker/task` admit that one file.
 */
const table: Record<string, readonly string[]> = {
  main: ['*'],
  serve: ['*'],
  cli: ['client', 'arrays', 'store'],
  dashboard: ['client'],
  client: [],
  http: ['workshop', 'feed', 'store', 'arrays', 'boss', 'footprint', 'scheduler'],
  workshop: ['scheduler', 'ledger', 'crew', 'policy', 'outputs', 'store', 'feed', 'boss', 'footprint'],
  feed: ['store', 'boss'],
  store: ['boss'],
  scheduler: ['boss', 'footprint'],
  policy: ['scheduler', 'frames', 'processes', 'worker/libc'],
  crew: ['boss', 'frames', 'topology', 'processes', 'cgroup'],
  worker: ['arrays', 'outputs', 'frames', 'footprint', 'topology', 'processes', 'cgroup', 'machine', 'boss/ending'],
  boss: ['footprint'],
  plugins: ['footprint', 'scheduler', 'processes'],
  index: ['footprint', 'scheduler', 'worker/task', 'client'],
  footprint: [],
  ledger: [],
  topology: [],
  frames: [],
  arrays: [],
  outputs: [],
  config: [],
  machine: ['cgroup'],
  processes: [],
  cgroup: [],
}

/** Rooms that know no clock, disk, network or process: time comes in as data. */
const pure = ['ledger', 'boss', 'footprint', 'scheduler', 'topology']
const impure =
  /\bDate\.now\b|\bnew Date\b(?!\()|\bnew Date\(\s*\)|\bperformance\.\w|\bprocess\.\w|\bset(?:Timeout|Interval|Immediate)\(|\bfetch\(|\bMath\.random\b/

/** The process that reads the plugins is a program of its own, started by src/plugins.ts. */
const roomOf = (path: string) => (path.split('/')[0] ?? '').replace(/\.tsx?$/, '').replace(/^plugin-reader$/, 'plugins')
const withoutComments = (source: string) => source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/g, '')
/** What a source imports or exports from, at the top or by `import()`. */
const importsOf = (source: string) =>
  [...withoutComments(source).matchAll(/(?:^|[\s;}])(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) => specifier ?? '')

/** What a file does that its room may not; one sentence each. @param path of the file under src/. */
function breaches(path: string, source: string): string[] {
  const room = roomOf(path)
  const may = table[room]
  if (!may) return [`${path}: the room "${room}" is not in the table`]
  const found: string[] = []
  for (const specifier of importsOf(source)) {
    if (!specifier.startsWith('.')) {
      if (pure.includes(room) && specifier.startsWith('node:')) found.push(`${path} imports ${specifier}, and ${room} is pure`)
      continue
    }
    const target = normalize(join(dirname(path), specifier)).replace(/\.js$/, '')
    const allowed = [room, ...may].some((name) => name === '*' || name === target || name === roomOf(target))
    if (!allowed) found.push(`${path} imports ${specifier}, and ${room} may import ${may.join(', ') || 'nothing'}`)
  }
  const [what] = pure.includes(room) ? (impure.exec(withoutComments(source)) ?? []) : []
  if (what) found.push(`${path} uses ${what}, and ${room} is pure`)
  return found
}

const src = fileURLToPath(new URL('../../src/', import.meta.url))
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path))

test('every file imports only what the table lets its room import', () => {
  expect(files).toEqual(expect.arrayContaining(['main.ts', 'dashboard/app.tsx']))
  expect(files.flatMap((path) => breaches(path, readFileSync(join(src, path), 'utf8')))).toEqual([])
})

test.each([
  ['boss/boss.ts', "import { readFileSync } from 'node:fs'", 'boss/boss.ts imports node:fs, and boss is pure'],
  [
    'boss/boss.ts',
    "import type { Store } from '../store/store.js'",
    'boss/boss.ts imports ../store/store.js, and boss may import footprint',
  ],
  ['ledger.ts', "export { gather } from './boss/instruction.js'", 'ledger.ts imports ./boss/instruction.js, and ledger may import nothing'],
  ['http/app.ts', "import '../crew/local.js'", 'http/app.ts imports ../crew/local.js, and http may import workshop'],
  ['feed.ts', "const late = await import('./http/app.js')", 'feed.ts imports ./http/app.js, and feed may import store, boss'],
  ['worker/main.ts', "import {\n  gather,\n} from '../boss/instruction.js'", 'worker/main.ts imports ../boss/instruction.js'],
  ['scheduler/leaf.ts', 'const started = Date.now()', 'scheduler/leaf.ts uses Date.now, and scheduler is pure'],
  ['footprint/python.ts', 'const home = process.env', 'footprint/python.ts uses process.e, and footprint is pure'],
  ['attic/box.ts', '', 'attic/box.ts: the room "attic" is not in the table'],
])('a breach in %s is found: %s', (path, source, sentence) => {
  expect(breaches(path, source)).toEqual([expect.stringContaining(sentence)])
})

test.each([
  ['worker/main.ts', "import { renderEnding } from '../boss/ending.js'"],
  ['workshop/turn.ts', "import { openWorkshop } from '../workshop.js'\nimport { choose } from '../scheduler/choose.js'"],
  ['main.ts', "import { buildApp } from './http/app.js'"],
  ['boss/event.ts', "// Date.now() is the workshop's\nconst time = new Date(at).toISOString() /* import '../store/store.js' */"],
  ['store/store.ts', "import { join } from 'node:path'\nimport Database from 'better-sqlite3'"],
])('what the table allows in %s is no breach: %s', (path, source) => {
  expect(breaches(path, source)).toEqual([])
})
