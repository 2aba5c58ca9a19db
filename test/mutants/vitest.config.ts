/**
 * The quick tests that see a change in what the mutants change: not those of readers and packets, and not those that run the
 * built program, which no mutant is in; and without the few that take most of the time.
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
    include: ['test/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      '**/*.{slow,drawn}.test.ts',
      'test/{fuzz,package,packets,pools,readers,sources,stores}/**',
      'test/{architecture,docs,hostile,lock}.test.ts',
      'test/commands/{completions,scan,special-files}.test.ts',
      'test/evidence/{counter,modelled}/**',
      'test/statements/one-writer.test.ts',
      'test/run/{left-out,opaque,resident-memory}.test.ts',
    ],
    setupFiles: ['test/mutants/each-file.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    isolate: false,
    sequence: { sequencer: ShortestFirst },
  },
});
