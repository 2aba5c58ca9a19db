/** Export datagrams in captures of a scan: what was wrong with them stands in the row of their capture, once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { AuditInput } from '../../src/audit/audit.ts';
import type { ExporterTold } from '../../src/readers/netflow/export-collector.ts';
import { exportNotes } from '../../src/run/export-notes.ts';
import { catalogueOf } from '../../src/statements/catalogue.ts';
import { writePcap } from '../support/capture-writer.ts';
import {
  exporterRecord,
  ipv4,
  netflow1,
  netflow5,
  netflow7,
  netflow9,
  nfcapd2,
  set,
  template,
  v3Record,
  Writer,
} from '../support/flow-writer.ts';
import { ethernet, ipv4 as ipv4Packet, udp } from '../support/packet-builder.ts';
import { scanInputs } from '../support/scanning.ts';
import { textsOf } from '../support/texts.ts';

const { translate: inChinese } = catalogueOf('zh');

const work = mkdtempSync(path.join(tmpdir(), 'minesweep-exports-'));
afterAll(() => rmSync(work, { recursive: true }));

const SECONDS = 1_700_000_000;
/** 22 and 21 are uptimes of the first and the last packet, 48 names a sampler. */
const FIELDS: readonly (readonly [number, number])[] = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [1, 4],
  [2, 4],
  [22, 4],
  [21, 4],
  [48, 1],
];
/** All of them but the sampler. */
const unsampled = (): Writer =>
  new Writer()
    .u32(ipv4('192.0.2.10'), ipv4('198.51.100.20'))
    .u16(51000, 3333)
    .u8(6)
    .u32(640, 5, 3_540_000, 3_599_000);
const DATA = set(256, unsampled().u8(7).take());
const TEMPLATE = set(0, template(256, FIELDS));

function capture(name: string, datagrams: readonly Uint8Array[], cut = 0, later = 0): string {
  const file = path.join(work, name);
  const packets = datagrams.map((datagram, at) => {
    const { bytes } = ethernet(
      {},
      ipv4Packet(
        { source: '203.0.113.9', destination: '203.0.113.10' },
        udp({ destinationPort: 2055 }, datagram),
      ),
    );
    return {
      timeUs: (SECONDS + later + at) * 1e6,
      linkType: 1,
      bytes: bytes.subarray(0, bytes.length - cut),
      wireBytes: bytes.length,
    };
  });
  writeFileSync(file, writePcap(packets));
  return file;
}

const damageOf = (inputs: readonly AuditInput[]): unknown =>
  inputs.map(({ damage }) => damage.map(({ kind, count, at }) => ({ kind, count, at })));

it('counts datagrams that the capture cut in the row of that capture', async () => {
  const whole = capture('whole.pcap', [netflow9([TEMPLATE, DATA], { sequence: 1 })]);
  const cut = capture('cut.pcap', [netflow9([TEMPLATE, DATA], { sequence: 2 })], 3);
  const { inputs, notes } = await scanInputs([whole, cut]);
  expect(damageOf(inputs)).toEqual([
    [],
    [
      { kind: 'cut-datagram', count: 1, at: 1 },
      { kind: 'unknown-sampling', count: 1, at: 0 },
    ],
  ]);
  expect(notes.map(({ text }) => text)).toContain(
    'exports of 203.0.113.9 domain 0: 1 flow of sampler 7 not scaled up, sampling interval missing',
  );
});

it('reads the versions of NetFlow whose records have one layout', async () => {
  const flow = {
    ...{ firstMs: 3_540_000, lastMs: 3_599_000, sourcePort: 51000, destinationPort: 3333 },
    ...{ source: '192.0.2.10', destination: '198.51.100.20', packets: 5, bytes: 640 },
  };
  const pools = path.join(work, 'pools-fixed.txt');
  writeFileSync(pools, '198.51.100.20:3333\n');
  for (const [name, write] of Object.entries({ netflow1, netflow5, netflow7 })) {
    const { hosts, inputs } = await scanInputs([capture(`${name}.pcap`, [write([flow, flow])])], {
      poolFiles: [pools],
    });
    expect(
      hosts.map(({ ip, traffic }) => [ip, traffic.bytesOut]),
      name,
    ).toEqual([['192.0.2.10', 1280]]);
    expect(damageOf(inputs)).toEqual([[]]);
  }
});

