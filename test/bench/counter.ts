/**
 * Coverage of the counter's intervals and false clocks over many simulated sessions: the long form of
 * test/evidence/counter/coverage.slow.test.ts. Run it with
 * `npx esbuild test/bench/counter.ts --bundle --platform=node --format=esm | node --input-type=module - 2000 7`;
 * the numbers are that of sessions a class (100 by default) and the seed (1).
 */
import { Chance } from '../evidence/counter/chance.ts';
import { falseClocks, RANDOM_NONCES } from '../evidence/counter/random-nonces.ts';
import { coverage, FOR_GOOD, SLOW_SPELLS, STRATA, STRUCTURES } from '../evidence/counter/study.ts';

const sessions = Number(process.argv[2]) || 100;
const seed = Number(process.argv[3]) || 1;
const only = process.argv[4] ?? '';
const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : ((100 * part) / whole).toFixed(1);
const sum = { clocks: 0, covered: 0, spans: 0, spansCovered: 0 };
console.log('shares   clock %  cover %  low %  high %  half %  error %  15 min %  factors');
for (const [number, structure] of [...STRUCTURES, ...FOR_GOOD, ...SLOW_SPELLS].entries()) {
  if (!structure.name.includes(only)) continue;
  console.log(structure.name);
  for (const [index, stratum] of STRATA.entries()) {
    const result = coverage(structure, stratum, sessions, new Chance(seed * 1000 + number * 10 + index));
    const { clocks, covered, spans, spansCovered } = result;
    // Those that change are among the others already, in their proportion.
    if (number < STRUCTURES.length) {
      sum.clocks += clocks;
      sum.covered += covered;
      sum.spans += spans;
      sum.spansCovered += spansCovered;
    }
    console.log(
      [
        stratum.join('-').padEnd(8),
        percent(clocks, sessions).padStart(7),
        percent(covered, clocks).padStart(8),
        percent(result.below, clocks).padStart(6),
        percent(result.above, clocks).padStart(7),
        (100 * result.halfWidth).toFixed(1).padStart(7),
        (100 * result.error).toFixed(1).padStart(8),
        percent(spansCovered, spans).padStart(9),
        `  ${result.factor.toFixed(2)} ${result.spansFactor.toFixed(2)}`,
      ].join(' '),
    );
  }
}
console.log(
  `in all ${sum.clocks} clocks: ${percent(sum.covered, sum.clocks)} % of sessions, ${percent(sum.spansCovered, sum.spans)} % of last 15 minutes covered`,
);
for (const source of only === '' ? RANDOM_NONCES : []) {
  const found = falseClocks(sessions, 99 + seed, source);
  console.log(
    `${source.name} (${source.dialect}): ${found.length} false clocks in ${sessions} sessions ${found.slice(0, 3).join('; ')}`,
  );
}
