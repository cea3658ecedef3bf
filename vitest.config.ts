import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Loading every protocol anew for each file took longer than the tests.
    isolate: false,
    setupFiles: ['test/support/seed.ts'],
  },
})
