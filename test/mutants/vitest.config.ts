/**
 * The quick tests of what the mutants change: those that judge sessions and hosts by themselves, and whole audits. Tests of
 * commands and files would take most of the time.
 */
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A mutant dies with the first test that fails, so the shortest files run first. */
class ShortestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).reverse();
  }
}

export default defineConfig({
  test: {
    include: [
      'test/{assessment,audit,cases,dialects,endpoints,evidence,hosts,in-step,lookalikes,machines,merge,network,pseudonyms,report,sessions,time}/**/*.test.ts',
      'test/{extract,flow-logs,golden,modelled,truth}.test.ts',
    ],
    exclude: [...configDefaults.exclude, '**/*.{slow,drawn}.test.ts', 'test/evidence/{counter,modelled}/**'],
    setupFiles: ['test/mutants/each-file.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    isolate: false,
    sequence: { sequencer: ShortestFirst },
  },
});
