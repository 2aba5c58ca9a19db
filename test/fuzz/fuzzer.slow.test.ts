/** A fixed short run of the coverage-guided fuzzer over all targets, from the same seed; `npm run fuzz` goes on for longer. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';

it('a minute of fuzzing breaks no rule', async () => {
  const { stdout } = await promisify(execFile)(
    'node',
    ['test/fuzz/run.js', '--minutes', '1', '--seed', '7'],
    {
      cwd: REPO_ROOT,
    },
  );
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(7);
  for (const line of lines) expect(line).toMatch(/^\S+: [1-9]\d* executions, coverage \d+, no find$/);
}, 600_000);
