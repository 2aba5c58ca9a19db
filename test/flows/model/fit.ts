/**
 * Fits the model of behaviour: bands by quantiles of miners, weights by logistic regression in which no weight may turn
 * round (outside of the band is never better), and a threshold by what harmless programs reach at the most. Without
 * chance: the same data give the same table.
 */
import type {
  BehaviourModel,
  BehaviourProfile,
  BehaviourWeight,
} from '../../../src/flows/behaviour-score.ts';
import { BEHAVIOUR_FEATURES, doublingsOutside, profileScore } from '../../../src/flows/behaviour-score.ts';
import { FEW_SHARES } from '../../support/flow-more-talk.ts';
import type { Example } from './data.ts';

const ROUNDS = 4000;
const STEP = 0.3;
const RIDGE = 2e-4;
/** Part of the miners beyond each end of a band: few enough inside that being at its end costs look-alikes something. */
const TAIL = 0.25;
/** Parts of the recorded miners below the thresholds, and what is left for sessions that score lower still. */
const MISSED = 0.05;
const MISSED_ON_WEB = 0.1;
const MARGIN = 0.14;
/** Threshold of miners that nobody recorded: so many log odds. */
const UNRECORDED = 2.8;

/** Every source and kind weighs alike within its class, whatever the number of its examples. */
function weightsOf(examples: readonly Example[]): number[] {
  const kinds = new Map<string, number>();
  const key = ({ source, name, isMining, timeouts }: Example): string =>
    `${isMining} ${source} ${source === 'recorded' && isMining ? timeouts : name}`;
  for (const each of examples) kinds.set(key(each), (kinds.get(key(each)) ?? 0) + 1);
  const sums = { true: 0, false: 0 };
  const raw = examples.map((each) => {
    const weight = 1 / Math.sqrt(kinds.get(key(each)) ?? 1);
    sums[`${each.isMining}`] += weight;
    return weight;
  });
  return examples.map((each, i) => (raw[i] ?? 0) / (2 * sums[`${each.isMining}`]));
}

/** Of ASICs in logs of one record a connection, on ports of the web too: so many log odds. */
const UNCUT = 2.6;
const UNCUT_ON_WEB = 3;

/** The profile of ASICs where nothing tells how counts scatter (data.ts, uncut). */
export function uncutProfile(examples: readonly Example[]): BehaviourProfile {
  const features = BEHAVIOUR_FEATURES.filter(({ id }) => !id.startsWith('scatter'));
  return {
    ...profileOf(examples, features),
    ...{ isUncut: true, threshold: UNCUT, webThreshold: UNCUT_ON_WEB },
  };
}

/** Two profiles: ASICs of few shares and long jobs, and all other miners. */
export function fitted(examples: readonly Example[]): BehaviourModel {
  const isOf = (few: boolean) =>
    examples.filter(({ name, isMining }) => !isMining || few === (name === FEW_SHARES));
  return [
    profileOf(isOf(false)),
    { ...profileOf(isOf(true)), threshold: UNRECORDED, webThreshold: UNRECORDED },
  ];
}

function profileOf(
  examples: readonly Example[],
  features: typeof BEHAVIOUR_FEATURES = BEHAVIOUR_FEATURES,
): BehaviourProfile {
  const miners = examples.filter(({ isMining }) => isMining);
  const bands = features.map(({ id, of }) => {
    const values = miners.map(({ relation }) => of(relation)).filter((value) => value !== null);
    values.sort((a, b) => a - b);
    const at = (part: number): number => values[Math.round(part * (values.length - 1))] ?? 0;
    return { id, low: rounded(at(TAIL)), high: rounded(at(1 - TAIL)) };
  });
  const rows = examples.map(({ relation }) =>
    features.flatMap(({ of }, i) => {
      const { below, above, unknown } = doublingsOutside(of(relation), bands[i] ?? { low: 0, high: 0 });
      return [below, above, unknown];
    }),
  );
  const importance = weightsOf(examples);
  const costs = new Float64Array(rows[0]?.length ?? 0);
  const moment = new Float64Array(costs.length);
  let bias = 2;
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = new Float64Array(costs.length);
    let biasGradient = 0;
    for (const [i, row] of rows.entries()) {
      let score = bias;
      for (let j = 0; j < costs.length; j++) score -= costs[j] * (row[j] ?? 0);
      const error = (1 / (1 + Math.exp(-score)) - (examples[i]?.isMining ? 1 : 0)) * (importance[i] ?? 0);
      biasGradient += error;
      for (let j = 0; j < costs.length; j++) gradient[j] -= error * (row[j] ?? 0);
    }
    bias -= STEP * 4 * biasGradient;
    for (let j = 0; j < costs.length; j++) {
      const slope = gradient[j] + RIDGE * costs[j];
      moment[j] = 0.9 * moment[j] + slope;
      costs[j] = Math.max(0, costs[j] - STEP * moment[j]);
    }
  }
  const weights: BehaviourWeight[] = bands.map((band, i) => ({
    ...band,
    below: rounded(costs[3 * i]),
    above: rounded(costs[3 * i + 1]),
    unknown: rounded(costs[3 * i + 2]),
  }));
  const model = { isUncut: false, bias: rounded(bias), threshold: 0, webThreshold: 0, weights };
  const recorded = miners
    .filter(({ source }) => source === 'recorded')
    .map(({ relation }) => profileScore(relation, model).score)
    .sort((a, b) => a - b);
  const above = (part: number): number =>
    rounded((recorded[Math.floor(part * recorded.length)] ?? 0) - MARGIN);
  return { ...model, threshold: above(MISSED), webThreshold: above(MISSED_ON_WEB) };
}

export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
