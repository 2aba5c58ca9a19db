/**
 * Rates from nonces in the audit: how sessions and hosts add up, which basis is the headline, and, on captures that
 * others recorded, whether the audit's figure is that of the miner's own screen.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostCounterRates } from '../../src/assessment/counter-rates.ts';
import { hashrateRows, ratesOf, totalHashrate } from '../../src/assessment/rates.ts';
import { totalCounterRates } from '../../src/audit/rate-rows.ts';
import { openLedgers } from '../../src/hosts/ledger.ts';
import type { AlgorithmWork, FinalSession } from '../../src/sessions/finalize.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { bareSession, finalizedAs } from '../support/sessions.ts';
import { cjTruth, laboratoryCapture } from '../support/truth.ts';

interface Told {
  /** Seconds from the start of the run. */
  readonly from: number;
  readonly to: number;
  /** Rate, low and high of its clock; absent: none. */
  readonly clock?: readonly [number, number, number];
  /** Shares before those that the clock is of. */
  readonly unread?: number;
  /** Shares, each of `workInForce` hashes. */
  readonly shares?: number;
  /** Null: nobody knows what they are worth. */
  readonly workOfShare?: number | null;
  /** Only a tunnel of somebody outside tells of it. */
  readonly isDoubtful?: boolean;
}

function finalized({
  from,
  to,
  clock,
  unread = 0,
  shares = 0,
  workOfShare = 100,
  isDoubtful,
}: Told): FinalSession {
  const session = bareSession();
  session.cover(from * 1e6, to * 1e6);
  const tunnel = { kind: 'tunnel', source: '203.0.113.9', destination: null, doubt: 'outside' } as const;
  if (isDoubtful) session.connections.cameThrough([tunnel]);
  const work: AlgorithmWork = {
    algorithm: 'rx/0',
    intervals: [{ startUs: from * 1e6, endUs: to * 1e6 }],
    shares,
    work: workOfShare === null ? null : shares * workOfShare,
    workSquared: shares * (workOfShare ?? 0) ** 2,
    workInForce: workOfShare ?? 0,
    units: null,
  };
  const [estimate = 0, low95 = 0, high95 = 0] = clock ?? [];
  return finalizedAs(session, {
    works: [work],
    counter:
      clock === undefined
        ? null
        : {
            algorithm: 'rx/0',
            rigs: 0,
            leastRigs: 0,
            unreadShares: unread,
            estimate: {
              verdict: 'clock',
              pValue: 1e-9,
              evidence: 20,
              structure: { kind: 'single', size: null, spread: 0.01, outliers: 0 },
              estimate,
              low95,
              high95,
              tracks: null,
              rigs: null,
              sharesUsed: 10,
              sharesUnplaced: 0,
              series: [],
              words: [],
            },
          },
  });
}

/** Estimate and bounds of a host with these sessions, to four digits; null where it has no rate from nonces. */
function rateOf(sessions: readonly Told[]): readonly number[] | null {
  const [ledger] = openLedgers(sessions.map(finalized), []);
  const [rate] = ledger === undefined ? [] : hostCounterRates(ledger);
  return rate === undefined
    ? null
    : [rate.estimate, rate.low95, rate.high95].map((value) => Number(value.toPrecision(4)));
}

