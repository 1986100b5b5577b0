import { expect } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import { lineTest as test, type Daemon, type Problem } from '../support/daemon.js'

const evil =
  '"end": true, "name": "polluted", "kind": "noop", "dry_run": "true", "polluted": true, "limit": 1, "priority": 9, "memory": 1e12'
/** Keys by which careless code changes what all objects have. */
const keys = [
  `"__proto__": {${evil}}`,
  `"constructor": {"prototype": {${evil}}}`,
  `"prototype": {${evil}}`,
  `"__proto__": null`,
  `"toString": 1, "valueOf": 1, "hasOwnProperty": 1`,
]

const say = (daemon: Daemon, method: string, path: string, body: string, type = 'application/json') =>
  daemon.call<Problem>(method, path, { body, headers: { 'content-type': type } })

/** Holds that objects of the daemon have nothing that they were not given. */
async function assertClean(daemon: Daemon): Promise<void> {
  const boss = await daemon.hire({ instructions: [{ kind: 'told', who: 'me' }] })
  expect(boss).not.toHaveProperty('name')
  expect(boss).not.toHaveProperty('polluted')
  expect(boss.ending).toBe(false)
  await daemon.tell(boss, 'end')
  const { workers_report: entries } = await daemon.reportOnceOver(boss)
  const { instruction } = (entries[0] as { report: unknown }).report as { instruction: Record<string, unknown> }
  for (const name of ['polluted', 'end', 'limit', 'priority', 'dry_run']) expect(instruction[name]).toBeUndefined()
  expect(entries[0]).toMatchObject({ kind: 'told', name: expect.stringMatching(/^told-\d+$/) as string })
  expect((await daemon.get<BossDocument>(`/v1/bosses/${boss.id}`)).body).not.toHaveProperty('polluted')
}

test.for(keys)(
  '%s changes no other object, wherever it is given: Boss, rows, columns, NDJSON, settings, preview',
  async (key, { daemon }) => {
    const boss = await daemon.hire()
    const path = `/v1/bosses/${boss.id}/instructions`
    const answers = [
      await say(daemon, 'POST', '/v1/bosses', `{${key}}`),
      await say(daemon, 'POST', '/v1/bosses', `{"scheduler": {"limit": "threads", "max_threads": 1, ${key}}}`),
      await say(daemon, 'POST', '/v1/bosses', `{"arrays": {${key}}}`),
      await say(daemon, 'POST', '/v1/bosses', `{"retry": {${key}}}`),
      await say(daemon, 'POST', path, `{"instructions": [{"kind": "noop", ${key}}]}`),
      await say(daemon, 'POST', path, `{"common_instructions": {${key}}, "individual_instructions": {"kind": ["noop"]}}`),
      await say(daemon, 'POST', path, `{"individual_instructions": {"kind": ["noop"], "__proto__": ["x"], "constructor": ["y"]}}`),
      await say(daemon, 'POST', path, `{"kind": "noop", ${key}}\n`, 'application/x-ndjson'),
      await say(daemon, 'POST', path, `{"instructions": [{"kind": "command", "program": "true", "env": {${key}}}]}`),
      await say(daemon, 'POST', path, `{"instructions": [{"kind": "__proto__"}, {"kind": "constructor"}]}`),
      await say(
        daemon,
        'POST',
        '/v1/schedulers/preview',
        `{"scheduler": {"nosort": true}, "pending": [{"name": "a", ${key}}], "workers": []}`,
      ),
      await say(daemon, 'POST', '/v1/tokens', `{${key}}`),
    ]
    expect(answers.filter(({ status }) => status >= 500)).toEqual([])
    await assertClean(daemon)
  },
)

test('names that objects have by themselves are names like others', async ({ daemon }) => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    expect((await daemon.get(`/v1/bosses/${name}`)).status).toBe(404)
    const boss = await daemon.hire({ name, end: true, instructions: [{ kind: 'noop', name }] })
    expect((await daemon.reportOnceOver(boss)).workers_report).toMatchObject([{ name, outcome: 'succeeded' }])
    expect((await daemon.get<BossDocument>(`/v1/bosses/${name}`)).body.id).toBe(boss.id)
    expect((await daemon.get<{ items: unknown[] }>(`/v1/bosses/${boss.id}/instructions?kind=${name}`)).body.items).toEqual([])
  }
  expect((await daemon.get<Problem>('/v1/bosses?__proto__=1')).body.code).toBe('invalid')
  await assertClean(daemon)
})
