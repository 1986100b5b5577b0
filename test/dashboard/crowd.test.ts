import { expect, test } from 'vitest'
import { askMs, hearLookers } from '../../src/dashboard/frame/crowd.js'

test('many pages ask less often, so that together they ask no more than twenty; none is asleep for long, however many there are', () => {
  const after = (metrics: string) => {
    hearLookers(metrics)
    return askMs(2_000)
  }
  expect(askMs(2_000)).toBe(2_000)
  expect(after('# EOF\ntaylord_event_followers 20\n')).toBe(2_000)
  expect(after('taylord_event_followers 50\ntaylord_wal_bytes 7\n')).toBe(5_000)
  expect(after('taylord_wal_bytes 7\n')).toBe(5_000)
  expect(after('taylord_event_followers 5000\n')).toBe(10_000)
  expect(after('taylord_event_followers 1\n')).toBe(2_000)
})