describe('the rate of a host from nonces', () => {
  it('is that of its only session', () => {
    expect(rateOf([{ from: 0, to: 100, clock: [1000, 900, 1200] }])).toEqual([1000, 900, 1200]);
  });

  it('is neither halved nor doubled by a reconnect, and keeps the errors of the one machine', () => {
    const clock = [1000, 900, 1100] as const;
    expect(
      rateOf([
        { from: 0, to: 100, clock },
        { from: 200, to: 300, clock },
      ]),
    ).toEqual([1000, 900, 1100]);
  });

  it('is none of a session whose newest part alone was read, and counts that by its shares', () => {
    const part = { from: 0, to: 100, clock: [1000, 900, 1200], unread: 3000, shares: 6000 } as const;
    expect(rateOf([part])).toBeNull();
    // 1,000 hashes a second for 900 s, and 600,000 hashes in shares of the other 100 s.
    const [rate] =
      rateOf([
        { ...part, workOfShare: 100 },
        { from: 100, to: 1000, clock: [1000, 1000, 1000] },
      ]) ?? [];
    expect(rate).toBe(1500);
  });

  it('adds sessions at one time', () => {
    expect(
      rateOf([
        { from: 0, to: 100, clock: [1000, 900, 1100] },
        { from: 0, to: 100, clock: [500, 450, 550] },
      ]),
    ).toEqual([1500, 1350, 1650]);
  });

  it('tells of how many sessions and shares it is', () => {
    const clock = { from: 0, to: 100, clock: [1000, 900, 1100] } as const;
    const [ledger] = openLedgers(
      [finalized(clock), finalized(clock), finalized({ from: 0, to: 100, shares: 5 })],
      [],
    );
    expect(hostCounterRates(ledger)).toMatchObject([{ algorithm: 'rx/0', sessions: 2, shares: 20 }]);
  });

  it('weighs sessions by their time', () => {
    expect(
      rateOf([
        { from: 0, to: 300, clock: [1000, 1000, 1000] },
        { from: 300, to: 400, clock: [2000, 2000, 2000] },
      ]),
    ).toEqual([1250, 1250, 1250]);
  });

  it('takes sessions too short for a clock by their shares, with the error of those', () => {
    // 90,000 hashes by the clock, 3 shares of 1,000 in the other 10 s: 93,000 in 100 s, ± 1.96 · √(3+1) · 1,000.
    expect(
      rateOf([
        { from: 0, to: 90, clock: [1000, 1000, 1000] },
        { from: 90, to: 100, shares: 3, workOfShare: 1000 },
      ]),
    ).toEqual([930, 890.8, 969.2]);
  });

  it('is none where shares of unknown worth leave a hole, unless there are none', () => {
    const clock = { from: 0, to: 90, clock: [1000, 1000, 1000] } as const;
    const unknown = { from: 90, to: 100, workOfShare: null };
    expect(rateOf([clock, { ...unknown, shares: 3 }])).toBeNull();
    expect(rateOf([clock, { ...unknown, shares: 0 }])).toEqual([1000, 1000, 1000]);
  });

  it('is none of no time', () => {
    expect(rateOf([{ from: 5, to: 5, clock: [1000, 900, 1100] }])).toBeNull();
  });

  it('is that of sessions that are believed, unless there are only others', () => {
    const rates = (...sessions: Told[]) => {
      const [ledger] = openLedgers(sessions.map(finalized), []);
      const { works, counters } = ratesOf(ledger);
      return [works[0].sum.shares, counters.length, counters[0]?.estimate];
    };
    const known = { from: 0, to: 100, clock: [1000, 900, 1100], shares: 7 } as const;
    const other = { ...known, clock: [500, 400, 600], shares: 4, isDoubtful: true } as const;
    expect([rates(known, other), rates(other), rates(known, { ...other, isDoubtful: false })]).toEqual([
      ...[
        [7, 1, 1000],
        [4, 1, 500],
        [11, 1, 1500],
      ],
    ]);
  });

  it('is none where most of the work is known by shares alone', () => {
    expect(
      rateOf([
        { from: 0, to: 10, clock: [1000, 900, 1100] },
        { from: 10, to: 100, shares: 90, workOfShare: 1000 },
      ]),
    ).toBeNull();
    // Half of it is not most of it.
    const half = { from: 10, to: 20, shares: 10, workOfShare: 1000 };
    expect(rateOf([{ from: 0, to: 10, clock: [1000, 900, 1100] }, half])?.[0]).toBe(1000);
  });
});

describe('the total over hosts', () => {
  it('adds independent errors by their squares', () => {
    const rate = { algorithm: 'rx/0', shares: 10, sessions: 1 };
    const total = totalCounterRates([
      [{ ...rate, estimate: 1000, low95: 970, high95: 1030 }],
      [{ ...rate, estimate: 2000, low95: 1960, high95: 2040 }],
    ]);
    expect(total).toEqual([
      { algorithm: 'rx/0', estimate: 3000, low95: 2950, high95: 3050, shares: 20, sessions: 2, hosts: 2 },
    ]);
  });
});

