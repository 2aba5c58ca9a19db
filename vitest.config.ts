import { defineConfig } from 'vitest/config';

const SLOW = 'test/**/*.slow.test.ts';

/** `npm test` runs the quick tier, `npm run test:all` both. What takes more than a few seconds is named `.slow.test.ts`. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/dist.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    pool: 'forks',
    projects: [
      { extends: true, test: { name: 'quick', include: ['test/**/*.test.ts'], exclude: [SLOW] } },
      // Many start other programs while all cores are busy: what fails once is tried again.
      { extends: true, test: { name: 'slow', include: [SLOW], retry: 1, hookTimeout: 300_000 } },
    ],
  },
});
