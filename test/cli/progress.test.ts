import { expect, test } from 'vitest'
import { Progress } from '../../src/cli/progress.js'

const reported = (outcome: 'succeeded' | 'failed') => ({ seq: 1, at: '', type: 'instruction.reported', outcome })

/** What a screen shows after a Boss of `outcomes`. */
function shown(outcomes: readonly ('succeeded' | 'failed')[], screen: { isTTY?: boolean; columns?: number }): string {
  let text = ''
  const progress = new Progress({ ...screen, write: (part) => (text += part) }, outcomes.length)
  for (const outcome of outcomes) {
    progress.hear({ seq: 1, at: '', type: 'instruction.started' })
    progress.hear(reported(outcome))
  }
  progress.end()
  return text
}

test('on a terminal there is a bar that fits into its line and ends full', () => {
  const lines = shown(Array<'succeeded'>(8).fill('succeeded'), { isTTY: true, columns: 30 }).split('\r')
  expect(lines.at(1)).toBe('[##-------------] 1 of 8 done\x1b[K')
  expect(lines.at(-1)).toBe('[###############] 8 of 8 done\x1b[K\n')
})

test('elsewhere there is a line for every tenth', () => {
  const text = shown(['failed', ...Array<'succeeded'>(99).fill('succeeded')], {})
  const lines = text.trimEnd().split('\n')
  expect(lines).toHaveLength(10)
  expect([lines[0], lines[9]]).toEqual(['10 of 100 done, 1 did not succeed', '100 of 100 done, 1 did not succeed'])
})

test('of a Boss without instructions nothing is shown', () => {
  expect(shown([], { isTTY: true }) + shown([], {})).toBe('')
})
