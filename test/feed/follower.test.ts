import { expect, test } from 'vitest'
import { Follower } from '../../src/feed/follower.js'
import { Telling, View } from '../../src/feed/telling.js'
import type { Events } from '../../src/store/events.js'

const nothing: Events = { n: 0, upTo: 6, lines: new Uint8Array(), more: false, over: false }

/** A follower of Boss 1 whose reader can take no more after each message; what it was told. @param stored is what the log holds behind seq 6. */
async function follow(stored: Events): Promise<{ follower: Follower; said: string[] }> {
  const said: string[] = []
  const sources = { recent: () => [], next: () => Promise.resolve(stored), beforeLast: () => Promise.resolve(0) }
  const reader = { send: (events: Uint8Array) => said.push(Buffer.from(events).toString()) === 0, over: () => void said.push('over') }
  const follower = new Follower(sources, new View({}, 'array'), 1, 6, reader)
  await follower.catchUp()
  return { follower, said }
}

test('a reader that the end of its Boss leaves full is told when it has taken it that this was all: live', async () => {
  const { follower, said } = await follow(nothing)
  follower.tell(new Telling([{ seq: 7, boss: 1, text: '{"type":"boss.over"}', over: true }], 7))
  expect(said).toEqual(['[{"type":"boss.over"}]'])
  await follower.catchUp()
  expect(said).toEqual(['[{"type":"boss.over"}]', 'over'])
})

test('and out of the log', async () => {
  const { follower, said } = await follow({ n: 1, upTo: 7, lines: Buffer.from('[]'), more: false, over: true })
  expect(said).toEqual(['[]'])
  await follower.catchUp()
  expect(said).toEqual(['[]', 'over'])
})
