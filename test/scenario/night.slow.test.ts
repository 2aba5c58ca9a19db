/**
 * A night of 40 captures, recorded on different days and put on one, with an owners table and leases of which one address
 * changes hands; then the fortnight after it, with nights that fail, files that come late, and an acknowledgement that ends.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Case, Night } from '../../src/cases/case.ts';
import { main } from '../../src/cli.ts';
import { capture } from '../cli/streams.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { corpusFolder } from '../support/corpus.ts';
import { layersOf, setTcpChecksum } from '../support/layers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => path.join(folder, ...names);
const DAY_US = 86_400e6;
const FIRST_US = Date.UTC(2026, 10, 1) * 1000;
const day = (n: number): string => new Date((FIRST_US + n * DAY_US) / 1000).toISOString().slice(0, 10);

/** A capture as if it had begun at that hour of a day. */
function moved(file: string, n: number, hour: number, portShift = 0): Uint8Array {
  const packets =
    portShift === 0 ? readCapture(file) : readCapture(file).map((packet) => ofPort(packet, portShift));
  const shiftUs = FIRST_US + n * DAY_US + hour * 3600e6 - (packets[0]?.timeUs ?? 0);
  return writePcap(packets.map((packet) => ({ ...packet, timeUs: packet.timeUs + shiftUs })));
}

/** The same packet of a connection from another port: another connection. */
function ofPort(packet: CapturedPacket, shift: number): CapturedPacket {
  const layers = layersOf(packet);
  const tcp = layers?.tcp ?? null;
  if (layers === null || tcp === null) return packet;
  const bytes = Uint8Array.from(packet.bytes);
  const view = new DataView(bytes.buffer);
  const [from, to] = [view.getUint16(tcp), view.getUint16(tcp + 2)];
  if (from > to) view.setUint16(tcp, from - shift);
  else view.setUint16(tcp + 2, to - shift);
  setTcpChecksum(bytes, layers);
  return { ...packet, bytes };
}

async function run(...argv: readonly string[]) {
  const to = capture();
  const status = await main(argv, {}, to.streams);
  return { status, out: to.out(), err: to.err() };
}

async function night(n: number, inputs: readonly string[], ...options: readonly string[]) {
  const done = await run(
    ...[
      'nightly',
      ...inputs,
      '--cases',
      at('cases.json'),
      '--since',
      day(n),
      '--until',
      day(n + 1),
      '--format',
      'json',
    ],
    ...['--quiet', '--coverage-threshold', '0', ...options],
  );
  const said: Night | null = done.out === '' ? null : JSON.parse(done.out);
  return {
    ...done,
    news: said?.news.map(({ kind, case: { machine } }) => `${kind} ${machine.ip}`).sort() ?? null,
    night: said,
  };
}
const cases = (): Case[] => JSON.parse(readFileSync(at('cases.json'), 'utf8')).cases;

const real = corpusFolder();
const [BTC, XMR, ETH] = ['btc-minerd', 'xmr-many-shares', 'eth-proxy'].map((name) => laboratoryCapture(name));

