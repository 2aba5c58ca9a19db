/**
 * Flow logs to the same audit: exports of laboratory sessions, as the collector's files, the export datagrams and a
 * printed table of them (read in place). The pools in them are invented, so that only the operator's list names them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../src/audit/audit.ts';
import { scan } from '../src/scan.ts';
import { CORPUS_ABSENT, flowsFolder } from './support/corpus.ts';
import { scanInputs } from './support/scanning.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const flows = flowsFolder();
const absent = flows === null ? ` (${CORPUS_ABSENT})` : '';
const EXPORTS = ['office-a-v5', 'office-a-v9', 'office-a-ipfix'];
const COMPRESSED = ['bz2', 'lz4', 'lzo', 'zstd'].map((name) => `office-a-v9.${name}.nfcapd`);

interface Told {
  readonly scenario: string;
  readonly is_mining: boolean;
  readonly client: string;
  readonly pool: string | null;
}

function truth(name: string): Told[] {
  const told: { sessions: Told[] } = JSON.parse(readFileSync(path.join(flows ?? '', `${name}.json`), 'utf8'));
  return told.sessions;
}

/** The operator's list: the endpoints of the truth, a line each. */
function poolsFile(name: string): string {
  const lines = truth(name).flatMap(({ is_mining, pool }) =>
    is_mining ? [/^[\d.]+:\d+/.exec(pool ?? '')?.[0]] : [],
  );
  const file = path.join(temporaryFolder('pools'), 'pools.txt');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function scanFlows(files: readonly string[], poolFiles: readonly string[] = []): Promise<Audit> {
  return scan({
    inputs: files.map((file) => path.join(flows ?? '', file)),
    local: [],
    poolFiles,
    allowFile: null,
    hash: false,
    sinceUs: null,
    untilUs: null,
    inputFormat: null,
    signal: new AbortController().signal,
  });
}

function told(audit: Audit): unknown {
  return audit.hosts.map(({ ip, verdict, traffic }) => {
    const { bytesOut, bytesIn, packetsOut, packetsIn } = traffic;
    return { ip, verdict, bytesOut, bytesIn, packetsOut, packetsIn };
  });
}

describe.skipIf(flows === null)(`flow records${absent}`, () => {
  for (const name of EXPORTS) {
    it(`of ${name} name every miner where the operator names the pools, and nobody else`, async () => {
      const audit = await scanFlows([`${name}.nfcapd`], [poolsFile(name)]);
      const miners = truth(name).filter(({ is_mining }) => is_mining);
      expect(audit.hosts.map(({ ip }) => ip)).toEqual(
        [...new Set(miners.map(({ client }) => client.replace(/:\d+$/, '')))].sort(),
      );
      for (const { client, scenario } of miners) {
        const host = audit.hosts.find(({ ip }) => client.startsWith(`${ip}:`));
        // A hundred short connections, one a request: each is touched, none behaves like a session.
        expect([scenario, host?.verdict]).toEqual([
          scenario,
          scenario === 'xmr-daemon-solo' ? 'listed' : 'probable',
        ]);
        expect(host?.hashrate).toEqual([]);
      }
    });

    it(`of ${name} accuse nobody where the pools are unknown`, async () => {
      const audit = await scanFlows([`${name}.nfcapd`]);
      expect(audit.hosts.filter(({ verdict }) => verdict !== 'suspected' && verdict !== 'listed')).toEqual(
        [],
      );
    });

    it(`of ${name} tell the same from the collector’s file, the datagrams and the printed table`, async () => {
      const pools = [poolsFile(name)];
      const expected = told(await scanFlows([`${name}.nfcapd`], pools));
      expect(told(await scanFlows([`${name}.export.pcap`], pools))).toEqual(expected);
      expect(told(await scanFlows([`${name}.csv`], pools))).toEqual(expected);
    });
  }

  it('tell the same in every compression', async () => {
    const pools = [poolsFile('office-a-v9')];
    const expected = told(await scanFlows(['office-a-v9.nfcapd'], pools));
    for (const file of COMPRESSED) expect(told(await scanFlows([file], pools))).toEqual(expected);
  });
});

describe.skipIf(flows === null)(`the same records twice${absent}`, () => {
  it('are owned up to, for two logs may be alike', async () => {
    const { notes } = await scanFlows(['office-a-v9.nfcapd', 'office-a-v9.lz4.nfcapd', 'office-a-v5.nfcapd']);
    const [first = '', again = ''] = ['office-a-v9.nfcapd', 'office-a-v9.lz4.nfcapd'].map((file) =>
      path.join(flows ?? '', file),
    );
    expect(notes.map(({ text }) => text)).toContain(
      `${again} has the same number of records, at the same times, as ${first}: if they are the same, they count twice`,
    );
    expect(notes.filter(({ text }) => text.includes('count twice'))).toHaveLength(1);
  });
});

it('flow records without a time are owned up to', async () => {
  const file = path.join(temporaryFolder('timeless'), 'flows.csv');
  writeFileSync(
    file,
    'start,src,dst,dport,bytes\n0,192.0.2.1,198.51.100.1,3333,60\n1700000000,192.0.2.1,198.51.100.1,3333,60\n',
  );
  const { notes, inputs } = await scanInputs([file]);
  expect(inputs[0]?.damage.map(({ kind, count }) => [kind, count])).toEqual([['no-time', 1]]);
  expect(notes.map(({ text }) => text)).toContain('1 flow record not counted: no time');
});

/** A log of one TCP connection whose packets all carry payload: each a record of its own, as sampling leaves them. */
function singlePackets(name: string, isBothWays: boolean): string {
  const time = (minute: number): string => new Date(1_795_000_000_000 + minute * 60_000).toISOString();
  const rows = Array.from({ length: 24 }, (_, at) => {
    const ends = isBothWays && at % 2 === 1 ? ['198.51.100.7', '10.1.1.5', 4444, 50_000] : null;
    const [from, to, port, other] = ends ?? ['10.1.1.5', '198.51.100.7', 50_000, 4444];
    return [time(5 * at), time(5 * at), 'TCP', from, to, port, other, 1, 180 + at].join();
  });
  const file = path.join(temporaryFolder('single'), `${name}.csv`);
  writeFileSync(file, ['ts,te,pr,sa,da,sp,dp,ipkt,ibyt', ...rows].join('\n'));
  return file;
}

describe('a log that was sampled, and does not say so', () => {
  it.each([true, false])('is not judged (both ways: %s)', async (isBothWays) => {
    const audit = await scanInputs([singlePackets(String(isBothWays), isBothWays)]);
    expect(audit.coverage.judged.unlike.conversations).toBe(0);
    expect(Object.keys(audit.coverage.judged.notJudged)).toEqual([isBothWays ? 'sampled' : 'no-packets']);
  });
});

/** A log whose records have columns for both directions, of a place that packets of one direction pass. */
function halfSeen(name: string, packets: number, bytes: number): string {
  const time = (minute: number): string => new Date(1_795_000_000_000 + minute * 60_000).toISOString();
  const rows = Array.from({ length: 24 }, (_, at) =>
    [
      time(5 * at),
      time(5 * at + 5),
      'TCP',
      '10.1.1.5',
      '198.51.100.7',
      50_000,
      4444,
      packets,
      bytes,
      0,
      0,
    ].join(),
  );
  const file = path.join(temporaryFolder('half'), `${name}.csv`);
  writeFileSync(file, ['ts,te,pr,sa,da,sp,dp,ipkt,ibyt,opkt,obyt', ...rows].join('\n'));
  return file;
}

it('a connection whose answers took another way is not judged; tries that nobody answered are', async () => {
  const half = await scanInputs([halfSeen('half', 50, 6800)]);
  expect(Object.keys(half.coverage.judged?.notJudged ?? {})).toEqual(['no-packets']);
  const tries = await scanInputs([halfSeen('tries', 6, 360)]);
  expect(tries.coverage.judged.unlike.conversations).toBeGreaterThan(0);
  expect(tries.coverage.complete).toBe(true);
});
