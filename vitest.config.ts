import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // holds every answer of a daemon against the contract
    setupFiles: ['test/support/watch.ts'],
    // whole-line tests start real daemons, some of them many times
    // the machine may be shared and noisy: a test that waited in vain is given another chance, one that is wrong fails again
    retry: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // as long as `until` waits
    expect: { poll: { timeout: 20_000 } },
    // processes, so that koffi and SQLite are loaded once each; two, so that what is timed is not crowded out
    pool: 'forks',
    maxWorkers: 2,
  },
})
