/** Flow records of which a sampled part was looked at: counts are multiplied, and how sure they are stands beside. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scanInputs } from '../support/scanning.ts';

const work = mkdtempSync(path.join(tmpdir(), 'minesweep-sampled-'));
afterAll(() => rmSync(work, { recursive: true }));

const pools = path.join(work, 'pools.list');
writeFileSync(pools, '198.51.100.7:3333\n');

/** As many records of one packet each, one way and back by turns, over a day. */
function log(packets: number, interval: number): string {
  const rows = Array.from({ length: packets }, (_, at) => {
    const start = 1_700_000_000 + Math.floor((at * 86_000) / packets);
    const ends = at % 2 === 0 ? '192.0.2.1,50000,198.51.100.7,3333' : '198.51.100.7,3333,192.0.2.1,50000';
    return `${start},${ends},6,1,90,${interval}`;
  });
  const file = path.join(work, `${packets}-${interval}.csv`);
  writeFileSync(
    file,
    `${['start,src,sport,dst,dport,proto,packets,bytes,samplingrate', ...rows].join('\n')}\n`,
  );
  return file;
}

it.each([
  // Exact Poisson limits of 10 and 100: 4.795 to 18.390 and 81.36 to 121.63 (Garwood 1936).
  { packets: 10, limits: { low: 4795, high: 18_390 }, words: '4,800–18,400 packets (95 %)' },
  { packets: 100, limits: { low: 81_364, high: 121_627 }, words: '81,400–122,000 packets (95 %)' },
])('$packets packets seen, one in 1000', async ({ packets, limits, words }) => {
  const { sessions, hosts } = await scanInputs([log(packets, 1000)], { poolFiles: [pools] });
  const [{ traffic, flow }] = sessions;
  expect(traffic.packetsOut + traffic.packetsIn).toBe(packets * 1000);
  expect(flow).toMatchObject({ samplingInterval: 1000, observedPackets: packets });
  expect(Math.abs((flow?.packets95?.low ?? 0) - limits.low)).toBeLessThanOrEqual(1);
  expect(Math.abs((flow?.packets95?.high ?? 0) - limits.high)).toBeLessThanOrEqual(1);
  const said = hosts.flatMap(({ evidence }) => evidence.map(({ text }) => text)).join('\n');
  expect(said).toContain(`sampled 1 in 1,000, ${packets} packets observed: ${words}`);
});

it('says nothing of it where every packet was counted', async () => {
  const { sessions, hosts } = await scanInputs([log(10, 1)], { poolFiles: [pools] });
  expect(sessions[0]?.flow?.packets95).toBeUndefined();
  const said = hosts.flatMap(({ evidence }) => evidence.map(({ text }) => text)).join('\n');
  expect(said).toContain('198.51.100.7:3333');
  expect(said).not.toContain('sampled');
  expect(hosts[0]?.dutyLimits).toBeUndefined();
});

it('does not know for how long a miner was active, and says so of its energy', async () => {
  const [few, many] = await Promise.all(
    [12, 1400].map((packets) => scanInputs([log(packets, 1000)], { poolFiles: [pools] })),
  );
  // A machine that draws what is central, around the clock: that may be, whatever was sampled.
  for (const { hosts, totals } of [few, many]) {
    const [{ power, duty, dutyLimits }] = hosts;
    expect(dutyLimits?.high).toBe(1);
    expect(dutyLimits?.low).toBeLessThanOrEqual(duty ?? 0);
    const { watts = 0, wattsHigh = 0, kwhPerDayLow = 0, kwhPerDayHigh = 0 } = power ?? {};
    expect(kwhPerDayHigh).toBeCloseTo(wattsHigh * 0.024, 6);
    expect(kwhPerDayLow).toBeLessThan(watts * 0.024 * (duty ?? 0));
    const said = totals.powerAssumptions.map(({ code }) => code);
    expect(said).toContain('duty-sampled');
  }
  const lowOf = ({ hosts: [{ power }] }: typeof few): number => power?.kwhPerDayLow ?? 0;
  // Twelve minutes of the day, at least.
  expect(lowOf(few)).toBeCloseTo(((few.hosts[0].power?.wattsLow ?? 0) * 0.024 * 720) / few.window.seconds, 6);
  expect(lowOf(many) / lowOf(few)).toBeGreaterThan(50);
});
