import { expect, test } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import { anApp } from './an-app.js'

// the workshop of these tests can do nothing: whatever reached it would be a 500
const app = await anApp()
const json = { 'content-type': 'application/json' }
const rows = '/v1/bosses/1/instructions'

test.each([
  ['/v1/bosses', '{"nam":"x"}', 422, 'invalid', /no field nam; there is name, scheduler/],
  ['/v1/bosses', '{"name":"1x"}', 422, 'invalid', /name in the body must begin with a letter or _/],
  ['/v1/bosses', '{"on_error":"retry"}', 422, 'invalid', /must be one of continue, stop/],
  ['/v1/bosses', '{"start":"true"}', 422, 'invalid', /start in the body must be a boolean/],
  ['/v1/bosses', '{"scheduler":[]}', 422, 'invalid', /scheduler in the body must be an object/],
  ['/v1/bosses', '{"arrays":{"1x":{}}}', 422, 'invalid', /arrays in the body has no field 1x; a name there must begin with a letter;/],
  ['/v1/bosses', '{"arrays":{"../x":{"dtype":"int8","shape":[1]}}}', 422, 'invalid', /arrays in the body has no field \.\.\/x;/],
  ['/v1/bosses', '[]', 422, 'invalid', /the body must be an object/],
  ['/v1/bosses', '', 422, 'invalid', /the body is missing/],
  ['/v1/bosses/1/halt', '\n', 400, 'bad-json', /the body is no JSON/],
  ['/v1/bosses', '{"name":}', 400, 'bad-json', /Unexpected token .* position 8|Unexpected token/],
  [rows, '{}', 422, 'invalid', /there are no instructions/],
  [rows, '{"instructions":[{},[]]}', 422, 'invalid', /instructions.1 in the body must be an object/],
  [rows, '{"individual_instructions":{"a":1}}', 422, 'invalid', /individual_instructions.a in the body must be an array/],
  [`${rows}?dryrun=true`, '{"instructions":[{}]}', 422, 'invalid', /the query has no field dryrun; there is dry_run/],
  [`${rows}?dry_run=1`, '{"instructions":[{}]}', 422, 'invalid', /dry_run in the query must be a boolean/],
  ['/v1/bosses/1/halt', '{"now":true}', 422, 'invalid', /the body has no field now; there is none/],
  ['/v1/bosses/1/stop?now=yes', '{}', 422, 'invalid', /now in the query must be a boolean/],
])('POST %s with %s is refused: %i %s', async (url, payload, status, code, detail) => {
  const answer = await app.inject({ method: 'POST', url, headers: json, payload })
  expect(answer.json()).toMatchObject({ status, code, detail: expect.stringMatching(detail) })
})

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
test.each([
  ['a Boss', '/v1/bosses', `{"scheduler":${deep(100_000)}}`],
  ['a row', rows, `{"instructions":[{"kind":"k","x":${deep(100_000)}}]}`],
  ['a preview', '/v1/schedulers/preview', `{"scheduler":{"limit":${'{"a":'.repeat(600)}1${'}'.repeat(600)}}}`],
])('%s that nests deeper than anybody writes is refused', async (_what, url, payload) => {
  const answer = await app.inject({ method: 'POST', url, headers: json, payload })
  expect(answer.json()).toMatchObject({ status: 422, code: 'invalid', detail: expect.stringMatching(/more than 500 levels/) })
})

test.each([
  ['/v1/bosses?limit=0', 422, 'invalid'],
  ['/v1/bosses?limit=10001', 422, 'invalid'],
  ['/v1/bosses?limit=1.5', 422, 'invalid'],
  ['/v1/bosses?limit=1&limit=2', 422, 'invalid'],
  ['/v1/bosses/1/instructions?cause=boredom', 422, 'invalid'],
  ['/v1/bosses/1/instructions/first', 422, 'invalid'],
  ['/v1/bosses/1/report?interim=no', 422, 'invalid'],
  ['/v1/events?since=-1', 422, 'invalid'],
  ['/v1/events', 426, 'upgrade-required'],
  ['/v1/nothing', 404, 'not-found'],
  ['/%zz', 404, 'not-found'],
])('GET %s is refused: %i %s', async (url, status, code) => {
  const answer = await app.inject(url)
  expect(answer.statusCode).toBe(status)
  expect(answer.json()).toMatchObject({ status, code })
})

test('an array is named as the refusal says', async () => {
  const answer = await app.inject({ method: 'PUT', url: '/v1/bosses/1/arrays/a.npy', headers: {}, payload: '' })
  expect(answer.json()).toMatchObject({ status: 422, detail: expect.stringContaining('name in the path must begin with a letter;') })
})

test('a scheduler that is null is none, as in taylorism', async () => {
  let asked: unknown = 'nothing'
  const willing = await anApp({
    create: async ({ scheduler }) => {
      asked = scheduler
      return { id: 1 } as BossDocument
    },
  })
  const answer = await willing.inject({ method: 'POST', url: '/v1/bosses', headers: json, payload: '{"scheduler":null}' })
  expect([answer.statusCode, asked]).toEqual([201, undefined])
})

test('a body of another type is refused with what to write', async () => {
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/bosses',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: '{}',
  })
  expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported-type', detail: expect.stringContaining('curl --json') })
})

test.each([
  ['work', {}, undefined],
  ['halt', json, ''],
  ['end', { 'content-type': 'application/x-www-form-urlencoded' }, ''],
  ['stop', { 'transfer-encoding': 'chunked' }, ''],
])('%s needs no body, whatever its headers say', async (signal, headers, payload) => {
  const told = async () => ({ id: 1 }) as BossDocument
  const willing = await anApp({ work: told, halt: told, end: told, stop: told })
  const answer = await willing.inject({ method: 'POST', url: `/v1/bosses/1/${signal}`, headers, payload })
  expect(answer.statusCode).toBe(200)
})

test('a JSON body over 64 MiB is refused with another way', async () => {
  const payload = `{"name":"${'x'.repeat(64 * 1024 * 1024)}"}`
  const answer = await app.inject({ method: 'POST', url: '/v1/bosses', headers: json, payload })
  expect(answer.json()).toMatchObject({ status: 413, code: 'too-large', detail: expect.stringContaining('application/x-ndjson') })
})
