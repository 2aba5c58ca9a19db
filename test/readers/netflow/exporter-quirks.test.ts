/**
 * What real exporters do that the specifications do not foresee: clocks that were never set, times since a boot that nobody
 * tells, sampling in fields of their own, templates and data from two ports, padding behind the last record, and packets
 * in place of flows.
 */
import { describe, expect, it } from 'vitest';
import { exportCollector, exportPacket, plain, type ReadFlow } from '../../support/binary-flows.ts';
import {
  ipfixMessage,
  ipv4,
  netflow5,
  netflow9,
  set,
  template,
  Writer,
  type WrittenFlow,
} from '../../support/flow-writer.ts';
import { ethernet, ipv4 as ipv4Packet, tcp, udp } from '../../support/packet-builder.ts';

const SECONDS = 1_700_000_000;
const KEYS: readonly (readonly [number, number])[] = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [1, 4],
  [2, 4],
];
const keys = (): Writer =>
  new Writer().u32(ipv4('192.0.2.10'), ipv4('198.51.100.20')).u16(51000, 3333).u8(6).u32(640, 5);
const FLOW: WrittenFlow = {
  ...{ firstMs: 3_540_000, lastMs: 3_599_000, packets: 5, bytes: 640 },
  ...{ source: '192.0.2.10', destination: '198.51.100.20', sourcePort: 51000, destinationPort: 3333 },
};
const READ = { packets: 5, bytes: 640 };

type Datagram = Uint8Array<ArrayBuffer>;

/** Datagrams of one exporter, each with its source port; all arrive at this time. */
function read(datagrams: readonly (readonly [port: number, datagram: Datagram])[], seconds = SECONDS) {
  const flows: ReadFlow[] = [];
  const collector = exportCollector((record) => flows.push(plain(record)));
  const taken = datagrams.map(([port, datagram], i) =>
    collector.datagram(exportPacket(datagram, ipv4('203.0.113.9'), port), seconds * 1e6, i + 1),
  );
  collector.finish();
  const damage = collector.damage.map(({ kind, count }) => [kind, count]);
  return { flows, taken, damage, exporters: collector.told() };
}

const one = (datagram: Datagram, seconds = SECONDS) => read([[9999, datagram]], seconds);

describe('clocks', () => {
  it('that stand at 0 give way to the arrival', () => {
    const v9 = netflow9([set(0, template(300, KEYS)), set(300, keys().take())], { seconds: 0 });
    const { flows, exporters, damage } = one(v9);
    expect(flows).toMatchObject([{ ...READ, startMs: SECONDS * 1000, endMs: SECONDS * 1000 }]);
    expect(exporters).toMatchObject([{ clockless: 1 }]);
    expect(damage).toEqual([]);
  });

  it('that count from 1970 since a boot shift flows and exports alike', () => {
    const fields = [...KEYS, [152, 8], [153, 8]] as const;
    const data = keys().u64(3_000_000n).u64(3_060_000n).take();
    const message = ipfixMessage([set(2, template(300, fields)), set(300, data)], { seconds: 3600 });
    expect(one(message).flows).toMatchObject([
      { ...READ, startMs: (SECONDS - 600) * 1000, endMs: (SECONDS - 540) * 1000 },
    ]);
    expect(one(netflow5([FLOW], { seconds: 3600 })).flows).toMatchObject([
      { ...READ, startMs: SECONDS * 1000 - 60_000, endMs: SECONDS * 1000 - 1000 },
    ]);
  });

  it('of captures that count from 1970 themselves are left alone', () => {
    const { flows, damage, exporters } = one(netflow5([FLOW], { seconds: 3600 }), 3600);
    expect(flows).toMatchObject([{ startMs: 3_540_000, endMs: 3_599_000 }]);
    expect(damage).toEqual([]);
    expect(exporters).toMatchObject([{ clockless: 0 }]);
  });

  it('since a boot that nobody tells make the export the end', () => {
    const fields = [...KEYS, [22, 4], [21, 4]] as const;
    const data = keys().u32(50_000, 110_000).take();
    const expected = [{ ...READ, startMs: (SECONDS - 60) * 1000, endMs: SECONDS * 1000 }];
    const ipfix = one(ipfixMessage([set(2, template(300, fields)), set(300, data)]));
    expect(ipfix.flows).toMatchObject(expected);
    expect(ipfix.damage).toEqual([]);
    expect(ipfix.exporters).toMatchObject([{ bootless: 1 }]);
    // Exporters of v9 and v5 that leave the uptime 0.
    const v9 = netflow9([set(0, template(300, fields)), set(300, data)], { uptime: 0 });
    expect(one(v9).flows).toMatchObject(expected);
    const v5 = netflow5([{ ...FLOW, firstMs: 50_000, lastMs: 110_000 }], { uptime: 0 });
    expect(one(v5).flows).toMatchObject(expected);
  });

  it('use a boot that is told, as ever', () => {
    const fields = [...KEYS, [22, 4], [21, 4], [160, 8]] as const;
    const boot = BigInt((SECONDS - 1000) * 1000);
    const data = keys().u32(50_000, 110_000).u64(boot).take();
    expect(one(ipfixMessage([set(2, template(300, fields)), set(300, data)])).flows).toMatchObject([
      { startMs: (SECONDS - 950) * 1000, endMs: (SECONDS - 890) * 1000 },
    ]);
  });
});

