/**
 * `npm run mutants -- [--seed N] [--count N] [--in GLOB] [--static]`: how many changes of the code the quick tests notice. Stryker
 * changes one thing at a time (a condition, an operator, a call left out) where it is decided what was found; draw.js draws
 * some of these mutants by the seed. Prints each that survives and the share that died, with its 95 % interval (Wilson).
 * Changes of texts are left out, and, without --static, of what is made when a file is loaded (tables, patterns): each of those
 * needs every test. Tests of captures beside the checkout do not run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Where it is decided what was found, and what of it may be shown; and where that is added up. */
const JUDGES = [
  'src/{sessions,hosts,endpoints,assessment,audit,merge,report,pseudonyms}/**/*.ts',
  'src/evidence/{verdict,secrets}.ts',
  'src/run/redaction.ts',
];

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    count: { type: 'string', default: '500' },
    in: { type: 'string', multiple: true, default: JUDGES },
    jobs: { type: 'string', default: '2' },
    static: { type: 'boolean', default: false },
  },
});
console.log(`seed ${values.seed}`);
process.chdir(ROOT);

// A mutant that runs too long is killed, and leaves what its tests had written.
process.env.TMPDIR = mkdtempSync(path.join(tmpdir(), 'minesweep-mutants-'));
process.once('exit', () => rmSync(String(process.env.TMPDIR), { recursive: true, force: true }));

const results = await new Stryker({
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutants/vitest.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner', path.join(ROOT, 'test/mutants/draw.js')],
  checkers: ['draw'],
  draw: { seed: values.seed, count: Number(values.count) },
  mutate: values.in,
  mutator: { excludedMutations: ['StringLiteral'] },
  coverageAnalysis: 'perTest',
  ignoreStatic: !values.static,
  concurrency: Number(values.jobs),
  testRunnerNodeArgs: ['--max-old-space-size=6144'],
  // Loops without an end are found by their count; the clock is for what hangs, not for a busy machine.
  timeoutMS: 300_000,
  dryRunTimeoutMinutes: 60,
  // Stryker reads it with the API of TypeScript, which version 7 does not have; a file that is absent is not read.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  ignorePatterns: ['.cache', '.fuzz'],
  warnings: false,
  reporters: ['survivors'],
  cleanTempDir: 'always',
}).runMutationTest();

const count = (...names) => results.filter(({ status }) => names.includes(status)).length;
const dead = count('Killed', 'Timeout');
const all = dead + count('Survived', 'NoCoverage');
const z = 1.96;
const share = dead / all;
const middle = (share + z ** 2 / (2 * all)) / (1 + z ** 2 / all);
const half = (z * Math.sqrt((share * (1 - share)) / all + z ** 2 / (4 * all ** 2))) / (1 + z ** 2 / all);
const percent = (part) => `${(100 * part).toFixed(1)} %`;
console.log(
  `${dead} of ${all} mutants died: ${percent(share)} (${percent(middle - half)} to ${percent(middle + half)}); ` +
    `${count('NoCoverage')} of the others met no test, ${count('Timeout')} of the dead ran too long, ` +
    `${count('RuntimeError')} more could not be run; drawn of ${all + count('CompileError', 'RuntimeError')}`,
);
