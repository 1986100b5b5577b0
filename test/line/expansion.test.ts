import { expect } from 'vitest'
import { lineTest as test, type Problem } from '../support/daemon.js'

const told = { kind: 'told', who: '[n%03d]', greeting: 'hello [who]', n: 7 }

test('a dry run shows what [attr] comes to, and says which row has a token that is nothing', async ({ daemon }) => {
  const boss = await daemon.hire({})
  const path = `/v1/bosses/${boss.id}/instructions?dry_run=true`
  const { body } = await daemon.post<{ instructions: unknown[] }>(path, {
    instructions: [{ ...told, name: '[kind]-[who]', memory: '[n]' }],
  })
  const attributes = { kind: 'told', who: '007', greeting: 'hello 007', name: 'told-007', memory: 7, expected_time: 0 }
  expect(body.instructions).toEqual([{ name: 'told-007', kind: 'told', attributes }])
  const refused = await daemon.post<Problem>(path, { instructions: [told, { ...told, name: '[nope]' }] })
  expect(refused.status).toBe(422)
  expect(refused.body).toMatchObject({ code: 'unknown-attribute-token', row: 2, attribute: 'name', token: '[nope]' })
})

test('a ticket comes into a name and a text when the instruction starts', async ({ daemon }) => {
  const boss = await daemon.hire({
    common_instructions: { ...told, name: 'carol-[scheduler_ticket]', who: 'no. [scheduler_ticket%02d]' },
    individual_instructions: { value: [1, 2, 3] },
    scheduler: { limit: 'threads', max_threads: 1 },
    end: true,
  })
  for (const { name, report } of (await daemon.reportOnceOver(boss)).workers_report) {
    expect(name).toBe('carol-0')
    expect(report).toMatchObject({ instruction: { name: 'carol-0', who: 'no. 00', greeting: 'hello no. 00' }, scheduler_ticket: 0 })
  }
})
