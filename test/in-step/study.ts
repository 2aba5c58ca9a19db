/** How often sessions are found in step with blocks, of networks that are drawn by chance: the tables of docs/reference/in-step.md. */
import { type PoolConnection, PoolConnectionTable } from '../../src/endpoints/pool-connection.ts';
import { noTraffic } from '../../src/endpoints/traffic.ts';
import { totalOf } from '../../src/order.ts';
import { type Chain, InStepFinder } from '../../src/run/in-step.ts';
import { statement } from '../../src/statements/index.ts';
import { type Random, random } from '../support/random.ts';
import { decoys, miners, type Pushed, poisson } from './network.ts';

export const START_US = 1_795_560_000_000_000;
export type Told = 'file' | 'sessions' | 'nobody';

export interface Plan {
  readonly blockSeconds: number;
  readonly hours: number;
  readonly miners: number;
  readonly decoys: number;
  /** Who tells of blocks: a node in whole seconds, readable sessions a little late, or nobody. */
  readonly told: Told;
  readonly runs: number;
}

export interface Outcome {
  readonly found: number;
  readonly of: number;
  readonly alarms: number;
  readonly others: number;
  /** Runs in which anything was called in step that is not. */
  readonly falseRuns: number;
}

export function suspected({ client, server }: Pushed, endUs: number): PoolConnection {
  return {
    kind: 'connection',
    client: { ip: client, port: 50_000 },
    server: { ip: server, port: 443 },
    match: {
      ...{ pool: null, kind: null, names: [], name: null, by: null, use: null, dedicated: false },
      ...{ portListed: false, coins: [], algorithm: null, paysInOther: false },
    } as unknown as PoolConnection['match'],
    namedBy: 'client',
    ownName: '',
    isEncrypted: true,
    tls: null,
    marks: [],
    duty: null,
    watchedFrom: null,
    packetRef: { timeUs: START_US, record: 1, input: 0 },
    verdict: 'suspected',
    reason: statement('marks-alone'),
    startUs: START_US,
    endUs,
    count: 1,
    traffic: noTraffic(),
  };
}

function chainsOf(draw: Random, told: Told, blocks: readonly number[]): Chain[] {
  const chain = (source: Chain['source'], times: readonly number[]): Chain => ({
    coin: 'XMR',
    source,
    timesUs: times.map((at) => START_US + Math.round(at * 1e6)).sort((a, b) => a - b),
  });
  if (told === 'file')
    return [
      chain(
        'file',
        blocks.map((at) => Math.floor(at + draw.exponential(0.3))),
      ),
    ];
  if (told === 'sessions')
    return [
      chain(
        'sessions',
        blocks.map((at) => at + 0.2 + draw.exponential(0.4)),
      ),
    ];
  return [];
}

/** One network: which of its sessions are called in step. */
export function look(
  draw: Random,
  plan: Plan,
): { readonly all: readonly Pushed[]; readonly inStep: ReadonlySet<Pushed> } {
  const seconds = plan.hours * 3600;
  const blocks = poisson(draw, plan.blockSeconds, seconds);
  const all = [...miners(draw, plan.miners, blocks, seconds), ...decoys(draw, plan.decoys, seconds)];
  const poolConnections = new PoolConnectionTable();
  const finder = new InStepFinder();
  const endUs = START_US + seconds * 1e6;
  const rows = all.map((pushed) => {
    const poolConnection = suspected(pushed, endUs);
    poolConnections.add(poolConnection);
    const timesUs = pushed.times.map((at) => START_US + Math.round(at * 1e6));
    finder.add(poolConnection, { fromUs: START_US, toUs: endUs, timesUs });
    return { pushed, poolConnection };
  });
  finder.mark(poolConnections, chainsOf(draw, plan.told, blocks));
  return {
    all,
    inStep: new Set(
      rows.filter(({ poolConnection }) => poolConnection.verdict === 'probable').map(({ pushed }) => pushed),
    ),
  };
}

export function simulate(plan: Plan, seed: number): Outcome {
  const sum = { found: 0, of: 0, alarms: 0, others: 0, falseRuns: 0 };
  for (let run = 0; run < plan.runs; run++) {
    const { all, inStep } = look(random(seed * 10_007 + run), plan);
    const before = sum.alarms;
    for (const pushed of all) {
      const found = inStep.has(pushed) ? 1 : 0;
      if (pushed.isMiner) {
        sum.of++;
        sum.found += found;
      } else {
        sum.others++;
        sum.alarms += found;
      }
    }
    if (sum.alarms > before) sum.falseRuns++;
  }
  return sum;
}

const TELLERS: readonly Told[] = ['file', 'sessions', 'nobody'];

/** All tables, as Markdown. `runs` is for networks of ten sessions; larger ones get fewer. */
export function study(runs: number): string {
  const lines = [
    '| blocks every | captured | miners | others | found, file | sessions | nobody | false alarms |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const [blockSeconds, spans] of [
    [120, [0.5, 1, 4]],
    [600, [1, 3, 12]],
  ] as const) {
    for (const hours of spans) {
      for (const count of [2, 10, 100, 500]) {
        if (count === 500 && hours !== spans[1]) continue;
        const each = Math.max(2, Math.round((runs * 10) / count));
        const plan = {
          blockSeconds,
          hours,
          miners: count,
          decoys: Math.max(18, count),
          runs: Math.min(runs, each),
        };
        const sums = TELLERS.map((told) => simulate({ ...plan, told }, count));
        const found = sums.map((sum) => `${sum.found} of ${sum.of}`).join(' | ');
        const alarms = `${totalOf(sums, (sum) => sum.alarms)} of ${totalOf(sums, (sum) => sum.others)}`;
        lines.push(
          `| ${blockSeconds / 60} min | ${hours} h | ${count} | ${plan.decoys} | ${found} | ${alarms} |`,
        );
      }
    }
  }
  return lines.join('\n');
}
