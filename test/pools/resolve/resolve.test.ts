/**
 * Names of miners looked up at a real DNS server on loopback: dnsmasq knows a few names and denies all others. What comes
 * out is a dated file that a scan takes, and takes for no more than it is.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli.ts';
import { csvRows } from '../../../src/csv.ts';
import { matchPool } from '../../../src/endpoints/pool-match.ts';
import { loadPools, oldLookUps } from '../../../src/pools/load.ts';
import { lookUp } from '../../../src/pools/resolve/lookup.ts';
import { capture } from '../../cli/streams.ts';
import { absentPrograms } from '../../support/flow-exporting.ts';
import { scanInputs } from '../../support/scanning.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const lacking = absentPrograms('dnsmasq');
const PORT = 20_000 + (process.pid % 20_000);
const SERVER = `127.0.0.1:${PORT}`;
const RECORDS = [
  'host-record=xmr-eu1.nanopool.org,198.51.100.10,2001:db8::10,77',
  'host-record=xmr-us-east1.nanopool.org,198.51.100.11,300',
  // One address for two pools, one for a pool and its web site, one at a CDN.
  'host-record=pool.supportxmr.com,198.51.100.20,60',
  'host-record=gulf.moneroocean.stream,198.51.100.20,60',
  'host-record=eth.2miners.com,198.51.100.30,60',
  'host-record=2miners.com,198.51.100.30,60',
  'host-record=us-eth.2miners.com,104.16.1.1,60',
  'host-record=own.example.net,198.51.100.40,60',
];

describe.skipIf(lacking !== '')(`pools resolve${lacking}`, () => {
  const folder = temporaryFolder('resolve');
  const file = path.join(folder, 'endpoints.csv');
  let server: ChildProcess;
  let said = '';
  let rows: string[][] = [];

  beforeAll(async () => {
    const words = ['--no-daemon', '--no-resolv', '--no-hosts', '--conf-file=/dev/null', '--bind-interfaces'];
    const records = RECORDS.map((record) => `--${record}`);
    const where = ['--listen-address=127.0.0.1', `--port=${PORT}`, '--cache-size=0', '--local=/#/'];
    server = spawn('dnsmasq', [...words, ...where, ...records], { stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((resolve) => server.stderr?.once('data', () => resolve()));
    const names = path.join(folder, 'names.txt');
    writeFileSync(names, 'own.example.net:4444\nnobody.example.net\n');
    const to = capture();
    const status = await main(
      ['pools', 'resolve', '--server', SERVER, '--rate', '9999', '--names', names, '--out', file],
      {},
      to.streams,
    );
    said = to.err();
    expect({ status, said }).toMatchObject({ status: 0 });
    rows = [...csvRows(readFileSync(file, 'utf8'), ',')].map(({ fields }) => [...fields]);
  });
  afterAll(() => server.kill());

  const of = (name: string): string[][] => rows.filter((row) => row[4] === name);

  it('says that it opens sockets, whom it asks, and what came of it', () => {
    expect(said).toMatch(/Asks 127\.0\.0\.1:\d+ for \d+ names of miners .* opens sockets/);
    expect(said).toMatch(/names do not exist, 0 were not answered/);
  });

  it('writes addresses of both families with the ports of their pool, time to live and time', () => {
    const found = of('xmr-eu1.nanopool.org');
    expect(new Set(found.map(([address]) => address))).toEqual(new Set(['198.51.100.10', '2001:db8::10']));
    expect(found.map(([, port, transport]) => `${port} ${transport}`)).toEqual([
      '10300 tcp',
      '10343 tls',
      '14433 tls',
      '14444 tcp',
      '10300 tcp',
      '10343 tls',
      '14433 tls',
      '14444 tcp',
    ]);
    for (const row of found) {
      expect(row.slice(3, 8)).toEqual(['Nanopool', 'xmr-eu1.nanopool.org', 'dedicated', '', '77']);
      expect(Math.abs(Date.parse(row[8] ?? '') - Date.now())).toBeLessThan(300_000);
    }
  });

  it('tells an address that serves others too, or lies at a CDN', () => {
    const useOf = (name: string): string[] => [...new Set(of(name).map((row) => `${row[5]}: ${row[6]}`))];
    expect(useOf('pool.supportxmr.com')).toEqual(['shared: also serves MoneroOcean']);
    expect(useOf('eth.2miners.com')).toEqual(['shared: also serves 2miners.com']);
    expect(useOf('us-eth.2miners.com')).toEqual(['shared: belongs to a CDN']);
  });

  it('takes the operator’s names with their ports, and leaves out those that do not exist', () => {
    expect(of('own.example.net').map((row) => row.slice(0, 4))).toEqual([
      ['198.51.100.40', '4444', 'tcp', 'own.example.net'],
    ]);
    expect(of('nobody.example.net')).toEqual([]);
  });

  it('gives a file whose addresses count within a week, and for no more than a touch beyond or where shared', async () => {
    const pools = await loadPools([file]);
    const nowUs = Date.now() * 1000;
    const match = (ip: string, port: number, timeUs: number) => {
      const { pool, use, dedicated, lookUp: found } = matchPool(pools, [], ip, port, timeUs);
      return [pool, use, dedicated, found?.isFar];
    };
    expect(match('198.51.100.10', 14444, nowUs - 86_400e6)).toEqual(['Nanopool', 'mining', true, false]);
    expect(match('198.51.100.10', 14444, nowUs - 30 * 86_400e6)).toEqual(['Nanopool', 'unsure', false, true]);
    expect(match('198.51.100.20', 3333, nowUs).slice(1)).toEqual(['unsure', false, false]);
    expect(match('198.51.100.10', 443, nowUs)[0]).toBeNull();
  });

  it('finds a miner in flow logs, and says by what', async () => {
    const start = (minute: number): string => new Date(Date.now() - 3600e3 + minute * 60e3).toISOString();
    const line = (minute: number, from: string, to: string, bytes: number): string =>
      `${start(minute)},50,${from},${to},10,${bytes}`;
    const flows = path.join(folder, 'flows.csv');
    const lines = Array.from({ length: 30 }, (_, minute) => [
      line(minute, '192.0.2.7,40000', '198.51.100.10,14444', 2000),
      line(minute, '198.51.100.10,14444', '192.0.2.7,40000', 3000),
    ]).flat();
    writeFileSync(flows, `start,duration,src,sport,dst,dport,packets,bytes\n${lines.join('\n')}\n`);
    const { hosts, coverage } = await scanInputs([flows], { poolFiles: [file] });
    expect(hosts.map(({ ip, verdict, pools }) => ({ ip, verdict, pools }))).toMatchObject([
      { ip: '192.0.2.7', verdict: 'probable' },
    ]);
    expect(hosts[0]?.evidence.map(({ text }) => text).join('\n')).toMatch(
      /address of xmr-eu1\.nanopool\.org on /,
    );
    expect(coverage.complete).toBe(true);
  });

  it('is warned of when it is older than the option allows', async () => {
    const [report] = (await loadPools([file])).imports;
    if (report === undefined) throw new Error('no report');
    expect(oldLookUps(report, 7 * 86_400e6)).toBeNull();
    const day = 86_400e6;
    const old = { ...report, lookedUpUs: (report.lookedUpUs ?? 0) - 9 * day };
    expect(oldLookUps(old, 7 * day)).toMatchObject({ code: 'old-look-ups', params: { days: 9, most: 7 } });
    expect(oldLookUps(old, 30 * day)).toBeNull();
  });
});

describe('a resolver that does not answer at once', () => {
  it('is asked again, at no more than the rate, and then given up', async () => {
    const asked: { name: string; atMs: number }[] = [];
    const socket = createSocket('udp4');
    socket.on('message', (message, from) => {
      const label = message.subarray(13, 13 + (message[12] ?? 0)).toString();
      asked.push({ name: label, atMs: performance.now() });
      const isFirst = asked.filter(({ name }) => name === label).length === 1;
      if (label === 'deaf' || isFirst) return;
      // The question back, with one answer: 192.0.2.1 for 5 s, or none of the other kind.
      const end = message.indexOf(0, 12) + 5;
      const isA = message[end - 3] === 1;
      const answer = isA ? Buffer.from('c00c00010001000000050004c0000201', 'hex') : Buffer.alloc(0);
      const head = Buffer.from(message.subarray(0, end));
      head.writeUInt16BE(0x8180, 2);
      head.writeUInt16BE(isA ? 1 : 0, 6);
      head.writeUInt16BE(0, 8);
      head.writeUInt16BE(0, 10);
      socket.send(Buffer.concat([head, answer]), from.port, from.address);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const looked = await lookUp(['late.example', 'deaf.example'], {
      ...{ server: `127.0.0.1:${socket.address().port}`, rate: 20, signal: new AbortController().signal },
      ...{ timeoutMs: 250, retryMs: [50, 50] },
    });
    socket.close();
    expect(looked.map(({ name, outcome, addresses }) => ({ name, outcome, addresses }))).toEqual([
      { name: 'late.example', outcome: 'found', addresses: [{ ip: '192.0.2.1', ttl: 5 }] },
      { name: 'deaf.example', outcome: 'failed', addresses: [] },
    ]);
    expect(asked.filter(({ name }) => name === 'deaf')).toHaveLength(6);
    const [first, last] = [asked[0], asked.at(-1)];
    expect(((last?.atMs ?? 0) - (first?.atMs ?? 0)) / (asked.length - 1)).toBeGreaterThan(45);
  });
});
