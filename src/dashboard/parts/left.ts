import type { Boss } from '../../client/client.js'
import { duration } from './text.js'

type Left = Pick<Boss, 'id' | 'counts' | 'halted' | 'status'>
const leftOf = ({ counts }: Left) => counts.pending + counts.working

/** When a Boss will be done, in words. @param pace instructions a second. */
export function timeLeft(boss: Left, pace: number): string {
  if (leftOf(boss) === 0) return 'nothing to do'
  if (boss.halted && boss.counts.working === 0) return 'halted'
  if (boss.status === 'stopping') return 'until what runs is done'
  return pace === 0 ? 'known once one is done' : `about ${roughly(leftOf(boss) / pace)}`
}

/** As in `42 s`, `20 min`, `1 h`: beyond some minutes nobody knows the seconds. */
const roughly = (seconds: number) => duration(seconds < 600 ? seconds : Math.round(seconds / 60) * 60).replace(/ 0 \D+$/, '')

/** When all will be done: as the one that takes longest, for what another has behind it makes none of the others faster. */
export function allLeft(bosses: readonly Left[], paceOf: (boss: Left) => number): string {
  const takes = (boss: Left) => leftOf(boss) / paceOf(boss)
  const [longest] = bosses.filter((boss) => leftOf(boss) > 0).toSorted((one, other) => (takes(other) > takes(one) ? 1 : -1))
  return longest ? timeLeft(longest, paceOf(longest)) : 'nothing to do'
}
