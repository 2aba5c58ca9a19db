/**
 * A proxy that puts the work of several miners on one connection with the pool, captured on both sides: what passes twice is counted
 * once. The test writes four miners of 1,000 H/s, and a proxy that submits their 240 shares.
 */
import { describe, expect, it } from 'vitest';
import { renderScreen } from '../../src/report/screen.ts';
import { conversation } from '../support/conversation.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import { JOB, RESULT } from '../support/randomx-job.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const START_US = Date.UTC(2026, 10, 24, 8) * 1000;

interface Talk {
  readonly miner: string;
  readonly pool: string;
  readonly shares: number;
  /** Seconds between shares. */
  readonly pace: number;
  readonly agent: string;
  readonly login: string;
}

let talks = 0;

/** Shares of 10,000 hashes. */
function mining({ miner, pool, shares, pace, agent, login }: Talk) {
  const own = ++talks;
  let talk = conversation({ miner, pool, startUs: START_US + own * 1e6 })
    .connect()
    .minerSays({ id: 1, method: 'login', params: { login, pass: 'x', agent } })
    .poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job: JOB, status: 'OK' } });
  for (let share = 0; share < shares; share++) {
    const nonce = (own * 0x100000 + share * 7919).toString(16).padStart(8, '0');
    const params = { id: 's', job_id: 'j1', nonce, result: `${nonce}${RESULT.slice(8)}` };
    talk = talk
      .after(pace)
      .minerSays({ id: share + 2, method: 'submit', params })
      .poolSays({ id: share + 2, jsonrpc: '2.0', error: null, result: { status: 'OK' } });
  }
  return talk.close().toPackets();
}

const PROXY = '10.0.0.80';
const inner = [1, 2, 3, 4].map((i) =>
  mining({
    miner: `10.0.0.${i}:40001`,
    pool: `${PROXY}:3333`,
    ...{ shares: 60, pace: 10, agent: 'XMRig/6.22.2', login: 'x' },
  }),
);
const outer = mining({
  miner: `${PROXY}:50000`,
  pool: '198.51.100.9:3333',
  ...{ shares: 240, pace: 2.5, agent: 'xmrig-proxy/6.22.0', login: 'farm' },
});

const capture = (name: string, parts: (typeof outer)[]): string =>
  writeCapture(
    folder,
    name,
    parts.flat().sort((a, b) => a.timeUs - b.timeUs),
  );

describe('a proxy that gathers miners', () => {
  it.each([[['10.0.0.0/8']], [[]]])('is counted once on both sides, with --local %j', async (local) => {
    const both = await scanInputs([capture(`both-${local.length}`, [...inner, outer])], { local });
    const alone = await scanInputs([capture(`outer-${local.length}`, [outer])], { local });
    const miners = await scanInputs([capture(`inner-${local.length}`, inner)], { local });
    const merged = await mergeAll([partOf(alone, 'outer'), partOf(miners, 'inner')]);
    for (const audit of [both, merged]) {
      const { machines, traffic, hashrate, power } = audit.totals;
      expect(machines).toEqual({ low: 4, high: 4 });
      // The bytes, packets and shares in the books of the pool are those of the one connection with it.
      expect([traffic.bytesOut, traffic.packetsIn]).toEqual([
        alone.totals.traffic.bytesOut,
        alone.totals.traffic.packetsIn,
      ]);
      expect(hashrate).toHaveLength(1);
      expect(Math.abs(hashrate[0].estimate - 4000)).toBeLessThan(100);
      expect(power?.watts).toBeCloseTo(miners.totals.power?.watts ?? Number.NaN, 6);
    }
    const screen = [
      ...renderScreen(both, { zone: 'UTC', language: 'en', width: 100, color: false }, 100),
    ].join('');
    expect(screen).toContain('4 machines confirmed');
    expect(screen).toContain(`Proxy of miners, itself no miner: ${PROXY}.`);
  });

  it('is the miner if nobody was seen behind it', async () => {
    const audit = await scanInputs([capture('alone', [outer])]);
    expect(audit.totals.minerAddresses).toBe(1);
    expect(audit.totals.traffic.bytesOut).toBeGreaterThan(10_000);
    expect(audit.totals.power?.watts).toBeGreaterThan(0);
    expect(
      [...renderScreen(audit, { zone: 'UTC', language: 'en', width: 100, color: false }, 100)].join(''),
    ).toContain('1 machine confirmed');
  });
});