describe('sampling of Cisco IOS XR', () => {
  const options = new Writer().u16(257, 5, 1, 302, 4, 305, 4, 304, 2, 309, 4, 310, 4).take();
  for (const interval of [1, 256, 4000]) {
    it(`is that of 309 and 310, whatever 305 says: ${interval}`, () => {
      const told = new Writer().u32(1, interval).u16(3).u32(1, 256).take();
      const data = keys().u32(1).take();
      const message = ipfixMessage([
        set(3, options),
        set(257, told),
        set(2, template(300, [...KEYS, [302, 4]])),
        set(300, data),
      ]);
      expect(one(message).flows).toMatchObject([{ ...READ, samplingInterval: 256 }]);
    });
  }

  it('is 305 alone where an exporter sends no other', () => {
    const data = keys().u32(512).take();
    const message = ipfixMessage([set(2, template(300, [...KEYS, [305, 4]])), set(300, data)]);
    expect(one(message).flows).toMatchObject([{ samplingInterval: 512 }]);
  });

  it('holds for records that name no sampler, if there is one only', () => {
    const told = (selector: number, of: number) => new Writer().u32(selector, 0).u16(3).u32(1, of).take();
    const flow = [set(2, template(300, KEYS)), set(300, keys().take())];
    const sampled = [set(3, options), set(257, told(7, 256))];
    expect(one(ipfixMessage([...sampled, ...flow])).flows).toMatchObject([{ samplingInterval: 256 }]);
    const two = one(ipfixMessage([...sampled, set(257, told(8, 64)), ...flow]));
    expect(two.flows).toMatchObject([{ samplingInterval: 0 }]);
  });
});

describe('templates and data from two source ports', () => {
  const message = (body: Uint8Array) => ipfixMessage([body]);
  const data = (count: number) =>
    Array.from({ length: count }, (_, i): readonly [number, Datagram] => [
      4000,
      ipfixMessage([set(300, keys().take())], { sequence: i }),
    ]);

  it('go together in any order and number', () => {
    const told: readonly [number, Datagram] = [5000, message(set(2, template(300, KEYS)))];
    for (const datagrams of [
      [told, ...data(3)],
      [...data(3), told],
    ]) {
      const { flows, exporters, damage } = read(datagrams);
      expect(flows).toMatchObject([READ, READ, READ]);
      expect(damage).toEqual([]);
      expect(exporters.map(({ borrowedSets }) => borrowedSets)).toContain(3);
    }
    expect(read([told, ...data(200)]).flows.length).toBe(200);
  });

  it('do not go together where two processes describe the id unlike', () => {
    const other = template(300, [[11, 2], [7, 2], ...KEYS.filter(([id]) => id !== 7 && id !== 11)]);
    const { flows, damage } = read([
      [5000, message(set(2, template(300, KEYS)))],
      [5001, message(set(2, other))],
      ...data(2),
    ]);
    expect(flows).toEqual([]);
    expect(damage).toEqual([['unknown-template', 2]]);
  });
});

