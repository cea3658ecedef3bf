import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Loading every protocol anew for each file took longer than the tests.
    isolate: false,
    // One processor less is what vitest takes by itself, which is half of two.
    maxWorkers: '100%',
    setupFiles: ['test/support/seed.ts'],
  },
})
