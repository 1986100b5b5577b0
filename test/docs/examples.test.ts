import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { taylord } from '../cli/taylord.js'
import { startDaemon } from '../support/daemon.js'
import { tempDir } from '../support/temp.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const plugins = `${root}examples/plugins`
/** Where the pages say that the daemon listens. */
const documented = 'http://127.0.0.1:8080'
/** What a block may be: `sh` is run here, `console` is for a person (it builds, installs or starts something), the others are no commands. */
const languages = ['sh', 'console', 'js', 'json', 'yaml', 'python', 'text']
/** A refusal is a failure; without a bar of its progress. And taylord as if it were in PATH. */
const strictCurl = `curl() { command curl -sS --fail-with-body "$@"; }; taylord() { "${root}bin/taylord" "$@"; }`

/** The fenced blocks of a page, in order. */
const blocksOf = (page: string) =>
  [...readFileSync(root + page, 'utf8').matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }))

const pages = [
  'README.md',
  'docs/api.md',
  'docs/cli.md',
  'docs/workers.md',
  'docs/output.md',
  'docs/storage.md',
  'docs/limits.md',
  'docs/arrays.md',
  'docs/schedulers.md',
  'docs/retries.md',
  'docs/operations.md',
  'docs/security.md',
  'docs/from-taylorism.md',
]

test.each(pages)('each block of %s says what it is', (page) => {
  expect(blocksOf(page).filter(({ language }) => !languages.includes(language))).toEqual([])
})

// a page may have half a hundred commands, each a process or more
test.each(pages)('the commands of %s, one after the other, are all accepted', { timeout: 240_000 }, async (page) => {
  const daemon = await startDaemon({ plugins })
  const examples = blocksOf(page).filter(({ language }) => language === 'sh')
  expect(examples.length).toBeGreaterThan(0)
  const cwd = tempDir()
  for (const { text } of examples) {
    const script = `${strictCurl}\n${text.replaceAll(documented, daemon.url)}`
    await promisify(execFile)('sh', ['-euc', script], {
      cwd,
      env: { ...process.env, A: daemon.url, TAYLORD_URL: daemon.url, TAYLORD_DATA: daemon.data },
    }).catch((error: { stdout: string; stderr: string }) => {
      throw new Error(`this example does not run:\n${text}\n${error.stdout}\n${error.stderr}`)
    })
  }
  await daemon.stop()
})

/** What differs from one run to the next. */
const varying = ['created_at', 'started_at', 'finished_at', 'seq', 'cpus', 'usage', 'report', 'instruction', 'scheduler_ticket']
const shapeOf = (json: unknown): unknown =>
  JSON.parse(JSON.stringify(json), (name, value: unknown) =>
    varying.includes(name) ? typeof value : name === 'name' ? String(value).replace(/-\d$/, '') : value,
  )

test('the answers that docs/api.md shows are those that come', async () => {
  const daemon = await startDaemon()
  const [boss, report, refusal] = blocksOf('docs/api.md')
    .filter(({ language }) => language === 'json')
    .map(({ text }) => JSON.parse(text) as Record<string, unknown>)
  const [, asked = ''] = /--json '([^']+)'/.exec(blocksOf('docs/api.md')[0]?.text ?? '') ?? []
  expect(shapeOf((await daemon.post('/v1/bosses', JSON.parse(asked))).body)).toEqual(shapeOf(boss))
  const answered = await daemon.reportOnceOver('nap')
  expect(shapeOf({ ...answered, workers_report: answered.workers_report.slice(-1) })).toEqual(shapeOf(report))
  expect((await daemon.get('/v1/bosses/nap/report?limt=10')).body).toEqual(refusal)
  await daemon.stop()
})

test('the file that docs/from-taylorism.md shows is one that `taylord run` takes, and prints what the page says', async () => {
  const [file = '', shown = ''] = ['yaml', 'text'].map(
    (wanted) => blocksOf('docs/from-taylorism.md').find(({ language }) => language === wanted)?.text,
  )
  const path = `${tempDir()}/boss.yaml`
  writeFileSync(path, file)
  const { code, stdout } = await taylord(['run', path])
  expect(code).toBe(0)
  expect(stdout).toContain(shown.split('\n').slice(0, 3).join('\n'))
})
