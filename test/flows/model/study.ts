/**
 * The study behind docs/reference/behaviour.md: fits on half of the sessions and programs and tests on the other half, both ways
 * round; then fits on all of them and writes that table. Run it by `node test/flows/model/fit.js`.
 */
import { type BehaviourModel, behaviourScore } from '../../../src/flows/behaviour-score.ts';
import { flowBehaviour } from '../../../src/flows/flow-behaviour.ts';
import { corpusFolder, flowsFolder } from '../../support/corpus.ts';
import {
  devices,
  type Example,
  generated,
  LEAST_SECONDS,
  overDays,
  recordedHarmless,
  recordedMiners,
  uncut,
} from './data.ts';
import { fitted, uncutProfile } from './fit.ts';

/** Relations that pass everything but the score: the others nobody judges, whatever the model. */
function isJudged({ relation }: Example): boolean {
  return flowBehaviour(relation).score !== null;
}

interface Tally {
  found: number;
  of: number;
}

function tally(examples: readonly Example[], model: BehaviourModel, key: (example: Example) => string) {
  const rows = new Map<string, Tally>();
  for (const example of examples) {
    const row = rows.get(key(example)) ?? { found: 0, of: 0 };
    rows.set(key(example), row);
    row.of++;
    const { score, threshold } = behaviourScore(example.relation, model);
    if (score >= threshold) row.found++;
  }
  return rows;
}

function print(title: string, rows: ReadonlyMap<string, Tally>): void {
  console.log(`\n${title}`);
  for (const [name, { found, of }] of rows) console.log(`| ${name} | ${found} of ${of} |`);
}

export async function study(runs: number): Promise<BehaviourModel> {
  const [flows, captures] = [flowsFolder(), corpusFolder()];
  if (flows === null || captures === null) throw new Error('the shared flows and captures are not here');
  const miners = await recordedMiners(flows, captures);
  const harmless = (await recordedHarmless(flows, captures)).filter(isJudged);
  const drawn = generated(runs, 1).filter(isJudged);
  const fresh = generated(runs, 2).filter(isJudged);

  const ofAsics = uncutProfile(uncut(1000, 120, 12));
  const folds = new Map<string, number>();
  for (const { name, source } of [...miners, ...harmless, ...drawn, ...fresh]) {
    const key = `${source} ${name}`;
    if (!folds.has(key)) folds.set(key, folds.size % 2);
  }
  const foldOf = ({ name, source }: Example): number => folds.get(`${source} ${name}`) ?? 0;
  const heldOut: { example: Example; model: BehaviourModel }[] = [];
  for (const fold of [0, 1]) {
    const own = [...miners, ...harmless, ...drawn].filter((each) => foldOf(each) === fold);
    const model = [...fitted(own), ofAsics];
    for (const example of [...miners, ...harmless, ...fresh])
      if (foldOf(example) !== fold) heldOut.push({ example, model });
  }
  const byFold = (isWanted: (example: Example) => boolean, key: (example: Example) => string) => {
    const rows = new Map<string, Tally>();
    for (const { example, model } of heldOut) {
      if (!isWanted(example)) continue;
      for (const [name, { found, of }] of tally([example], model, key)) {
        const row = rows.get(name) ?? { found: 0, of: 0 };
        rows.set(name, { found: row.found + found, of: row.of + of });
      }
    }
    return rows;
  };
  const isLong = ({ relation }: Example): boolean => relation.activeSeconds >= LEAST_SECONDS;
  print(
    'held out: recorded miners by timeouts',
    byFold(
      (each) => each.isMining && each.source === 'recorded' && isLong(each),
      ({ timeouts }) => timeouts,
    ),
  );
  print(
    'held out: generated miners',
    byFold(
      (each) => each.isMining && each.source === 'generated',
      () => 'all',
    ),
  );
  print(
    'held out: recorded harmless',
    byFold(
      (each) => !each.isMining && each.source === 'recorded',
      () => 'all',
    ),
  );
  print(
    'held out: generated look-alikes, of kinds that the fit has not seen',
    byFold(
      (each) => !each.isMining && each.source === 'generated',
      () => 'all',
    ),
  );
  const model = [...fitted([...miners, ...harmless, ...drawn]), ofAsics];
  print(
    'ASICs and look-alikes in one record a connection, other draws',
    tally(uncut(5000, 100, 12), model, ({ isMining }) => (isMining ? 'ASICs' : 'look-alikes')),
  );
  const ofPrograms = devices(runs, 1);
  print(
    'miners with the messages of their programs',
    tally(ofPrograms, model, ({ name }) => name),
  );
  print(
    'the same by timeouts',
    tally(ofPrograms, model, ({ timeouts }) => timeouts),
  );
  print(
    'recorded miners by timeouts',
    tally(miners, model, ({ timeouts }) => timeouts),
  );
  print(
    'recorded harmless',
    tally(harmless, model, ({ name }) => name),
  );
  print(
    'generated miners',
    tally(
      fresh.filter((each) => each.isMining),
      model,
      ({ name }) => name,
    ),
  );
  const others = fresh.filter((each) => !each.isMining);
  print(
    'generated look-alikes',
    tally(others, model, () => 'all'),
  );
  print(
    'generated look-alikes by timeouts',
    tally(others, model, ({ timeouts }) => timeouts),
  );
  print(
    'generated look-alikes by kind',
    new Map([...tally(others, model, ({ name }) => name)].filter(([, { found }]) => found > 0)),
  );
  print(
    'look-alikes by the days of a scan',
    tally(
      [1, 7, 30].flatMap((days) => overDays(days, 1)).filter(isJudged),
      model,
      ({ timeouts }) => timeouts,
    ),
  );
  const missed = miners.filter(({ relation }) => {
    const { score, threshold } = behaviourScore(relation, model);
    return score < threshold;
  });
  console.log('\nmissed:', missed.map(({ name, timeouts }) => `${name} at ${timeouts}`).join(', '));
  console.log(calibration(fresh, model));
  return model;
}

/** Of generated examples, both classes weighed alike: how many of each score are miners, against what the score says. */
function calibration(examples: readonly Example[], model: BehaviourModel): string {
  const weight = (isMining: boolean): number =>
    1 / examples.filter((each) => each.isMining === isMining).length;
  const weights = { true: weight(true), false: weight(false) };
  const lines = [-4, -2, -1, 0, 1, 2, 3, 9].map((high, i, ends) => {
    const low = ends[i - 1] ?? -99;
    const inside = examples.filter(({ relation }) => {
      const { score } = behaviourScore(relation, model);
      return score >= low && score < high;
    });
    const sum = (isMining: boolean): number =>
      inside.filter((each) => each.isMining === isMining).length * weights[`${isMining}`];
    const said = inside.reduce(
      (mean, { relation }) => mean + behaviourScore(relation, model).score / inside.length,
      0,
    );
    return `| ${low} to ${high} | ${inside.length} | ${(1 / (1 + Math.exp(-said))).toFixed(2)} | ${(sum(true) / (sum(true) + sum(false))).toFixed(2)} |`;
  });
  return ['\nscore, examples, probability that it says, part that are miners', ...lines].join('\n');
}
