import { expect, test } from 'vitest'
import { seedOf } from '../soak/random.ts'
import { tempDir } from '../support/temp.js'
import { crashRounds } from './rounds.ts'

test('whatever the daemon acknowledged holds after it was killed at random moments under load', async ({ signal }) => {
  const seed = seedOf()
  console.log(`seed ${seed}; TAYLORD_SEED=${seed} repeats it`)
  const { breaches, figures } = await crashRounds({ rounds: 3, seed, dir: tempDir(), signal })
  expect(breaches, `seed ${seed}`).toEqual([])
  expect(figures['instructions']).toBeGreaterThan(0)
}, 180_000) // it starts many daemons, which takes a busy machine long