it('reads data in one capture by the template in the next, and counts what never came', async () => {
  const before = capture('before.pcap', [
    netflow9([DATA], { sequence: 1 }),
    netflow9([set(300, DATA)], { sequence: 2 }),
  ]);
  const after = capture('then.pcap', [netflow9([TEMPLATE], { sequence: 5 })]);
  const pools = path.join(work, 'pools.txt');
  writeFileSync(pools, '198.51.100.20:3333\n');
  const { hosts, inputs, notes } = await scanInputs([before, after], { poolFiles: [pools] });
  expect(hosts.map(({ ip, traffic }) => [ip, traffic.bytesOut])).toEqual([['192.0.2.10', 640]]);
  expect(damageOf(inputs)).toEqual([
    [],
    [
      { kind: 'unknown-template', count: 1, at: 1 },
      { kind: 'unknown-sampling', count: 1, at: 0 },
      { kind: 'lost-datagrams', count: 2, at: 0 },
    ],
  ]);
  expect(notes.map(({ text }) => text).filter((text) => text.startsWith('exports'))).toEqual([
    'exports of 203.0.113.9 domain 0: 2 of 5 datagrams missing (40.0 %)',
    'exports of 203.0.113.9 domain 0: 1 set of template 300 not read, template missing',
    'exports of 203.0.113.9 domain 0: 1 flow of sampler 7 not scaled up, sampling interval missing',
  ]);
});

const TOLD: ExporterTold = {
  exporter: '203.0.113.9 domain 0',
  unit: 'flows',
  ...{ received: 0, lost: 0, missing: [], unscaled: [], unreadOut: 0 },
  ...{ bootless: 0, timeless: 0, clockless: 0, borrowedSets: 0 },
};

it('says all of this in Chinese, too', () => {
  const { exporter } = TOLD;
  const missing = [1, 2].flatMap((sets) =>
    [true, false].map((isLate) => ({ exporter, templateId: 300, sets, isLate })),
  );
  const unscaled = [1, 2].flatMap((flows) =>
    [
      { samplerId: -1, interval: 100 },
      { samplerId: 7, interval: 1000 / 3 },
      { samplerId: 7, interval: 0 },
    ].map((each) => ({ exporter, flows, ...each })),
  );
  const lossy = (['flows', 'records', 'datagrams'] as const).map((unit) => {
    return { ...TOLD, unit, received: 3, lost: 1 };
  });
  const out = [1, 2].map((unreadOut) => ({ ...TOLD, unreadOut }));
  const notes = exportNotes([...lossy, { ...TOLD, missing, unscaled }, ...out]);
  expect(notes.map(({ text }) => text)).toContain(
    'exports of 203.0.113.9 domain 0: 2 flows of sampler 7 not scaled up, sampling interval (1 in 333.333) arrived too late',
  );
  expect(notes.length).toBe(3 + 4 + 5 + 1 + 2);
  for (const note of notes) expect(inChinese(note)).not.toMatch(/ (of|as|not|more|too) /);
});

