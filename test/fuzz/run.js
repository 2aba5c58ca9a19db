/**
 * `npm run fuzz -- --minutes N [--target NAME] [--seed N]`: the coverage-guided fuzzer (libFuzzer by Jazzer.js) over every
 * target, each for its part of the time. Each target is bundled first: the fuzzer instruments JavaScript. What it learns
 * stays in .fuzz/corpus; bytes that break a rule stay in .fuzz/finds, and the run ends with 1.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { TEXTS } from '../../bin/shipped.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Samples, helpers and rules that targets share. */
const SHARED = new Set(['choices', 'oracles', 'samples']);
const NAMES = readdirSync(path.join(ROOT, 'test/fuzz/targets'))
  .map((file) => path.basename(file, '.ts'))
  .filter((name) => !SHARED.has(name));

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    target: { type: 'string', multiple: true, default: NAMES },
    seed: { type: 'string', default: '1' },
  },
});
const unknown = values.target.filter((name) => !NAMES.includes(name));
const seconds = Math.ceil((Number(values.minutes) * 60) / values.target.length);
if (unknown.length > 0 || !(seconds > 0)) {
  console.error(`usage: npm run fuzz -- [--minutes N] [--seed N] [--target ${NAMES.join('|')}]`);
  process.exit(2);
}

const work = path.join(ROOT, '.fuzz');
let broken = 0;
for (const name of values.target) {
  const bundle = path.join(work, `${name}.bundle.cjs`);
  const entry = path.join(work, `${name}.cjs`);
  const corpus = path.join(work, 'corpus', name);
  const finds = path.join(work, 'finds', name);
  for (const folder of [corpus, finds]) mkdirSync(folder, { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: [`test/fuzz/targets/${name}.ts`],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    // Programs of threads, the kernel and the owner database lie beside the sources.
    define: {
      'import.meta.url': JSON.stringify(new URL('../../src/thread-program.ts', import.meta.url).href),
    },
    loader: TEXTS,
    outfile: bundle,
    logLevel: 'warning',
  });
  // Node finds no names in a bundle of this size if it is imported.
  writeFileSync(entry, `exports.fuzz = require('./${name}.bundle.cjs').fuzz;\n`);
  const limits = [`-max_total_time=${seconds}`, '-timeout=120', '-rss_limit_mb=4096', '-max_len=512'];
  const { stderr, status, signal } = spawnSync(
    process.execPath,
    [
      ...[path.join(ROOT, 'node_modules/@jazzer.js/core/dist/cli.js'), entry, corpus],
      ...['-i', `${name}.bundle.cjs`, '--timeout', '120000', '--'],
      ...[...limits, `-seed=${values.seed}`, `-artifact_prefix=${finds}/`, '-print_final_stats=1'],
    ],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const executions =
    /^stat::number_of_executed_units:\s*(\d+)/m.exec(stderr)?.[1] ??
    /Done (\d+) runs/.exec(stderr)?.[1] ??
    [...stderr.matchAll(/^#(\d+)\s/gm)].at(-1)?.[1];
  const coverage = [...stderr.matchAll(/\bcov: (\d+)/g)].at(-1)?.[1];
  console.log(
    `${name}: ${executions ?? 'no'} executions, coverage ${coverage ?? 'unknown'}, ${status === 0 ? 'no find' : 'BROKEN'}`,
  );
  if (status === 0) continue;
  broken++;
  console.error(`${stderr.slice(-4000)}\n${signal ?? status}; the bytes are in ${finds}`);
}
process.exitCode = broken > 0 ? 1 : 0;
