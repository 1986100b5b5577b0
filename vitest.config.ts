import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Folders of tests that start nothing and change nothing. */
const pure = ['boss', 'feed', 'footprint', 'house', 'ledger', 'scheduler', 'topology'].map((folder) => `test/${folder}/**/*.test.ts`)

/**
 * What takes 10 s and more begins first, so that nothing is left over for one worker alone. Those that start a Slurm wait most of the time: they
 * lie apart, so that few do so at once.
 */
const long = [
  'slurm/sites',
  'slurm/faults',
  'container/image',
  'docs/examples',
  'doors/tokens',
  'slurm/work',
  'contract/python',
  'crash/crash',
  'slurm/restart',
  'demo/demo',
  'bench/cpu',
  'slurm/host',
  'policies/policies',
  'http/metrics',
  'slurm/random',
  'dashboard/views',
  'dashboard/compose',
  'dashboard/live',
  'restart/sigkill',
  'cli/follow',
  'cli/submit',
  'cli/look',
  'restart/restart',
  'failures/F22-stalled-follower',
  'store/pages',
  'cli/run',
  'cli/orders',
]
const rank = ({ moduleId, project }: TestSpecification) => {
  if (project.name === 'pure') return Infinity
  const at = long.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
  return at < 0 ? long.length : at
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
  }
}

export default defineConfig({
  test: {
    // the machine may be shared and noisy: a test that waited in vain is given another chance, one that is wrong fails again
    retry: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // as long as `until` waits
    expect: { poll: { timeout: 20_000 } },
    // processes, so that koffi and SQLite are loaded once each
    pool: 'forks',
    // two more than the cores of CI: a test waits for its daemon for a third of its time
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'line',
          include: ['test/**/*.test.ts'],
          exclude: pure,
          globalSetup: ['test/support/once.ts'],
          // holds every answer of a daemon against the contract
          setupFiles: ['test/support/watch.ts'],
          isolate: false,
        },
      },
      // to start a process takes longer than most of these files
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
    ],
  },
})