it('reads both directions of nProbe, and says where it cannot be told which they are', async () => {
  const fields = [...FIELDS.slice(0, -1), [24, 4], [23, 4]] as const;
  const data = (outPackets: number, outBytes: number) =>
    set(
      256,
      new Writer()
        .u32(ipv4('192.0.2.10'), ipv4('198.51.100.20'))
        .u16(51000, 3333)
        .u8(6)
        .u32(640, 5, 3_540_000, 3_599_000, outPackets, outBytes)
        .take(),
    );
  const templates = set(0, template(256, fields));
  const pools = path.join(work, 'pools-out.txt');
  writeFileSync(pools, '198.51.100.20:3333\n');
  const scan = (name: string, outPackets: number, outBytes: number) =>
    scanInputs([capture(name, [netflow9([templates, data(outPackets, outBytes)])])], { poolFiles: [pools] });
  const both = await scan('nprobe.pcap', 4, 2000);
  expect(both.hosts.map(({ traffic }) => [traffic.bytesOut, traffic.bytesIn])).toEqual([[640, 2000]]);
  expect(both.notes).toEqual([]);
  const unsure = await scan('nprobe-unsure.pcap', 4, 600);
  expect(unsure.hosts.map(({ traffic }) => [traffic.bytesOut, traffic.bytesIn])).toEqual([[640, 0]]);
  expect(unsure.notes.map(({ text }) => text)).toEqual([
    'exports of 203.0.113.9 domain 0: OUT counters of 1 flow ignored, they may count the same packets as the IN counters',
  ]);
});

it('points to the packet of the capture in which a flow stood that waited for its interval', async () => {
  const fields = FIELDS.slice(0, -1);
  const data = set(256, unsampled().take());
  const templates = set(0, template(256, fields));
  const pools = path.join(work, 'pools-waiting.txt');
  writeFileSync(pools, '198.51.100.20:3333\n');
  const first = capture('told-not-yet.pcap', [netflow9([templates]), netflow9([data], { sequence: 1 })]);
  const options = set(1, new Writer().u16(258, 4, 4, 1, 4, 34, 4).take());
  const told = set(258, new Writer().u32(0, 100).take());
  const second = capture('told.pcap', [netflow9([options, told], { sequence: 2 })], 0, 60);
  const { hosts, inputs } = await scanInputs([first, second], { poolFiles: [pools] });
  expect(inputs.map(({ path: file }) => file)).toEqual([first, second]);
  expect(hosts.map(({ ip, traffic }) => [ip, traffic.bytesOut])).toEqual([['192.0.2.10', 64_000]]);
  expect(hosts[0]?.evidence.map(({ input, record }) => [input, record])).toEqual([[first, 2]]);
});

it('names the exporters of which the most never came', () => {
  const told = [10, 0, 20, 30, 40, 50, 60].map((lost) => ({
    ...TOLD,
    exporter: `203.0.113.${lost} domain 0`,
    ...{ received: 90, lost },
  }));
  expect(textsOf(exportNotes(told))).toEqual([
    'exports of 203.0.113.60 domain 0: 60 of 150 flows missing (40.0 %)',
    'exports of 203.0.113.50 domain 0: 50 of 140 flows missing (35.7 %)',
    'exports of 203.0.113.40 domain 0: 40 of 130 flows missing (30.8 %)',
    'exports of 203.0.113.30 domain 0: 30 of 120 flows missing (25.0 %)',
    'exports of 203.0.113.20 domain 0: 20 of 110 flows missing (18.2 %)',
    'exports: 1 more exporter lost some records',
  ]);
});

it('counts a flow once that waits for its sampler until a log of another observer has been read', async () => {
  const exported = capture('waiting.pcap', [netflow9([TEMPLATE, DATA])]);
  const log = path.join(work, 'nfcapd.202311142210');
  const record = v3Record({
    firstMs: SECONDS * 1000 - 60_000,
    lastMs: SECONDS * 1000 - 1000,
    source: '192.0.2.10',
    destination: '198.51.100.20',
    sourcePort: 51000,
    destinationPort: 3333,
    packets: 5,
    bytes: 640,
    exporter: 1,
  });
  writeFileSync(log, nfcapd2([[exporterRecord(1, '203.0.113.9', 0), record]]));
  const pools = path.join(work, 'pools.txt');
  writeFileSync(pools, '198.51.100.20:3333\n');
  const { hosts } = await scanInputs([exported, log], { poolFiles: [pools] });
  expect(hosts.map(({ ip, traffic }) => [ip, traffic.bytesOut, traffic.packetsOut])).toEqual([
    ['192.0.2.10', 640, 5],
  ]);
});