describe('the headline', () => {
  /** 100 shares of 1,000 hashes in 100 s: 1,000 H/s, 813.6 to 1,216 by the exact limits. */
  const sum = { work: 1e5, workSquared: 1e8, shares: 100, seconds: 100, workInForce: 1000 };
  const works = [{ algorithm: 'rx/0', sum }];
  const counter = (estimate: number, low95: number, high95: number) => ({
    algorithm: 'rx/0',
    estimate,
    low95,
    high95,
    shares: 100,
    sessions: 1,
  });
  const selfReported = new Map([['rx/0', 1234]]);
  const cases = [
    { name: 'is shares alone', counters: [], works, expected: 'shares' },
    {
      name: 'is the counter where it agrees and is narrower',
      counters: [counter(1050, 1000, 1100)],
      works,
      expected: 'counter',
    },
    {
      name: 'is shares where the counter agrees and is wider',
      counters: [counter(1050, 500, 1500)],
      works,
      expected: 'shares',
    },
    {
      name: 'is shares where the two exclude each other',
      counters: [counter(2000, 1990, 2010)],
      works,
      expected: 'shares',
    },
    {
      name: 'is the counter where the two exclude each other and packets are missing',
      counters: [counter(2000, 1990, 2010)],
      works,
      missed: 0.3,
      expected: 'counter',
    },
    {
      name: 'is shares where they say more, whatever is missing',
      counters: [counter(500, 490, 510)],
      works,
      missed: 0.3,
      expected: 'shares',
    },
    {
      name: 'is the counter where shares have no known worth',
      counters: [counter(1050, 500, 1500)],
      works: [],
      expected: 'counter',
    },
    {
      name: 'is what the miner says only where nothing was measured',
      counters: [],
      works: [],
      expected: 'self-reported',
    },
  ];
  for (const { name, expected, ...sources } of cases) {
    it(name, () => {
      const rows = hashrateRows({ missed: 0, refused: new Map(), ...sources, selfReported });
      expect(rows.filter((row) => row.headline).map((row) => row.basis)).toEqual([expected]);
    });
  }

  it('of totals is never one over fewer hosts', () => {
    const host = {
      verdict: 'confirmed' as const,
      works,
      selfReported: new Map<string, number>(),
      missed: 0,
      refused: new Map(),
    };
    const rows = totalHashrate([
      { ...host, ip: '192.0.2.1', counters: [counter(1000, 999, 1001)] },
      { ...host, ip: '192.0.2.2', counters: [] },
    ]);
    expect(rows.map(({ basis, hosts, headline }) => ({ basis, hosts, headline }))).toEqual([
      { basis: 'counter', hosts: 1, headline: false },
      { basis: 'shares', hosts: 2, headline: true },
    ]);
  });
});

describe('a laboratory miner', () => {
  it('whose shares came too seldom by chance is found to disagree', async () => {
    const audit = await scanInputs([laboratoryCapture('xmr-plain-vardiff').capture]);
    const [host] = audit.hosts;
    expect(host?.hashrate.map(({ basis, headline }) => [basis, headline])).toEqual([
      ['shares', true],
      ['counter', false],
    ]);
    expect(host?.evidence.map((fact) => fact.kind)).toEqual(
      expect.arrayContaining(['counter', 'counter-disagrees']),
    );
  });
});

const corpus = corpusFolder();

describe.skipIf(corpus === null)(
  `XMRig sessions that others recorded${corpus === null ? ` (${CORPUS_ABSENT})` : ''}`,
  () => {
    it('have the miner’s own 15 minutes within 4 % in most, inside the interval in nine of ten', async () => {
      const read: { capture: string; error: number; isInside: boolean; headline: string | undefined }[] = [];
      for (const label of cjTruth() ?? []) {
        const capture = label.capture ?? '';
        const rate = Number(label.hashrate_15m);
        const audit = await scanInputs([path.join(corpus ?? '', 'real', capture)]);
        const [session] = audit.sessions;
        const last = session?.counter?.series.at(-1);
        if (last === undefined) {
          // Fewer than 20 shares may say nothing, and then no row claims anything.
          expect(session?.shares.submitted, capture).toBeLessThan(20);
          expect(audit.hosts[0]?.hashrate.map((row) => row.basis)).toEqual(['shares']);
          continue;
        }
        read.push({
          capture,
          error: Math.abs(last.estimate / rate - 1),
          isInside: last.low95 <= rate && rate <= last.high95,
          headline: audit.totals.hashrate.find((row) => row.headline)?.basis,
        });
      }
      expect(read.length).toBeGreaterThanOrEqual(6);
      expect(read.filter((one) => one.error <= 0.04).length).toBeGreaterThanOrEqual(0.8 * read.length);
      expect(read.filter((one) => one.isInside).length).toBeGreaterThanOrEqual(0.9 * read.length);
      expect(new Set(read.map((one) => one.headline))).toEqual(new Set(['counter']));
    });
  },
);
