import { expect, test } from 'vitest'
import { seedOf } from '../soak/random.ts'
import { slurm } from '../soak/slurm.ts'
import { scaled } from '../support/scale.js'
import { tempDir } from '../support/temp.js'

test('nothing is lost on a cluster where things go wrong by chance', { timeout: 240_000 }, async () => {
  const seed = seedOf()
  const { breaches } = await slurm.run({ seed, size: scaled(2, slurm.size), dir: tempDir(), say: () => undefined })
  expect(breaches, `TAYLORD_SEED=${seed}`).toEqual([])
})