describe('NetFlow v5 with bytes behind its last record', () => {
  const padded = (bytes: number, datagram = netflow5([FLOW])): Datagram =>
    new Writer(false).raw(datagram).zeros(bytes).take();

  it('is read, and the bytes are counted', () => {
    const { flows, taken, damage } = one(padded(2));
    expect([flows.length, taken]).toEqual([1, [true]]);
    expect(flows).toMatchObject([READ]);
    expect(damage).toEqual([['trailing-bytes', 1]]);
  });

  it('is read where it is padded to the length of thirty records, as old softflowd sends it', () => {
    const { flows, damage } = one(padded(29 * 48));
    expect(flows).toMatchObject([READ]);
    expect(damage).toEqual([['trailing-bytes', 1]]);
    const wrong = netflow5([{ ...FLOW, firstMs: FLOW.lastMs, lastMs: FLOW.firstMs }]);
    expect(one(padded(29 * 48, wrong)).taken).toEqual([false]);
  });

  it('is another datagram where a whole record more would fit, or its fields cannot be', () => {
    expect(one(padded(48)).taken).toEqual([false]);
    const wrong = netflow5([FLOW]);
    new DataView(wrong.buffer).setUint32(12, 1_000_000_000);
    expect(one(padded(2, wrong)).taken).toEqual([false]);
  });
});

describe('dataLinkFrameSection', () => {
  const ends = { source: '192.0.2.10', destination: '198.51.100.20' };
  const frame = ethernet(
    {},
    ipv4Packet(ends, tcp({ sourcePort: 51000, destinationPort: 3333, flags: 0x18 }, 'x'.repeat(60))),
  ).bytes;
  const fields = [
    [312, 2],
    [305, 4],
    [306, 4],
    [315, 65535],
  ] as const;
  const sampled = (bytes: Uint8Array) =>
    new Writer().u16(bytes.length).u32(1, 999).u8(bytes.length).raw(bytes).take();

  it('is a packet of its flow, sampled as the record says', () => {
    const message = ipfixMessage([set(2, template(300, fields)), set(300, sampled(frame))]);
    const { flows, damage } = one(message);
    expect(flows).toEqual([
      {
        ...{ flow: '6 192.0.2.10:51000 > 198.51.100.20:3333', packets: 1, bytes: 100, tcpFlags: 0x18 },
        ...{ startMs: SECONDS * 1000, endMs: SECONDS * 1000, samplingInterval: 1000 },
      },
    ]);
    expect(damage).toEqual([]);
  });

  it('may be cut, of UDP, or no IP at all', () => {
    const dns = ethernet({}, ipv4Packet(ends, udp({ sourcePort: 53, destinationPort: 40000 }, 'x')));
    const arp = new Writer(false).zeros(12).u16(0x0806).zeros(28).take();
    const message = ipfixMessage([
      set(2, template(300, fields)),
      set(300, Buffer.concat([sampled(dns.bytes), sampled(arp), sampled(frame.slice(0, 40))])),
    ]);
    const { flows, damage } = one(message);
    expect(flows.map(({ flow }) => flow)).toEqual([
      '17 192.0.2.10:53 > 198.51.100.20:40000',
      '6 192.0.2.10:51000 > 198.51.100.20:3333',
    ]);
    expect(damage).toEqual([]);
  });
});