describe.skipIf(real === null)('a night of 40 captures of different days put on one', () => {
  beforeAll(() => {
    const all = ['', 'real', 'benign']
      .flatMap((name) => {
        const where = path.join(real ?? '', name);
        return readdirSync(where)
          .filter((file) => /\.pcap(ng)?$/.test(file))
          .sort()
          .map((file) => path.join(where, file));
      })
      .filter((file) => readFileSync(file).length < 20_000_000);
    mkdirSync(at('one'));
    let taken = 0;
    for (const file of all) {
      if (taken === 40) break;
      try {
        writeFileSync(
          at('one', `${String(taken).padStart(2, '0')}-${path.basename(file)}`.replace(/ng$/, '')),
          moved(file, 0, (taken * 20) / 40),
        );
        taken++;
      } catch {
        // Of several link types: no pcap holds it.
      }
    }
    expect(taken).toBe(40);
  });

  it('tells of each miner once, whose it is and since when; its totals are of one day', async () => {
    writeFileSync(
      at('owners.csv'),
      'subnet;department;contact\n192.0.2.0/28;Physics;anna@example.edu\n10.0.0.0/8;Dormitory;it@example.edu\n',
    );
    const lease = (mac: string, from: string, to: string): string =>
      `${XMR.miner},${mac},${day(0)}T${from}Z,${day(0)}T${to}Z\n`;
    writeFileSync(at('leases.csv'), `ip,mac,from,to\n${lease('aa:bb:cc:00:00:01', '00:00:00', '23:59:00')}`);
    const files = [
      '--owners',
      at('owners.csv'),
      '--leases',
      at('leases.csv'),
      '--out',
      at('out'),
      '--packs',
      at('packs'),
    ];
    const first = await night(0, [at('one')], ...files);
    expect(first.status).toBe(3);
    const audit = JSON.parse(readFileSync(at('out', day(0), 'audit.json'), 'utf8'));
    expect(audit.window.seconds).toBeLessThan(86_400);
    const miners = audit.hosts.filter(
      ({ verdict }: { verdict: string }) => verdict === 'confirmed' || verdict === 'probable',
    );
    expect(first.news).toEqual(miners.map(({ ip }: { ip: string }) => `new ${ip}`).sort());
    expect(miners.length).toBeGreaterThan(15);
    const named = first.night?.news.find(({ case: { machine } }) => machine.ip === XMR.miner);
    expect(named?.case.machine.mac).toBe('aa:bb:cc:00:00:01');
    const own = first.night?.news.find(({ case: { machine } }) => machine.ip === '192.0.2.11');
    expect(own?.case.owner).toMatchObject({ department: 'Physics', contact: 'anna@example.edu' });
    expect(readdirSync(at('packs', day(0))).sort()).toEqual(['Dormitory', 'Physics', 'no-department']);
    // The same night again: nothing is new.
    expect(await night(0, [at('one')], ...files)).toMatchObject({ status: 3, news: [] });
  });
});

describe('a fortnight', () => {
  beforeAll(() => {
    rmSync(at('cases.json'), { force: true });
    for (let n = 0; n < 15; n++) {
      mkdirSync(at(`day-${n}`));
      // One mines every night, one in the first three and again at the end.
      writeFileSync(at(`day-${n}`, 'btc.pcap'), moved(BTC.capture, n, 2));
      if (n < 3 || n === 13) writeFileSync(at(`day-${n}`, 'xmr.pcap'), moved(XMR.capture, n, 3));
    }
    writeFileSync(at('late.pcap'), moved(ETH.capture, 4, 5));
  });

  it('tells what is new, gone and back, whatever fails or comes late', async () => {
    expect(await night(0, [at('day-0')])).toMatchObject({
      status: 3,
      news: [`new ${XMR.miner}`, `new ${BTC.miner}`],
    });
    for (const n of [1, 2, 3])
      expect(await night(n, [at(`day-${n}`)])).toMatchObject({ status: 3, news: [] });
    // The night of the fifth day fails, and that of the sixth is damaged: it counts, and closes nothing.
    const before = readFileSync(at('cases.json'), 'utf8');
    expect((await night(4, [at('nowhere')])).status).toBe(1);
    expect(readFileSync(at('cases.json'), 'utf8')).toBe(before);
    writeFileSync(at('day-5', 'btc.pcap'), moved(BTC.capture, 5, 2).subarray(0, -7));
    expect(await night(5, [at('day-5')])).toMatchObject({ status: 3, news: [] });
    // What was not read on the fifth day comes on the seventh, with a miner that nobody knew.
    copyFileSync(at('late.pcap'), at('day-4', 'late.pcap'));
    expect(await night(4, [at('day-4')])).toMatchObject({ status: 3, news: [`new ${ETH.miner}`] });
    const ack = ['--until', day(8), '--because', 'a course', '--by', 'anna'];
    expect((await run('cases', 'ack', at('cases.json'), BTC.miner, ...ack)).status).toBe(0);
    for (const n of [6, 7, 8])
      expect(await night(n, [at(`day-${n}`)])).toMatchObject({ status: 3, news: [] });
    // The acknowledgement has ended.
    const ended = await night(9, [at('day-9')]);
    expect(ended).toMatchObject({ status: 3, news: [`back ${BTC.miner}`] });
    expect(ended.night?.news[0]?.reason).toBe('acknowledgement-ended');
    // Complete nights without the second: 3, 4, 6, 7, 8, 9, 10. Without the third: 6 to 12.
    expect((await night(10, [at('day-10')])).news).toEqual([`gone ${XMR.miner}`]);
    expect((await night(11, [at('day-11')])).news).toEqual([]);
    expect((await night(12, [at('day-12')])).news).toEqual([`gone ${ETH.miner}`]);
    expect(await night(13, [at('day-13')])).toMatchObject({ status: 3, news: [`back ${XMR.miner}`] });
    expect(await night(14, [at('day-14')])).toMatchObject({ status: 3, news: [] });
    const [btc] = cases().filter(({ machine }) => machine.ip === BTC.miner);
    expect(btc.nights).toHaveLength(15);
    expect(btc.kwh).toBeCloseTo(
      btc.nights.reduce((sum, { kwh }) => sum + (kwh ?? 0), 0),
      9,
    );
  });
});

