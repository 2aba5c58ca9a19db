/**
 * The Jiangsu scenario: a synthetic province as flow logs at full size and as captures of a tenth, with the owners table
 * that both are read with, and the true values. README.md beside tells what is taken from the notice and what is not.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CaptureFigures, writeCaptures } from './captures.ts';
import { type FlowLogFigures, LOOKS, PROBES, PUBLISHED_MBPS, writeFlowLogs } from './flow-logs.ts';
import {
  CITIES,
  drawProvince,
  GROUPS,
  HOURS_PER_DAY,
  type Miner,
  type OwnerName,
  rateOf,
  tenthOf,
  type Work,
  wattsOf,
} from './province.ts';

/** What is true of a set of miners. */
export interface Truth {
  readonly addresses: number;
  readonly machines: number;
  readonly institutionalAddresses: number;
  readonly owners: Readonly<Record<string, number>>;
  readonly cities: Readonly<Record<string, number>>;
  /** H/s; never added across algorithms. */
  readonly hashesPerSecond: Readonly<Record<Work, number>>;
  readonly addressesByWork: Readonly<Record<Work, number>>;
  readonly watts: number;
  readonly kwhPerDay: number;
}

export interface Scenario {
  readonly flowFolder: string;
  readonly captureFolder: string;
  readonly ownersFile: string;
  /** What the operator knows of the pools' difficulty, for `--assume`. */
  readonly assumeFile: string;
  readonly province: Truth;
  readonly tenth: Truth;
  readonly mbps: number;
  /** Addresses that tried a pool in vain, and that touched one. */
  readonly attempted: number;
  readonly listed: number;
  readonly flows: FlowLogFigures;
  readonly captures: CaptureFigures;
  readonly miners: readonly Miner[];
  readonly tenthMiners: readonly Miner[];
}

/** Writes flows/, captures/, owners.csv, assume.txt and truth.json into the folder. */
export function writeScenario(folder: string, seed = 2021): Scenario {
  const flowFolder = path.join(folder, 'flows');
  const captureFolder = path.join(folder, 'captures');
  const ownersFile = path.join(folder, 'owners.csv');
  const assumeFile = path.join(folder, 'assume.txt');
  mkdirSync(flowFolder, { recursive: true });
  mkdirSync(captureFolder, { recursive: true });
  const { miners, ownersCsv } = drawProvince(seed);
  const tenth = tenthOf(miners);
  writeFileSync(ownersFile, ownersCsv);
  writeFileSync(assumeFile, ASSUMPTIONS);
  const scenario = {
    ...{ flowFolder, captureFolder, ownersFile, assumeFile },
    ...{ province: truthOf(miners), tenth: truthOf(tenth), mbps: PUBLISHED_MBPS },
    ...{ attempted: PROBES, listed: LOOKS },
    flows: writeFlowLogs(flowFolder, miners, seed + 1),
    captures: writeCaptures(captureFolder, tenth, seed + 3),
  };
  writeFileSync(path.join(folder, 'truth.json'), `${JSON.stringify(scenario, null, 2)}\n`);
  return { ...scenario, miners, tenthMiners: tenth };
}

/** AntPool and Ethermine serve two coins at one place, so that the coin has to be said. */
const ASSUMPTIONS = `coin=BTC difficulty=65536
algorithm=ethash hashes=10G
algorithm=rx/0 hashes=60k
pool=AntPool port=3333 algorithm=sha256d difficulty=65536
pool=Ethermine algorithm=ethash hashes=10G
`;
const INSTITUTIONAL: readonly OwnerName[] = ['government', 'education', 'enterprise'];
const WORKS: readonly Work[] = ['sha256d', 'ethash', 'rx/0'];

function truthOf(miners: readonly Miner[]): Truth {
  const count = (is: (miner: Miner) => boolean): number => miners.filter(is).length;
  const owners = [...new Set(GROUPS.map(({ owner }) => owner))];
  const byWork = (value: (work: Work) => number): Record<Work, number> => ({
    sha256d: value('sha256d'),
    ethash: value('ethash'),
    'rx/0': value('rx/0'),
  });
  const watts = wattsOf(miners);
  return {
    addresses: miners.length,
    machines: miners.reduce((sum, { machines }) => sum + machines.length, 0),
    institutionalAddresses: count(({ owner }) => INSTITUTIONAL.includes(owner)),
    owners: Object.fromEntries(owners.map((owner) => [owner, count((miner) => miner.owner === owner)])),
    cities: Object.fromEntries(CITIES.map((city) => [city.name, count((miner) => miner.city === city)])),
    hashesPerSecond: byWork((work) => rateOf(miners, work)),
    addressesByWork: byWork((work) => count((miner) => miner.work === work)),
    watts,
    kwhPerDay: (watts * HOURS_PER_DAY) / 1000,
  };
}

export { WORKS };
