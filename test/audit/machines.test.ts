/**
 * Machines, not addresses: what a test writes on the wire is one machine that mines at one rate, so that the audit must say one
 * machine, that rate and the power of one, whatever addresses it had.
 */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffAudits } from '../../src/audit/diff.ts';
import { findHost } from '../../src/audit/find-host.ts';
import type { scan } from '../../src/scan.ts';
import { conversation } from '../support/conversation.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import { JOB, RESULT } from '../support/randomx-job.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const START_US = Date.UTC(2026, 10, 24, 8) * 1000;
const HOUR_US = 3_600_000_000;

/** A share of 10,000 hashes every ten seconds, twenty times: 1,000 H/s. */
function mining(ip: string, startUs: number, login = 'user', worker = '') {
  const miner = ip.includes(':') ? `[${ip}]:40001` : `${ip}:40001`;
  const pool = ip.includes(':') ? '[2001:db8:ffff::9]:3333' : '198.51.100.9:3333';
  const params = { login, pass: 'x', agent: 'XMRig/6.22.2', ...(worker === '' ? {} : { rigid: worker }) };
  let talk = conversation({ miner, pool, startUs })
    .connect()
    .minerSays({ id: 1, method: 'login', params })
    .poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job: JOB, status: 'OK' } });
  for (let share = 0; share < 20; share++) {
    const id = share + 2;
    const nonce = share.toString(16).padStart(8, '0');
    talk = talk
      .after(10)
      .minerSays({
        id,
        method: 'submit',
        params: { id: 's', job_id: 'j1', nonce, result: `${nonce}${RESULT.slice(8)}` },
      })
      .poolSays({ id, jsonrpc: '2.0', error: null, result: { status: 'OK' } });
  }
  return talk.close().toPackets();
}

const captured = (name: string, packets: ReturnType<typeof mining>): string =>
  writeCapture(
    folder,
    name,
    packets.toSorted((a, b) => a.timeUs - b.timeUs),
  );

const rateOf = ({ totals }: Awaited<ReturnType<typeof scan>>): number =>
  Math.round(totals.hashrate.find(({ basis }) => basis === 'shares')?.estimate ?? 0);

describe('a machine that gets another address by DHCP', () => {
  const LEASES = path.join(folder, 'leases.csv');
  const at = (hours: number): string => new Date(START_US / 1000 + hours * 3_600_000).toISOString();
  const first = mining('10.20.21.54', START_US);
  const second = mining('10.20.21.107', START_US + 2 * HOUR_US);

  it('is one, in a scan and in a merge, with the rate and the power of one', async () => {
    writeLeases();
    const options = { leaseFiles: [LEASES] };
    const parts = [
      await scanInputs([captured('a', first)], options),
      await scanInputs([captured('b', second)], options),
    ];
    const whole = await scanInputs([captured('ab', [...first, ...second])], options);
    const merged = await mergeAll(parts.map((audit, i) => partOf(audit, String(i))));
    for (const audit of [whole, merged]) {
      expect(
        audit.machines.map(({ id, basis, names, addresses, verdict, sessions }) => ({
          ...{ id, basis, names, verdict, sessions },
          ips: addresses.map(({ ip }) => ip),
        })),
      ).toEqual([
        {
          id: 'aa:bb:cc:00:00:17',
          basis: 'lease',
          names: ['LAB-PC-17', 'aa:bb:cc:00:00:17'],
          verdict: 'confirmed',
          sessions: 2,
          ips: ['10.20.21.54', '10.20.21.107'],
        },
      ]);
      expect(audit.totals.machines).toEqual({ low: 1, high: 1 });
      for (const asked of ['lab-pc-17', 'AA-BB-CC-00-00-17', 'aa:bb:cc:00:00:17', '10.20.21.107'])
        expect(findHost(audit, asked).host?.ip).toBe('10.20.21.107');
      expect(findHost(audit, 'lab-pc-18').host).toBeNull();
      expect(rateOf(audit)).toBe(rateOf(parts[0]));
      expect(audit.totals.power?.watts).toBeCloseTo(parts[0].totals.power?.watts ?? Number.NaN, 6);
    }
    const changes = diffAudits(parts[0], parts[1], {
      least: 'listed',
      failOn: 'probable',
      failOnChange: [],
      hashrateChange: 0.5,
      trafficChange: 0.5,
    });
    expect(changes.counts).toMatchObject({ new: 0, gone: 0 });
  });

  function writeLeases(): void {
    const rows = [
      ['10.20.21.54', at(-1), at(1)],
      ['10.20.21.107', at(1), at(5)],
    ].map(([ip, from, to]) => `${ip},aa:bb:cc:00:00:17,LAB-PC-17,${from},${to}`);
    writeFileSync(LEASES, `ip,mac,hostname,from,to\n${rows.join('\n')}\n`);
  }
});

describe('temporary addresses of IPv6', () => {
  const addresses = Array.from({ length: 30 }, (_, i) => `2001:db8:1:2::${(i + 1).toString(16)}`);

  it('are one machine if they follow each other under one account and worker', async () => {
    const packets = addresses.flatMap((ip, i) => mining(ip, START_US + i * 600e6, 'user', 'rig7'));
    const audit = await scanInputs([captured('temporary', packets)]);
    expect(audit.hosts).toHaveLength(30);
    expect(audit.machines.map(({ basis, addresses: own }) => [basis, own.length])).toEqual([['account', 30]]);
    expect(audit.totals.machines).toEqual({ low: 1, high: 1 });
    expect(audit.totals.power?.watts).toBeLessThan(400);
    const one = await scanInputs([captured('one', mining(addresses[0], START_US, 'user', 'rig7'))]);
    expect(Math.abs(rateOf(audit) - rateOf(one))).toBeLessThan(0.05 * rateOf(one));
  });

  it.each<[string, (i: number) => readonly [number, string, string], number]>([
    ['no worker has a name', (i: number) => [START_US + i * 600e6, 'user', ''], 30],
    ['the worker is the usual x', (i: number) => [START_US + i * 600e6, 'user', 'x'], 30],
    ['each has another worker', (i: number) => [START_US + i * 600e6, 'user', `rig${i}`], 30],
    ['they mine at one time', () => [START_US, 'user', 'rig7'], 30],
  ])('are many machines if %s', async (_, talkOf, count) => {
    const packets = addresses.flatMap((ip, i) => mining(ip, ...talkOf(i)));
    const audit = await scanInputs([captured(`many-${serial++}`, packets)]);
    expect(audit.machines).toHaveLength(count);
  });
});

let serial = 0;

const given = corpusFolder() === null ? null : path.join(corpusFolder() ?? '', 'machines', 'proxy.pcap');

it.skipIf(given === null || !existsSync(given))(
  `A proxy of which both sides were captured is as the pool's books have it (${CORPUS_ABSENT})`,
  async () => {
    const audit = await scanInputs([given ?? ''], { local: ['10.20.0.0/16'] });
    expect(audit.sessions.map(({ shares, traffic }) => [shares.submitted, traffic.bytesOut])).toEqual([
      [226, 72_180],
    ]);
    expect(audit.totals.traffic.bytesOut).toBe(72_180);
    expect(audit.totals.machines).toEqual({ low: 1, high: 1 });
    expect(audit.pools.map(({ sessions }) => sessions)).toEqual([1]);
  },
);
