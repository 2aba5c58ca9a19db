/** Scenes whose rates are measured, and how far estimates lie from the truth in each. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { scanInputs } from '../support/scanning.ts';
import { type Scene, simulate } from './simulator.ts';

export interface Row extends Omit<Scene, 'miners'> {
  readonly name: string;
  /** Most that the mean of estimate over truth may differ from 1, in percent. */
  readonly most: number;
  /** Miners that have a rate, at least, in percent; 100 if absent. */
  readonly rated?: number;
}

const LONG = { seconds: 3600, shares: 120, jobSeconds: 30 };
const HALF = { seconds: 1800, shares: 60, jobSeconds: 30 };

export const ROWS: readonly Row[] = [
  { name: '5 minutes, a job every 30 s', seconds: 300, shares: 10, jobSeconds: 30, most: 1 },
  { name: '10 minutes, a job every 30 s', seconds: 600, shares: 10, jobSeconds: 30, most: 1 },
  { name: '30 minutes, a job every 30 s', seconds: 1800, shares: 10, jobSeconds: 30, most: 1 },
  { name: '5 minutes, a job every 120 s', seconds: 300, shares: 10, jobSeconds: 120, most: 1 },
  { name: '10 minutes, a job every 120 s', seconds: 600, shares: 10, jobSeconds: 120, most: 1 },
  { name: '5 minutes, a job every 600 s', seconds: 300, shares: 10, jobSeconds: 600, most: 3 },
  { name: '30 minutes, a job every 600 s', seconds: 1800, shares: 10, jobSeconds: 600, most: 3 },
  {
    name: 'met in mid-session, 5 minutes, 3 shares',
    ...{ seconds: 300, shares: 3, jobSeconds: 60, isMet: true, pools: ['cryptonote'], most: 5, rated: 95 },
  },
  { name: 'a new connection each minute, no FIN', ...HALF, reconnectSeconds: 60, most: 1 },
  { name: 'a new connection each 5 minutes, no FIN', ...LONG, reconnectSeconds: 300, most: 1 },
  { name: '5 % of packets lost', ...HALF, loss: 0.05, most: 1, rated: 95 },
  { name: '10 % of packets lost', ...HALF, loss: 0.1, most: 1, rated: 90 },
  { name: 'no packet for 20 minutes of an hour', ...LONG, hole: { from: 1500, seconds: 1200 }, most: 1 },
  { name: 'clock set ahead by 5 minutes', ...LONG, clock: { from: 1800, by: 300 }, most: 1 },
  { name: 'clock set ahead by 2 hours', ...LONG, clock: { from: 1800, by: 7200 }, most: 1 },
  { name: 'clock set back by 2 hours', ...LONG, clock: { from: 1800, by: -7200 }, most: 1 },
  { name: 'clock set back by 90 seconds', ...LONG, clock: { from: 1800, by: -90 }, most: 1 },
];

export interface Measured {
  readonly miners: number;
  readonly rated: number;
  /** Mean of estimate/H - W/(T·H): the luck of the shares is taken out. */
  readonly bias: number;
  /** Part of the intervals of 95 % that hold the true rate. */
  readonly coverage: number;
}

/** Scans captures of so many miners each, and compares the headline rates with the truth. */
export async function measure(
  folder: string,
  { name: _, most: __, rated: ___, ...scene }: Row,
  { runs, miners, seed }: { readonly runs: number; readonly miners: number; readonly seed: number },
): Promise<Measured> {
  const file = path.join(folder, 'scene.pcap');
  const sum = { miners: 0, rated: 0, bias: 0, held: 0 };
  for (let run = 0; run < runs; run++) {
    const { pcap, truth } = simulate({ ...scene, miners }, seed + run);
    writeFileSync(file, pcap);
    const { hosts } = await scanInputs([file]);
    for (const { ip, algorithm, hashesPerSecond, work, seconds } of truth) {
      sum.miners++;
      const row = hosts
        .find((host) => host.ip === ip)
        ?.hashrate.find((rate) => rate.headline && rate.algorithm === algorithm);
      if (row === undefined || row.low95 === null || row.high95 === null) continue;
      sum.rated++;
      sum.bias += (row.estimate - work / seconds) / hashesPerSecond;
      if (row.low95 <= hashesPerSecond && row.high95 >= hashesPerSecond) sum.held++;
    }
  }
  return {
    miners: sum.miners,
    rated: sum.rated,
    bias: sum.bias / sum.rated,
    coverage: sum.held / sum.rated,
  };
}
