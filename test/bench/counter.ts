/**
 * Coverage of the counter's interval and false clocks over many simulated sessions: the long form of
 * test/evidence/counter/coverage.test.ts. Run it with
 * `npx esbuild test/bench/counter.ts --bundle --platform=node --format=esm | node --input-type=module - 200`;
 * the number is that of sessions a class (100 by default).
 */
import { anyMiner, coverage, falseClocks, RANDOM_NONCES } from '../evidence/counter/study.ts';

const sessions = Number(process.argv.at(-1)) || 100;
console.log('kind    tracks shares  clock  cover  half width  error');
for (const kind of ['chunks', 'lanes', 'base'] as const) {
  for (const tracks of [1, 2, 4, 8, 32, 128]) {
    if (kind === 'base' && tracks > 8) continue;
    for (const shares of [5, 15, 50, 200, 500]) {
      const result = coverage(sessions, 7 * tracks + shares, (chance) =>
        anyMiner(kind, tracks, shares, chance),
      );
      console.log(
        kind.padEnd(7),
        String(tracks).padStart(6),
        String(shares).padStart(6),
        (result.clocks / sessions).toFixed(2).padStart(6),
        (result.covered / result.clocks).toFixed(3).padStart(6),
        result.halfWidth.toFixed(3).padStart(11),
        result.error.toFixed(3).padStart(6),
      );
    }
  }
}
for (const source of RANDOM_NONCES) {
  const found = falseClocks(10 * sessions, 99, source);
  console.log(
    `${source.name} (${source.dialect}): ${found.length} false clocks in ${10 * sessions} sessions`,
  );
}
