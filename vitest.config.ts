// How the tests run. The suites choose the engines themselves (test/support/engines.ts).
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // A test that needs the order of others hides a fault; the seed is printed.
    sequence: { shuffle: { files: true, tests: false } },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      thresholds: {
        lines: 90,
        'src/{filters,access,storage}/**': { lines: 95 },
      },
    },
  },
});
