/**
 * The quick tests of what the mutants change: those that judge sessions and hosts by themselves, and whole audits. Tests that
 * run the built program do not see a mutant, and those that take seconds would take most of the time.
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
      'test/{alerts,assessment,audit,cases,dialects,endpoints,energy,evidence,flows,hosts,in-step}/**/*.test.ts',
      'test/{lookalikes,machines,merge,network,owners,pseudonyms,report,run,schema,sessions,state,time}/**/*.test.ts',
      'test/{extract,flow-logs,golden,modelled,truth}.test.ts',
    ],
    exclude: [
      ...configDefaults.exclude,
      '**/*.{slow,drawn}.test.ts',
      'test/evidence/{counter,modelled}/**',
      'test/run/{farm-behaviour,hidden,judged,opaque,passed-over,resident-memory,sealed}.test.ts',
    ],
    setupFiles: ['test/mutants/each-file.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    isolate: false,
    sequence: { sequencer: ShortestFirst },
  },
});
