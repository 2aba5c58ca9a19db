import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const SLOW = 'test/**/*.slow.test.ts';
const DRAWN = 'test/**/*.drawn.test.ts';
/** Tests of commands, which listen to signals of the process. */
const PROCESS = ['test/{cli,commands}/**/*.test.ts'];

/**
 * `npm test` runs the quick tier, `npm run test:all` both. What takes more than a few seconds is named `.slow.test.ts`.
 * Both tiers run tests of drawn inputs (`.drawn.test.ts`, test/support/runs.ts), the slow one with many more draws.
 */
export default defineConfig({
  test: {
    globalSetup: ['test/support/dist.ts', 'test/support/own-temporary-folder.ts'],
    setupFiles: ['test/support/each-file.ts'],
    // Else a sheet imported as text would be empty.
    css: true,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: [SLOW, ...PROCESS],
          // Vitest leaves one core free; on two cores that would be half of them.
          maxWorkers: availableParallelism(),
          // Files share the modules of their process, as loading them anew takes half of the time. So nothing may be left
          // behind: replace functions with vi.spyOn, not vi.mock.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'quick-process',
          include: PROCESS,
          exclude: [SLOW],
          maxWorkers: availableParallelism(),
        },
      },
      // Many start other programs while all cores are busy: what fails once is tried again.
      {
        extends: true,
        test: {
          name: 'slow',
          // Behind the quick ones: Vitest runs projects with another number of workers by turns.
          sequence: { groupOrder: 1 },
          include: [SLOW, DRAWN],
          retry: 1,
          hookTimeout: 300_000,
          env: { MINESWEEP_DRAWS: 'many' },
        },
      },
    ],
  },
});
