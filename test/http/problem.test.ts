import { expect, test } from 'vitest'
import { Refusal } from '../../src/boss/errors.js'
import { statusOf } from '../../src/http/problem.js'
import { anApp } from './an-app.js'

test('each code has the status that the design gives it', () => {
  const byStatus = Object.groupBy(Object.keys(statusOf), (code) => statusOf[code as keyof typeof statusOf])
  expect(byStatus).toEqual({
    400: ['bad-json', 'bad-request'],
    404: ['not-found'],
    405: ['method-not-allowed'],
    408: ['stalled'],
    409: ['name-taken', 'boss-not-listening', 'boss-halted', 'boss-not-over', 'already-done', 'array-in-use', 'idempotency-in-progress'],
    413: ['too-large'],
    415: ['unsupported-type'],
    422: [
      'uneven-columns',
      'no-adequate-worker',
      'ambiguous-worker',
      'unknown-attribute-token',
      'never-fits',
      'missing-array',
      'idempotency-conflict',
      'invalid',
    ],
    426: ['upgrade-required'],
    431: ['headers-too-large'],
    500: ['internal'],
    503: ['draining', 'not-ready'],
    507: ['store-refuses'],
  })
})

test('a refusal is told with its facts, which replace none of its own members', async () => {
  const app = await anApp({ boss: () => Promise.reject(new Refusal('not-found', 'there is no Boss x', { boss: 'x', status: 'odd' })) })
  const answer = await app.inject('/v1/bosses/x')
  expect(answer.headers['content-type']).toContain('application/problem+json')
  expect(answer.json()).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    code: 'not-found',
    detail: 'there is no Boss x',
    boss: 'x',
  })
})

test('a bug is 500 and tells nothing of itself', async () => {
  const app = await anApp({ boss: () => Promise.reject(new Error('secret')) })
  const answer = await app.inject('/v1/bosses/x')
  expect(answer.statusCode).toBe(500)
  expect(answer.json()).toMatchObject({ code: 'internal' })
  expect(answer.body).not.toContain('secret')
})

test('a daemon that is not ready says why and when to ask again', async () => {
  const app = await anApp({ notReady: () => ['the store refuses: disk full'] })
  const answer = await app.inject('/readyz')
  expect(answer.headers['retry-after']).toBe('5')
  expect(answer.json()).toMatchObject({ status: 503, code: 'not-ready', reasons: ['the store refuses: disk full'] })
})
