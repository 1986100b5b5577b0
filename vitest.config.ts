import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // whole-line tests start real daemons, some of them many times
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