describe('leases with an address that changes hands', () => {
  it('make two machines of it, and one case of a machine that changes its address', async () => {
    rmSync(at('cases.json'), { force: true });
    const [ONE, OTHER] = ['aa:bb:cc:00:00:01', 'aa:bb:cc:00:00:02'];
    const ack = (n: number, time: string, ip: string, mac: string): string =>
      `${day(n)}T${time}+00:00 gw dnsmasq-dhcp[7]: DHCPACK(eth0) ${ip} ${mac} pc-${mac.at(-1)}\n`;
    mkdirSync(at('hands'));
    writeFileSync(at('hands', 'morning.pcap'), moved(BTC.capture, 0, 2));
    writeFileSync(at('hands', 'evening.pcap'), moved(BTC.capture, 0, 20, 7));
    writeFileSync(
      at('dhcp.log'),
      ack(0, '01:00:00', BTC.miner, ONE) +
        ack(0, '12:00:00', BTC.miner, OTHER) +
        ack(1, '01:00:00', XMR.miner, ONE),
    );
    const first = await night(0, [at('hands')], '--leases', at('dhcp.log'), '--out', at('changed'));
    expect(first.news).toEqual([`new ${BTC.miner}`, `new ${BTC.miner}`]);
    const machines = first.night?.news
      .map((news) => [news.case.machine.mac, news.case.opened.slice(11, 13)])
      .sort();
    expect(machines).toEqual([
      [ONE, '02'],
      [OTHER, '20'],
    ]);
    const audit = JSON.parse(readFileSync(at('changed', day(0), 'audit.json'), 'utf8'));
    expect(audit.hosts[0].machines.map(({ mac }: { mac: string }) => mac)).toEqual([ONE, OTHER]);
    expect(audit.sessions.map(({ machine }: { machine: { hostname: string } }) => machine.hostname)).toEqual([
      'pc-1',
      'pc-2',
    ]);
    expect(audit.notes.map(({ code }: { code: string }) => code)).toContain('leases-shared');
    // In the second night the first machine has another address: no news.
    mkdirSync(at('second'));
    writeFileSync(at('second', 'x.pcap'), moved(XMR.capture, 1, 3));
    expect((await night(1, [at('second')], '--leases', at('dhcp.log'))).news).toEqual([]);
    expect(cases().find(({ machine }) => machine.mac === ONE)?.machine.ip).toBe(XMR.miner);
    // Shared with pseudonyms, nobody is named.
    writeFileSync(at('key'), 'a key of more than sixteen bytes');
    const shared = await run(
      ...[
        'report',
        at('changed', day(0), 'audit.json'),
        '--pseudonymize',
        'addresses',
        '--pseudonym-key',
        at('key'),
        '--format',
        'json',
      ],
    );
    for (const name of [ONE, OTHER, 'pc-1', 'pc-2', BTC.miner]) expect(shared.out).not.toContain(name);
  });
});
