/** Intervals of a sample, held against provinces whose truth the generator knows: of 40, 37 to 40 hold it. */
import { expect, it } from 'vitest';
import type { AuditHost } from '../../src/audit/audit.ts';
import { expanded, type SampleOf } from '../../src/report/survey.ts';
import { drawProvince, type Miner, rateOf, wattsOf } from '../scenario/province.ts';
import { random } from '../support/random.ts';
import { sampleAudit } from '../support/sample-audit.ts';

const SEEDS = 40;
const [HOST] = sampleAudit().hosts as [AuditHost];
const INSIDE: readonly string[] = ['government', 'education', 'enterprise'];

/** A host as a scan without error of measuring would give it, its value in the place of energy. */
function hostOf(miner: Miner, value: number): AuditHost {
  const power = { ...HOST.power, kwhPerDay: value } as AuditHost['power'];
  return { ...HOST, ip: miner.ip, owner: { ...HOST.owner, class: miner.owner }, power };
}

const FIGURES: readonly (readonly [name: string, truth: (miners: readonly Miner[]) => number])[] = [
  ['watts', wattsOf],
  ['hashrate of SHA-256d', (miners) => rateOf(miners, 'sha256d')],
  ['hashrate of RandomX', (miners) => rateOf(miners, 'rx/0')],
  ['addresses at institutions', (miners) => miners.filter(({ owner }) => INSIDE.includes(owner)).length],
];

it.each(FIGURES)(
  '%s: 37 to 40 of 40 intervals hold the truth',
  (_name, truth) => {
    let held = 0;
    let widest = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { miners } = drawProvince(seed);
      const sample = random(1000 + seed)
        .shuffle(miners)
        .slice(0, 450);
      const hosts = sample.map((miner) => hostOf(miner, truth([miner])));
      const found = expanded(hosts, miners.length, ({ power }) => power?.kwhPerDay ?? 0);
      const all = truth(miners);
      if (found !== null && found.low <= all && all <= found.high) held++;
      widest = Math.max(widest, ((found?.high ?? 0) - (found?.low ?? 0)) / all);
    }
    expect(held).toBeGreaterThanOrEqual(37);
    // An interval that holds everything would be no answer.
    expect(widest).toBeLessThan(0.6);
  },
  120_000,
);

it('is narrower if the sample was drawn by class of owner, and holds the truth as often', () => {
  let held = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { miners } = drawProvince(seed);
    const draw = random(2000 + seed);
    const classes = [...new Set(miners.map(({ owner }) => owner))];
    const strata = classes.map((owner) => miners.filter((miner) => miner.owner === owner));
    const sampleOf: SampleOf = Object.fromEntries(strata.map((own) => [own[0]?.owner, own.length]));
    const hosts = strata
      .flatMap((own) => draw.shuffle(own).slice(0, Math.ceil(own.length / 10)))
      .map((miner) => hostOf(miner, wattsOf([miner])));
    const found = expanded(hosts, sampleOf, ({ power }) => power?.kwhPerDay ?? 0);
    const all = wattsOf(miners);
    if (found !== null && found.low <= all && all <= found.high) held++;
  }
  expect(held).toBeGreaterThanOrEqual(37);
}, 120_000);
