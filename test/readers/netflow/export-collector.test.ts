import { describe, expect, it } from 'vitest';
import { sniffExport } from '../../../src/readers/netflow/export-collector.ts';
import { collect, exportPacket } from '../../support/binary-flows.ts';
import {
  ipfixMessage,
  ipv4,
  netflow1,
  netflow5,
  netflow7,
  netflow9,
  set,
  sflowDatagram,
  template,
  Writer,
  type WrittenFlow,
} from '../../support/flow-writer.ts';
import { ethernet, ipv4 as ipv4Packet, tcp } from '../../support/packet-builder.ts';

const SECONDS = 1_700_000_000;
const NAME = '6 192.0.2.10:51000 > 198.51.100.20:3333';
const SAMPLE: WrittenFlow = {
  firstMs: 3_540_000,
  lastMs: 3_599_000,
  source: '192.0.2.10',
  destination: '198.51.100.20',
  sourcePort: 51000,
  destinationPort: 3333,
  packets: 5,
  bytes: 640,
};
const SAMPLE_READ = {
  flow: NAME,
  startMs: SECONDS * 1000 - 60_000,
  endMs: SECONDS * 1000 - 1000,
  packets: 5,
  bytes: 640,
  tcpFlags: 0x1b,
  samplingInterval: 0,
};

describe('datagrams that the capture cut', () => {
  const FIELDS: readonly (readonly [number, number])[] = [
    [8, 4],
    [12, 4],
    [7, 2],
    [11, 2],
    [4, 1],
    [1, 4],
    [2, 4],
  ];
  const flow = (packets: number): Uint8Array =>
    new Writer(false)
      .u32(ipv4('192.0.2.10'))
      .u32(ipv4('198.51.100.20'))
      .u16(51000)
      .u16(3333)
      .u8(6)
      .u32(640)
      .u32(packets)
      .take();
  const data = set(256, Buffer.concat([flow(5), flow(6), flow(7)]));
  const definition = template(256, FIELDS);
  it.each([
    // Header 24, records of 48: the third is cut.
    { name: 'NetFlow v5', datagram: netflow5([SAMPLE, SAMPLE, SAMPLE]), captured: 24 + 2 * 48 + 47 },
    // Header 20, template set 36, set header 4, records of 21: the third is cut.
    { name: 'NetFlow v9', datagram: netflow9([set(0, definition), data]), captured: 20 + 36 + 4 + 62 },
    { name: 'IPFIX', datagram: ipfixMessage([set(2, definition), data]), captured: 16 + 36 + 4 + 62 },
  ])('are read as far as they are whole, and counted: $name', ({ datagram, captured }) => {
    const { flows, collector, taken } = collect([datagram], 0, captured);
    expect(taken).toEqual([true]);
    expect(flows.map(({ flow: name }) => name)).toEqual([NAME, NAME]);
    expect(collector.damage.filter(({ kind }) => kind !== 'no-time')).toEqual([
      { kind: 'cut-datagram', count: 1, at: 1 },
    ]);
  });

  it('are not taken for exports where even the header is cut', () => {
    for (const datagram of [netflow5([SAMPLE]), netflow9([set(0, definition)]), ipfixMessage([data])]) {
      expect(collect([datagram], 0, 15).taken).toEqual([false]);
    }
  });
});

describe('datagrams that the capture holds twice', () => {
  const v9 = (sequence: number) =>
    netflow9([set(0, template(256, FIELDS)), set(256, record())], { sequence });
  const ipfix = (sequence: number) =>
    ipfixMessage([set(2, template(256, FIELDS)), set(256, record())], { sequence });
  it.each([
    { name: 'NetFlow v1', write: (sequence: number) => netflow1([SAMPLE], { uptime: 3_600_000 + sequence }) },
    { name: 'NetFlow v5', write: (sequence: number) => netflow5([SAMPLE], { sequence }) },
    { name: 'NetFlow v7', write: (sequence: number) => netflow7([SAMPLE], { sequence }) },
    { name: 'NetFlow v9', write: v9 },
    { name: 'IPFIX', write: ipfix },
  ])('count once, at once or a little later: $name', ({ write }) => {
    const all = Array.from({ length: 8 }, (_, i) => write(i));
    for (const datagrams of [all.flatMap((each) => [each, each]), [...all, ...all]]) {
      const { flows, collector, taken } = collect(datagrams);
      expect(taken).toEqual(new Array(16).fill(true));
      expect(flows.length).toBe(8);
      expect(collector.told().map(({ received, lost }) => [received, lost])).toEqual([[8, 0]]);
      expect(collector.damage.map(({ kind, count }) => [kind, count])).toEqual([['repeated-datagram', 8]]);
    }
  });

  it('are others where a byte or the sender is another', () => {
    const again = netflow5([{ ...SAMPLE, bytes: 641 }]);
    expect(collect([netflow5([SAMPLE]), again]).flows.length).toBe(2);
    expect(collect([netflow5([SAMPLE]), netflow5([SAMPLE], { engine: 1 })]).flows.length).toBe(2);
    // An exporter that does not count.
    expect(collect([netflow5([SAMPLE]), netflow5([SAMPLE], { uptime: 3_600_001 })]).flows.length).toBe(2);
  });
});

describe('sniffExport', () => {
  const kind = (bytes: Uint8Array<ArrayBuffer>) => {
    const { memory, payloadStart, payloadEnd } = exportPacket(bytes);
    return sniffExport(memory.view, payloadStart, payloadEnd);
  };
  it('tells the formats apart by their first bytes', () => {
    expect(kind(netflow1([SAMPLE]))).toBe('netflow-v1');
    expect(kind(netflow5([SAMPLE]))).toBe('netflow-v5');
    expect(kind(netflow7([SAMPLE]))).toBe('netflow-v5');
    expect(kind(netflow9([set(0, template(256, [[8, 4]]))]))).toBe('netflow-v9');
    expect(kind(ipfixMessage([set(2, template(256, [[8, 4]]))]))).toBe('ipfix');
    expect(kind(sflowDatagram([]))).toBe('sflow');
  });
  it('takes nothing else for an export', () => {
    const other: readonly Uint8Array<ArrayBuffer>[] = [
      new Uint8Array(0),
      new Uint8Array(64),
      netflow1([SAMPLE]).slice(0, -1),
      netflow1(new Array<WrittenFlow>(25).fill(SAMPLE)),
      netflow5([SAMPLE]).slice(0, -1),
      netflow7([SAMPLE]).slice(0, -4),
      // A STUN binding request.
      Uint8Array.from(Buffer.from('000100002112a442000102030405060708090a0b', 'hex')),
      Uint8Array.from(Buffer.from(`\x00\x05${'x'.repeat(70)}`, 'latin1')),
      // A DNS query whose id happens to be 9.
      Uint8Array.from(Buffer.from('0009010000010000000000000765786d61706c6503636f6d0000010001', 'hex')),
      Uint8Array.from(Buffer.from('000a010000010000000000000765786d61706c6503636f6d0000010001', 'hex')),
    ];
    expect(other.map(kind)).toEqual(other.map(() => null));
  });
});

// Both lie as tshark and nfdump read them.
describe('NetFlow v1 and v7', () => {
  it.each([
    { name: 'v1', write: netflow1, headerBytes: 16, recordBytes: 48 },
    { name: 'v7', write: netflow7, headerBytes: 24, recordBytes: 52 },
  ])('are read like v5: $name', ({ write, headerBytes, recordBytes }) => {
    const other = { ...SAMPLE, packets: 7, bytes: 700, flags: 0x02 };
    const datagram = write([SAMPLE, other]);
    expect(datagram.length).toBe(headerBytes + 2 * recordBytes);
    const { flows, collector } = collect([datagram, write([SAMPLE], { sequence: 2 })]);
    expect(flows).toEqual([
      SAMPLE_READ,
      { ...SAMPLE_READ, packets: 7, bytes: 700, tcpFlags: 0x02 },
      SAMPLE_READ,
    ]);
    expect(collector.told().map(({ received, lost, unit }) => [received, lost, unit])).toEqual([
      [3, 0, 'flows'],
    ]);
  });

  it('tells what the sequence numbers of v7 miss', () => {
    const { collector } = collect([netflow7([SAMPLE]), netflow7([SAMPLE], { sequence: 4 })]);
    expect(collector.damage).toEqual([{ kind: 'lost-flows', count: 3, at: 0 }]);
  });
});

describe('NetFlow v5', () => {
  it('gives flows the time of the export less the uptime since, across its wrap', () => {
    const { flows } = collect([
      netflow5([SAMPLE]),
      netflow5([{ ...SAMPLE, firstMs: 2 ** 32 - 50_000, lastMs: 9000 }], { uptime: 10_000, sequence: 1 }),
      // A line card whose clock is ahead.
      netflow5([{ ...SAMPLE, firstMs: 10_005, lastMs: 10_005 }], { uptime: 10_000, sequence: 2 }),
    ]);
    expect(flows).toEqual([
      SAMPLE_READ,
      { ...SAMPLE_READ, startMs: SECONDS * 1000 - 60_000, endMs: SECONDS * 1000 - 1000 },
      { ...SAMPLE_READ, startMs: SECONDS * 1000 + 5, endMs: SECONDS * 1000 + 5 },
    ]);
  });

  it('says the sampling interval and leaves the counters as they are', () => {
    const sampled = netflow5([SAMPLE], { sampling: 0x4064 });
    expect(collect([sampled]).flows).toEqual([{ ...SAMPLE_READ, samplingInterval: 100 }]);
    expect(collect([netflow5([SAMPLE])], 8).flows).toEqual([{ ...SAMPLE_READ, samplingInterval: 8 }]);
  });

  it('counts the flows that the sequence numbers miss, by engine, and forgives disorder and restarts', () => {
    const losses = (...steps: readonly (readonly [sequence: number, count: number])[]) =>
      collect(
        steps.map(([sequence, count]) => netflow5(new Array<WrittenFlow>(count).fill(SAMPLE), { sequence })),
      )
        .collector.told()
        .map(({ received, lost, unit }) => [received, lost, unit]);
    expect(losses([0, 2], [2, 3], [5, 1])).toEqual([[6, 0, 'flows']]);
    expect(losses([0, 2], [7, 3])).toEqual([[5, 5, 'flows']]);
    expect(losses([0, 2], [7, 3], [2, 5])).toEqual([[10, 0, 'flows']]);
    expect(losses([4_000_000_000, 2], [0, 2], [2, 2])).toEqual([[6, 0, 'flows']]);
    expect(losses([4_294_967_295, 2], [1, 2])).toEqual([[4, 0, 'flows']]);
    const { collector } = collect([
      netflow5([SAMPLE], { engine: 1, sequence: 10 }),
      netflow5([SAMPLE], { engine: 2, sequence: 90 }),
      netflow5([SAMPLE], { engine: 1, sequence: 12 }),
    ]);
    expect(collector.told().map(({ exporter, lost }) => [exporter, lost])).toEqual([
      ['10.0.0.1 domain 1', 1],
      ['10.0.0.1 domain 2', 0],
    ]);
    expect(collector.damage).toEqual([{ kind: 'lost-flows', count: 1, at: 0 }]);
  });

  it('moves absurd times to that of the export, and keeps how long it took', () => {
    const { flows, collector } = collect([
      netflow5(
        [{ ...SAMPLE, firstMs: 3_540_000 - 4e8, lastMs: 3_540_000 - 3e8 }].map((flow) => ({
          ...flow,
          firstMs: flow.firstMs + 2 ** 32,
          lastMs: flow.lastMs + 2 ** 32,
        })),
      ),
    ]);
    expect(flows).toEqual([{ ...SAMPLE_READ, startMs: SECONDS * 1000 - 1e8, endMs: SECONDS * 1000 }]);
    expect(collector.damage).toEqual([{ kind: 'absurd-time', count: 1, at: 1 }]);
  });
});

// Fields of a flow with a time in ms since 1970.
const FIELDS = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [6, 1],
  [2, 4],
  [1, 4],
  [152, 8],
  [153, 8],
] as const;
const record = (packets = 5, bytes = 640) =>
  new Writer()
    .u32(ipv4('192.0.2.10'), ipv4('198.51.100.20'))
    .u16(51000, 3333)
    .u8(6, 0x1b)
    .u32(packets, bytes)
    .u64(SECONDS * 1000 - 60_000, SECONDS * 1000 - 1000)
    .take();
const join = (...parts: readonly Uint8Array[]) =>
  parts.reduce((all, part) => new Writer().raw(all).raw(part).take(), new Uint8Array(0));

describe('NetFlow v9', () => {
  const templates = set(0, template(256, FIELDS));

  it('reads data with its template, in one datagram or in a later one, padding aside', () => {
    const data = set(256, join(record(), record(7, 700), new Uint8Array(3)));
    const expected = [SAMPLE_READ, { ...SAMPLE_READ, packets: 7, bytes: 700 }];
    expect(collect([netflow9([templates, data])]).flows).toEqual(expected);
    expect(collect([netflow9([templates]), netflow9([data], { sequence: 1, count: 99 })]).flows).toEqual(
      expected,
    );
  });

  it('keeps data that come before their template, and gives them the time of their own datagram', () => {
    const uptime = [
      [8, 4],
      [12, 4],
      [7, 2],
      [11, 2],
      [4, 1],
      [6, 1],
      [2, 4],
      [1, 4],
      [22, 4],
      [21, 4],
    ] as const;
    const flow = join(record().slice(0, 22), new Writer().u32(3_540_000, 3_599_000).take());
    const { flows, collector } = collect([
      netflow9([set(300, flow)]),
      netflow9([set(0, template(300, uptime))], { sequence: 1, seconds: SECONDS + 500, uptime: 4_100_000 }),
    ]);
    expect(flows).toEqual([SAMPLE_READ]);
    expect(collector.damage).toEqual([]);
  });

  it('counts data whose template never comes, however many', () => {
    const data = Array.from({ length: 100 }, (_, i) => netflow9([set(300, record())], { sequence: i }));
    const { flows, collector } = collect(data);
    expect(flows).toEqual([]);
    expect(collector.told().flatMap(({ missing }) => missing)).toEqual([
      { exporter: '10.0.0.1 domain 0', templateId: 300, sets: 100, isLate: false },
    ]);
    expect(collector.damage.map(({ kind, count }) => [kind, count])).toEqual([['unknown-template', 100]]);
  });

  it('tells data that were not kept until their template came from those whose template never did', () => {
    const data = Array.from({ length: 100 }, (_, i) => netflow9([set(256, record())], { sequence: i }));
    const { flows, collector } = collect([...data, netflow9([templates], { sequence: 100 })]);
    expect(flows).toEqual(new Array(64).fill(SAMPLE_READ));
    expect(collector.told().flatMap(({ missing }) => missing)).toEqual([
      { exporter: '10.0.0.1 domain 0', templateId: 256, sets: 36, isLate: true },
    ]);
  });

  it('takes a redefined template at once', () => {
    const short = template(256, [
      [8, 4],
      [12, 4],
      [2, 2],
      [1, 2],
    ]);
    const flow = new Writer().u32(1, 2).u16(3, 4).take();
    const { flows } = collect([netflow9([templates, set(256, record()), set(0, short), set(256, flow)])]);
    expect(flows).toEqual([
      SAMPLE_READ,
      {
        flow: '0 0.0.0.1:0 > 0.0.0.2:0',
        startMs: SECONDS * 1000,
        endMs: SECONDS * 1000,
        packets: 3,
        bytes: 4,
        samplingInterval: 0,
      },
    ]);
  });

  it('keeps apart what domains and ports of one exporter call by the same number', () => {
    const other = set(
      0,
      template(256, [
        [12, 4],
        [8, 4],
        [2, 4],
        [1, 4],
      ]),
    );
    const { flows } = collect([
      netflow9([templates]),
      netflow9([other], { source: 9 }),
      netflow9([set(256, record())], { sequence: 1 }),
    ]);
    expect(flows).toEqual([SAMPLE_READ]);
  });

  it('joins samplers from options data with the flows that name them, even those that came before', () => {
    const sampled = set(0, template(257, [...FIELDS, [48, 1]]));
    // Scope 1 (system) of 4 bytes, then sampler, mode, interval: lengths in bytes.
    const options = set(1, new Writer().u16(258, 4, 12, 1, 4, 48, 1, 49, 1, 50, 4).take());
    const described = set(258, new Writer().u32(0).u8(3, 2).u32(1000).take());
    const flow = set(257, join(record(), Uint8Array.of(3)));
    const expected = [{ ...SAMPLE_READ, samplingInterval: 1000 }];
    expect(collect([netflow9([sampled, options, described, flow])]).flows).toEqual(expected);
    expect(
      collect([netflow9([sampled, flow]), netflow9([options, described], { sequence: 1 })]).flows,
    ).toEqual(expected);
    expect(collect([netflow9([sampled, flow])]).flows).toEqual([SAMPLE_READ]);
    // Another sampler being known tells nothing of this one.
    const other = set(258, new Writer().u32(0).u8(9, 2).u32(7).take());
    expect(
      collect([
        netflow9([sampled, options, other, flow]),
        netflow9([flow, described], { sequence: 1 }),
        netflow9([flow], { sequence: 2 }),
      ]).flows,
    ).toEqual([...expected, ...expected, ...expected]);
  });

  it('says which flows name a sampler that was never described', () => {
    const sampled = set(0, template(257, [...FIELDS, [48, 1]]));
    const flows = set(
      257,
      join(record(), Uint8Array.of(5), record(), Uint8Array.of(0), record(), Uint8Array.of(5)),
    );
    const read = collect([netflow9([sampled, flows])]);
    expect(read.flows).toEqual([SAMPLE_READ, SAMPLE_READ, SAMPLE_READ]);
    expect(read.collector.damage).toEqual([{ kind: 'unknown-sampling', count: 2, at: 0 }]);
    expect(read.collector.told().flatMap(({ unscaled }) => unscaled)).toEqual([
      { exporter: '10.0.0.1 domain 0', samplerId: 5, flows: 2, interval: 0 },
    ]);
  });

  // docs/reference/formats.md: options may arrive minutes after the first data.
  describe.each([
    {
      name: 'of the system',
      // Scope 1 (system) of 4 bytes; lengths in bytes.
      options: set(1, new Writer().u16(258, 4, 4, 1, 4, 34, 4).take()),
      told: (interval: number) => set(258, new Writer().u32(0, interval).take()),
    },
    {
      name: 'of the interface',
      options: set(1, new Writer().u16(258, 4, 4, 2, 4, 34, 4).take()),
      told: (interval: number) => set(258, new Writer().u32(7, interval).take()),
    },
  ])('an interval $name that is told later', ({ options, told }) => {
    const withInput = set(0, template(256, [...FIELDS, [10, 2]]));
    const data = set(256, join(record(), new Writer().u16(7).take()));
    const datagrams = (count: number) =>
      Array.from({ length: count }, (_, i) => netflow9([withInput, data], { sequence: i }));
    const sampled = { ...SAMPLE_READ, samplingInterval: 100 };

    it.each([0, 1, 2, 3, 4])('holds for all flows: behind %i of four datagrams', (before) => {
      const all = datagrams(4);
      const { flows, collector } = collect([
        ...all.slice(0, before),
        netflow9([options, told(100)], { sequence: 4 }),
        ...all.slice(before),
      ]);
      expect(flows).toEqual(new Array(4).fill(sampled));
      expect(collector.damage.filter(({ kind }) => kind !== 'lost-datagrams')).toEqual([]);
    });

    it('holds for those that follow where more came before than are kept, which is said', () => {
      const { flows, collector } = collect([
        ...datagrams(1030),
        netflow9([options, told(100)], { sequence: 1030 }),
        netflow9([data, data], { sequence: 1031 }),
      ]);
      expect(flows).toEqual([...new Array(1030).fill(SAMPLE_READ), sampled, sampled]);
      expect(collector.damage).toEqual([{ kind: 'late-sampling', count: 1030, at: 0 }]);
      expect(collector.told().flatMap(({ unscaled }) => unscaled)).toEqual([
        { exporter: '10.0.0.1 domain 0', samplerId: -1, flows: 1030, interval: 100 },
      ]);
    });

    it('says nothing where it is told late that every packet is looked at', () => {
      const { flows, collector } = collect([
        ...datagrams(1030),
        netflow9([options, told(1)], { sequence: 1030 }),
      ]);
      expect(flows).toEqual(new Array(1030).fill(SAMPLE_READ));
      expect(collector.damage).toEqual([]);
    });
  });

  it('reads flows that waited for their interval by the template that they came with', () => {
    const short = template(256, [
      [8, 4],
      [12, 4],
      [2, 2],
      [1, 2],
    ]);
    const options = set(1, new Writer().u16(258, 4, 4, 1, 4, 34, 4).take());
    const told = set(258, new Writer().u32(0, 64).take());
    const { flows } = collect([
      netflow9([templates, set(256, record())]),
      netflow9([set(0, short), options, told], { sequence: 1 }),
    ]);
    expect(flows).toEqual([{ ...SAMPLE_READ, samplingInterval: 64 }]);
  });

  it('holds an interval without a sampler for the whole domain, and one of an interface for its flows', () => {
    const options = (scope: number) => set(1, new Writer().u16(258, 4, 4, scope, 4, 34, 4).take());
    const described = (scope: number, interval: number) => set(258, new Writer().u32(scope, interval).take());
    const system = netflow9([templates, options(1), described(0, 64), set(256, record())]);
    expect(collect([system]).flows).toEqual([{ ...SAMPLE_READ, samplingInterval: 64 }]);
    const withInput = set(0, template(256, [...FIELDS, [10, 2]]));
    const flow = (input: number) => set(256, join(record(), new Writer().u16(input).take()));
    const { flows } = collect([netflow9([withInput, options(2), described(7, 128), flow(7), flow(8)])]);
    expect(flows.map(({ samplingInterval }) => samplingInterval)).toEqual([128, 0]);
  });

  // IN_PKTS, IN_BYTES, OUT_PKTS, OUT_BYTES: nProbe's other direction, or what left the router of the same packets.
  describe('OUT counters beside IN counters', () => {
    const both = set(0, template(256, [...FIELDS, [24, 4], [23, 4]]));
    type Counts = readonly [packets: number, bytes: number, outPackets: number, outBytes: number];
    const flow = (
      [packets, bytes, outPackets, outBytes]: Counts,
      port = 51000,
      isBack = false,
      group = false,
    ) => {
      const ends = [ipv4('192.0.2.10'), ipv4(group ? '239.1.1.1' : '198.51.100.20')];
      const ports = [port, 3333];
      return new Writer()
        .u32(...(isBack ? ends.reverse() : ends))
        .u16(...(isBack ? ports.reverse() : ports))
        .u8(6, 0x1b)
        .u32(packets, bytes)
        .u64(SECONDS * 1000 - 60_000, SECONDS * 1000 - 1000)
        .u32(outPackets, outBytes)
        .take();
    };
    const read = (...flows: readonly Uint8Array[]) => {
      const { flows: found, collector } = collect(
        flows.map((each, sequence) =>
          netflow9(sequence === 0 ? [both, set(256, each)] : [set(256, each)], { sequence }),
        ),
      );
      return {
        found: found.map(({ packets, bytes, reversePackets, reverseBytes }) => [
          packets,
          bytes,
          reversePackets ?? -1,
          reverseBytes ?? -1,
        ]),
        unread: collector.told().map(({ unreadOut }) => unreadOut),
      };
    };

    it('are the other direction where more octets go out than any tunnel adds', () => {
      // The first could be of the same packets; that it is not is told by the second.
      expect(read(flow([10, 2000, 9, 1500]), flow([10, 2000, 9, 3000]))).toEqual({
        found: [
          [10, 2000, 9, 1500],
          [10, 2000, 9, 3000],
        ],
        unread: [0],
      });
    });

    it('are the other direction of every flow of a long export, in its order', () => {
      const flows = Array.from({ length: 200 }, (_, i) => flow([10, 2000 + i, 9, 3000], 40_000 + i));
      expect(read(...flows).found).toEqual(flows.map((_, i) => [10, 2000 + i, 9, 3000]));
    });

    it.each([
      { name: 'the same', out: [10, 2000, 10, 2000], unread: 0 },
      { name: 'fewer, some having been dropped', out: [10, 2000, 8, 1600], unread: 1 },
      { name: 'larger by the headers of a tunnel', out: [10, 2000, 10, 2500], unread: 0 },
      { name: 'more, having been cut for a tunnel', out: [10, 14_000, 20, 14_960], unread: 1 },
    ] as const)('may be of the same packets where they are $name', ({ out, unread }) => {
      expect(read(flow(out))).toEqual({ found: [[out[0], out[1], -1, -1]], unread: [unread] });
    });

    it('are of the same packets where the other direction has records of its own', () => {
      expect(read(flow([10, 2000, 9, 3000]), flow([9, 3000, 10, 2000], 51000, true))).toEqual({
        found: [
          [10, 2000, -1, -1],
          [9, 3000, -1, -1],
        ],
        unread: [0],
      });
    });

    it('are of the same packets where one record in a hundred says otherwise', () => {
      const flows = Array.from({ length: 100 }, (_, i) =>
        flow(i === 50 ? [10, 2000, 30, 6000] : [10, 2000, 10, 2000], 40_000 + i),
      );
      const { found, unread } = read(...flows);
      expect(found).toEqual(new Array(100).fill([10, 2000, -1, -1]));
      expect(unread).toEqual([1]);
    });

    it('are copies for many receivers where the flow goes to a group', () => {
      expect(read(flow([10, 2000, 40, 8000], 51000, false, true)).found).toEqual([[10, 2000, -1, -1]]);
    });
  });

  it('counts datagrams that never came', () => {
    const { collector } = collect([
      netflow9([templates], { sequence: 7 }),
      netflow9([templates], { sequence: 11 }),
    ]);
    expect(collector.damage).toEqual([{ kind: 'lost-datagrams', count: 3, at: 0 }]);
  });

  it('takes totals since the beginning of a flow for what is new in them', () => {
    const totals = set(0, template(256, [...FIELDS.slice(0, 6), [86, 4], [85, 4], ...FIELDS.slice(8)]));
    const { flows } = collect([
      netflow9([totals, set(256, record(5, 640))]),
      netflow9([set(256, record(9, 1000))], { sequence: 1 }),
      netflow9([set(256, record(2, 100))], { sequence: 2 }),
    ]);
    expect(flows.map(({ packets, bytes }) => [packets, bytes])).toEqual([
      [5, 640],
      [4, 360],
      [2, 100],
    ]);
  });

  it('reads reports of what goes out as another observer, and egress counters where there are no others', () => {
    const out = set(0, template(256, [...FIELDS.slice(0, 6), [24, 4], [23, 4], ...FIELDS.slice(8), [61, 1]]));
    const { flows, collector } = collect([netflow9([out, set(256, join(record(), Uint8Array.of(1)))])]);
    expect(flows).toEqual([{ ...SAMPLE_READ, exporter: 1 }]);
    expect(collector.exporters).toEqual(['10.0.0.1 domain 0', '10.0.0.1 domain 0 egress']);
  });

  const DAMAGED: readonly {
    readonly name: string;
    readonly sets: readonly Uint8Array[];
    readonly damage: readonly object[];
    readonly flows?: number;
  }[] = [
    {
      name: 'a template of fields without length',
      sets: [
        set(
          0,
          template(256, [
            [8, 0],
            [12, 0],
          ]),
        ),
        set(256, record()),
      ],
      damage: [
        ['bad-template', 1],
        ['unknown-template', 1],
      ],
    },
    {
      name: 'a field without length among others',
      sets: [set(0, template(256, [...FIELDS, [5, 0]])), set(256, record())],
      damage: [],
      flows: 1,
    },
    {
      name: 'a template longer than its set',
      sets: [set(0, Uint8Array.of(1, 0, 0, 9, 0, 8, 0, 4))],
      damage: [['bad-template', 1]],
    },
    {
      name: 'a template with the id of a set',
      sets: [set(0, template(255, [[8, 4]]))],
      damage: [['bad-template', 1]],
    },
    {
      name: 'a set shorter than its header',
      sets: [templates, Uint8Array.of(1, 0, 0, 2, 0, 0, 0, 0)],
      damage: [['bad-block', 1]],
    },
    {
      name: 'a set longer than the datagram',
      sets: [templates, new Writer().u16(256, 400).raw(record()).take()],
      damage: [['bad-block', 1]],
      flows: 1,
    },
    {
      name: 'records without addresses',
      sets: [set(0, template(256, [[1, 4]])), set(256, new Uint8Array(8))],
      damage: [['unread-flow', 2]],
    },
    {
      name: 'addresses of a length that addresses do not have',
      sets: [
        set(
          0,
          template(256, [
            [8, 3],
            [12, 4],
          ]),
        ),
        set(256, new Uint8Array(7)),
      ],
      damage: [['unread-flow', 1]],
    },
    {
      name: 'reserved sets',
      sets: [templates, set(17, new Uint8Array(40)), set(256, record())],
      damage: [],
      flows: 1,
    },
    {
      name: 'a counter beyond 2^53',
      sets: [
        set(
          0,
          template(256, [
            [8, 4],
            [12, 4],
            [1, 8],
            [152, 8],
          ]),
        ),
        set(
          256,
          new Writer()
            .u32(1, 2)
            .u64(2n ** 63n, SECONDS * 1000)
            .take(),
        ),
      ],
      damage: [['counter-overflow', 1]],
      flows: 1,
    },
  ];
  for (const { name, sets, damage, flows: expected } of DAMAGED) {
    it(`survives ${name}`, () => {
      const { flows, collector } = collect([netflow9(sets)]);
      expect(collector.damage.map(({ kind, count }) => [kind, count])).toEqual(damage);
      expect(flows).toHaveLength(expected ?? 0);
    });
  }
});

describe('IPFIX', () => {
  const HEAD = FIELDS.slice(0, 8);
  const head = record().slice(0, 22);
  const endUs = (SECONDS - 1) * 1e6;
  const ntp = (seconds: number, fraction: number) =>
    new Writer().u32(seconds + 2_208_988_800, fraction).take();
  const TIMES: readonly {
    readonly name: string;
    readonly fields: readonly (readonly [number, number])[];
    readonly value: Uint8Array;
    readonly startUs: number;
    readonly endUs?: number;
  }[] = [
    {
      name: 'seconds',
      fields: [
        [150, 4],
        [151, 4],
      ],
      value: new Writer().u32(SECONDS - 60, SECONDS - 1).take(),
      startUs: (SECONDS - 60) * 1e6,
    },
    {
      name: 'milliseconds',
      fields: [
        [152, 8],
        [153, 8],
      ],
      value: record().slice(22),
      startUs: (SECONDS - 60) * 1e6,
    },
    {
      name: 'microseconds',
      fields: [
        [154, 8],
        [155, 8],
      ],
      value: join(ntp(SECONDS - 60, 0x80000000), ntp(SECONDS - 1, 0x7ff)),
      startUs: (SECONDS - 60) * 1e6 + 500_000,
    },
    {
      name: 'nanoseconds',
      fields: [
        [156, 8],
        [157, 8],
      ],
      value: join(ntp(SECONDS - 60, 0x40000000), ntp(SECONDS - 1, 0)),
      startUs: (SECONDS - 60) * 1e6 + 250_000,
    },
    {
      name: 'microseconds before the export',
      fields: [
        [158, 4],
        [159, 4],
      ],
      value: new Writer().u32(60e6, 1e6).take(),
      startUs: (SECONDS - 60) * 1e6,
    },
    {
      name: 'a start and a duration',
      fields: [
        [152, 8],
        [161, 4],
      ],
      value: new Writer()
        .u64((SECONDS - 60) * 1000)
        .u32(59_000)
        .take(),
      startUs: (SECONDS - 60) * 1e6,
    },
    {
      name: 'an end and a duration in microseconds',
      fields: [
        [153, 8],
        [162, 4],
      ],
      value: new Writer()
        .u64((SECONDS - 1) * 1000)
        .u32(59e6)
        .take(),
      startUs: (SECONDS - 60) * 1e6,
    },
    {
      name: 'uptimes with the boot time beside them',
      fields: [
        [160, 8],
        [22, 4],
        [21, 4],
      ],
      value: new Writer()
        .u64((SECONDS - 100) * 1000)
        .u32(40_000, 99_000)
        .take(),
      startUs: (SECONDS - 60) * 1e6,
    },
    {
      name: 'integers of fewer bytes',
      fields: [
        [152, 6],
        [153, 6],
      ],
      value: new Writer()
        .u64((SECONDS - 60) * 1000)
        .u64((SECONDS - 1) * 1000)
        .take()
        .filter((_, i) => i % 8 > 1),
      startUs: (SECONDS - 60) * 1e6,
    },
    {
      name: 'no time as that of the export',
      fields: [[5, 1]],
      value: Uint8Array.of(0),
      startUs: SECONDS * 1e6,
      endUs: SECONDS * 1e6,
    },
  ];
  for (const { name, fields, value, startUs, endUs: end } of TIMES) {
    it(`reads times given as ${name}`, () => {
      const { flows } = collect([
        ipfixMessage([set(2, template(400, [...HEAD, ...fields])), set(400, join(head, value))]),
      ]);
      expect(flows).toEqual([
        { ...SAMPLE_READ, startMs: Math.floor(startUs / 1000), endMs: Math.floor((end ?? endUs) / 1000) },
      ]);
    });
  }

  // RFC 7133: octets with the link header; 14 bytes of it a packet are taken off with the sums.
  describe('octets of frames', () => {
    const UP = HEAD.slice(0, 7);
    const up = (packets: number) => join(head.slice(0, 14), new Writer().u32(packets).take());
    const at = { startMs: SECONDS * 1000, endMs: SECONDS * 1000 };
    const FRAMES = { ...SAMPLE_READ, ...at, byteLayer: 1 };
    const read = (fields: readonly (readonly [number, number])[], ...values: readonly Uint8Array[]) =>
      collect([
        ipfixMessage([
          set(2, template(400, [...UP, ...fields])),
          ...values.map((value) => set(400, join(up(5), value))),
        ]),
      ]).flows;

    it('are read where no field counts those of IP', () => {
      expect(read([[352, 8]], new Writer().u64(710).take())).toEqual([{ ...FRAMES, bytes: 710 }]);
      expect(
        read(
          [
            [352, 8],
            [1, 4],
          ],
          new Writer().u64(710).u32(640).take(),
        ),
      ).toEqual([{ ...SAMPLE_READ, ...at }]);
    });

    it('lose the VLAN tags that the record names, 4 bytes a packet each', () => {
      const fields = [
        [352, 4],
        [58, 2],
        [243, 2],
        [245, 2],
      ] as const;
      const value = (bytes: number, ...tags: readonly number[]) =>
        new Writer()
          .u32(bytes)
          .u16(...tags)
          .take();
      expect(
        read(fields, value(710, 0, 0, 0), value(730, 10, 10, 0), value(730, 0, 10, 0), value(750, 10, 0, 20)),
      ).toEqual(new Array(4).fill({ ...FRAMES, bytes: 710 }));
    });

    it('may be totals, of which what is new counts', () => {
      const totals = [...UP.slice(0, 6), [86, 4], [353, 8], [152, 8]] as const;
      const value = (packets: number, bytes: number) =>
        join(
          head.slice(0, 14),
          new Writer()
            .u32(packets)
            .u64(bytes, (SECONDS - 60) * 1000)
            .take(),
        );
      const { flows } = collect([
        ipfixMessage([set(2, template(400, totals)), set(400, join(value(5, 710), value(8, 1100)))]),
      ]);
      expect(flows.map(({ packets, bytes, byteLayer }) => [packets, bytes, byteLayer])).toEqual([
        [5, 710, 1],
        [3, 390, 1],
      ]);
    });

    it('may be those of both directions', () => {
      const fields = join(
        new Writer().u16(401, UP.length + 3).take(),
        template(0, [...UP, [352, 8]]).slice(4),
        new Writer()
          .u16(0x8000 | 352, 8)
          .u32(29305)
          .u16(0x8000 | 2, 4)
          .u32(29305)
          .take(),
      );
      const value = new Writer().u64(710, 942).u32(3).take();
      const { flows } = collect([ipfixMessage([set(2, fields), set(401, join(up(5), value))])]);
      expect(flows).toEqual([{ ...FRAMES, bytes: 710, reverseBytes: 942, reversePackets: 3 }]);
    });
  });

  it('holds an interval that is told last for all flows, and counts no record as lost meanwhile', () => {
    // Names of unlike length: how many records there are is not a matter of bytes.
    const fields = set(2, template(400, [...HEAD, [96, 65535]]));
    const named = (length: number) => join(head, Uint8Array.of(length), new Uint8Array(length).fill(0x41));
    const data = set(400, join(named(1), named(40), named(0)));
    const options = set(3, new Writer().u16(500, 2, 1, 149, 4, 34, 4).take());
    const { flows, collector } = collect([
      ipfixMessage([fields, data]),
      ipfixMessage([data], { sequence: 3 }),
      ipfixMessage([options, set(500, new Writer().u32(0, 100).take())], { sequence: 6 }),
      ipfixMessage([data], { sequence: 7 }),
    ]);
    expect(flows.map(({ samplingInterval }) => samplingInterval)).toEqual(new Array(9).fill(100));
    expect(collector.told().map(({ received, lost }) => [received, lost])).toEqual([[10, 0]]);
  });

  it('takes the boot time from options data', () => {
    const options = set(3, new Writer().u16(500, 2, 1, 149, 4, 160, 8).take());
    const told = set(
      500,
      new Writer()
        .u32(0)
        .u64((SECONDS - 100) * 1000)
        .take(),
    );
    const flow = set(400, join(head, new Writer().u32(40_000, 99_000).take()));
    const { flows, collector } = collect([
      ipfixMessage([set(2, template(400, [...HEAD, [22, 4], [21, 4]])), options, told, flow]),
    ]);
    expect(flows).toEqual([SAMPLE_READ]);
    expect(collector.damage).toEqual([]);
  });

  // RFC 5103, and a variable field of an enterprise as tshark and nfcapd decode it.
  it('reads both directions, enterprise fields and fields of variable length', () => {
    const reverse = (id: number, length: number) =>
      new Writer()
        .u16(0x8000 | id, length)
        .u32(29305)
        .take();
    const fields = join(
      new Writer().u16(401, HEAD.length + 6).take(),
      template(0, HEAD).slice(4),
      reverse(1, 8),
      reverse(2, 8),
      reverse(6, 1),
      new Writer().u16(0x83e7, 0xffff).u32(32473).take(),
      new Writer().u16(95, 0xffff, 239, 1).take(),
    );
    const long = new Uint8Array(300).fill(0x41);
    const flow = (name: Uint8Array, direction: number) =>
      join(
        head,
        new Writer().u64(900, 4).u8(0x12).take(),
        name,
        Uint8Array.of(2, 7, 7),
        Uint8Array.of(direction),
      );
    const text = join(Uint8Array.of(12), Buffer.from('pool.example'));
    const { flows, collector } = collect([
      ipfixMessage([
        set(2, fields),
        set(
          401,
          join(flow(text, 1), flow(join(Uint8Array.of(255, 1, 44), long), 2), flow(Uint8Array.of(0), 0)),
        ),
      ]),
    ]);
    const both = {
      ...SAMPLE_READ,
      startMs: SECONDS * 1000,
      endMs: SECONDS * 1000,
      reverseBytes: 900,
      reversePackets: 4,
      reverseTcpFlags: 0x12,
    };
    expect(flows).toEqual([{ ...both, originator: 1 }, { ...both, originator: 2 }, both]);
    expect(collector.damage).toEqual([]);
    expect(collector.told()).toMatchObject([{ timeless: 3 }]);
  });

  it('knows who began where counters are those of initiator and responder', () => {
    const fields = [
      [8, 4],
      [12, 4],
      [7, 2],
      [11, 2],
      [4, 1],
      [231, 4],
      [232, 4],
      [298, 4],
      [299, 4],
      [150, 4],
      [151, 4],
      [233, 1],
    ] as const;
    const flow = (event: number) =>
      new Writer()
        .raw(head.slice(0, 13))
        .u32(640, 900, 5, 4, SECONDS - 60, SECONDS - 1)
        .u8(event)
        .take();
    const { flows } = collect([
      ipfixMessage([set(2, template(402, fields)), set(402, join(flow(2), flow(3)))]),
    ]);
    const { tcpFlags, ...rest } = SAMPLE_READ;
    const expected = { ...rest, reversePackets: 4, reverseBytes: 900, originator: 1 };
    expect(flows).toEqual([expected, { ...expected, isDenied: true }]);
  });

  const INTERVALS: readonly {
    readonly name: string;
    readonly fields: readonly (readonly [number, number])[];
    readonly value: Uint8Array;
    readonly expected: number;
  }[] = [
    {
      name: 'packets taken and left out',
      fields: [
        [305, 4],
        [306, 4],
      ],
      value: new Writer().u32(1, 999).take(),
      expected: 1000,
    },
    {
      name: 'sample and population',
      fields: [
        [309, 4],
        [310, 4],
      ],
      value: new Writer().u32(2, 100).take(),
      expected: 50,
    },
    {
      name: 'a probability',
      fields: [[311, 8]],
      value: new Uint8Array(new Float64Array([1 / 512]).buffer).reverse(),
      expected: 512,
    },
    { name: 'an interval', fields: [[34, 4]], value: new Writer().u32(64).take(), expected: 64 },
    { name: 'nothing, which nobody knows', fields: [[5, 1]], value: Uint8Array.of(0), expected: 0 },
  ];
  for (const { name, fields, value, expected } of INTERVALS) {
    it(`reads sampling said as ${name}`, () => {
      const { flows } = collect([
        ipfixMessage([set(2, template(400, [...FIELDS, ...fields])), set(400, join(record(), value))]),
      ]);
      expect(flows).toEqual([{ ...SAMPLE_READ, samplingInterval: expected }]);
    });
  }

  it('joins a selector described in options data', () => {
    const options = set(3, new Writer().u16(500, 4, 1, 302, 8, 304, 2, 305, 4, 306, 4).take());
    const told = set(500, new Writer().u64(77).u16(1).u32(1, 255).take());
    const flow = set(400, join(record(), new Writer().u64(77).take()));
    const sampled = set(2, template(400, [...FIELDS, [302, 8]]));
    const expected = [{ ...SAMPLE_READ, samplingInterval: 256 }];
    expect(collect([ipfixMessage([sampled, options, told, flow])]).flows).toEqual(expected);
    expect(
      collect([ipfixMessage([sampled, flow]), ipfixMessage([options, told], { sequence: 1 })]).flows,
    ).toEqual(expected);
  });

  it('counts records that never came, and none where a template is missing', () => {
    const templates = set(2, template(400, FIELDS));
    const data = set(400, join(record(), record()));
    const lost = (...messages: readonly Uint8Array<ArrayBuffer>[]) =>
      collect(messages)
        .collector.told()
        .map((loss) => loss.lost);
    expect(lost(ipfixMessage([templates, data]), ipfixMessage([data], { sequence: 2 }))).toEqual([0]);
    expect(lost(ipfixMessage([templates, data]), ipfixMessage([data], { sequence: 9 }))).toEqual([7]);
    expect(
      lost(
        ipfixMessage([set(999, record())]),
        ipfixMessage([templates, data], { sequence: 50 }),
        ipfixMessage([data], { sequence: 52 }),
      ),
    ).toEqual([0]);
    // softflowd counts the flows of the message itself.
    expect(
      lost(
        ipfixMessage([templates, data], { sequence: 2 }),
        ipfixMessage([set(400, record())], { sequence: 3 }),
        ipfixMessage([data], { sequence: 5 }),
      ),
    ).toEqual([0]);
  });

  it('passes over withdrawals', () => {
    const { flows } = collect([
      ipfixMessage([set(2, template(400, FIELDS))]),
      ipfixMessage([set(2, template(400, [])), set(2, template(2, []))]),
      ipfixMessage([set(400, record())]),
    ]);
    expect(flows).toEqual([SAMPLE_READ]);
  });

  it('reads a template for both versions of IP by the one that is meant', () => {
    const fields = [
      [60, 1],
      [8, 4],
      [12, 4],
      [27, 16],
      [28, 16],
      [2, 1],
      [1, 1],
      [150, 4],
      [151, 4],
    ] as const;
    const flow = (version: number, four: number, six: number) =>
      new Writer()
        .u8(version)
        .u32(four, four)
        .u64(six, 1)
        .u64(six, 2)
        .u8(1, 60)
        .u32(SECONDS - 1, SECONDS - 1)
        .take();
    const { flows } = collect([
      ipfixMessage([
        set(2, template(400, fields)),
        set(400, join(flow(4, 0x01020304, 0), flow(6, 0, 0x20010db8 * 2 ** 32))),
      ]),
    ]);
    expect(flows.map(({ flow: name }) => name)).toEqual([
      '0 1.2.3.4:0 > 1.2.3.4:0',
      '0 2001:db8::1:0 > 2001:db8::2:0',
    ]);
  });

  it('survives a variable field that does not end in its set', () => {
    const fields = [
      [8, 4],
      [12, 4],
      [95, 65535],
    ] as const;
    const { flows, collector } = collect([
      ipfixMessage([set(2, template(400, fields)), set(400, new Writer().u32(1, 2).u8(200, 1, 2, 3).take())]),
    ]);
    expect(flows).toEqual([]);
    expect(collector.damage).toEqual([{ kind: 'bad-record', count: 1, at: 1 }]);
  });
});

describe('sFlow', () => {
  const frame = ethernet(
    {},
    ipv4Packet(
      { source: '192.0.2.10', destination: '198.51.100.20' },
      tcp({ sourcePort: 51000, destinationPort: 3333, flags: 0x18 }, 'x'.repeat(200)),
    ),
  ).bytes;
  const raw = (bytes: Uint8Array, protocol = 1, keptBytes = 128) => {
    const kept = bytes.slice(0, keptBytes);
    const body = new Writer()
      .u32(protocol, bytes.length + 4, 4, kept.length)
      .raw(kept)
      .zeros((4 - (kept.length % 4)) % 4)
      .take();
    return new Writer().u32(1, body.length).raw(body).take();
  };
  const echo = ethernet(
    {},
    ipv4Packet({ source: '192.0.2.10', destination: '198.51.100.20', protocol: 1 }, 'x'.repeat(64)),
  ).bytes;
  const arp = new Writer(false).zeros(12).u16(0x0806).zeros(28).take();
  const fields = new Writer()
    .u32(3, 32, 240, 6, ipv4('192.0.2.10'), ipv4('198.51.100.20'), 51000, 3333, 0x18, 0)
    .take();
  const unknown = new Writer().u32(1001, 16).zeros(16).take();
  const sample = (records: readonly Uint8Array[], drops = 0) =>
    new Writer()
      .u32(1, 3, 512, 5120, drops, 3, 4, records.length)
      .raw(join(...records))
      .take();
  const expanded = (records: readonly Uint8Array[]) =>
    new Writer()
      .u32(1, 0, 3, 512, 5120, 0, 0, 3, 0, 4, records.length)
      .raw(join(...records))
      .take();
  const READ = {
    flow: NAME,
    startMs: SECONDS * 1000,
    endMs: SECONDS * 1000,
    packets: 1,
    bytes: 240,
    tcpFlags: 0x18,
    samplingInterval: 512,
  };

  const TABLE: readonly {
    readonly name: string;
    readonly samples: readonly { format: number; body: Uint8Array }[];
    readonly expected: readonly object[];
    readonly damage?: readonly object[];
  }[] = [
    {
      name: 'a raw header as one packet of IP bytes',
      samples: [{ format: 1, body: sample([raw(frame)]) }],
      expected: [READ],
    },
    {
      name: 'an expanded sample',
      samples: [{ format: 3, body: expanded([unknown, raw(frame)]) }],
      expected: [READ],
    },
    {
      name: 'a header without a link layer',
      samples: [{ format: 1, body: sample([raw(frame.slice(14), 11)]) }],
      expected: [READ],
    },
    { name: 'a sample given as fields', samples: [{ format: 1, body: sample([fields]) }], expected: [READ] },
    {
      name: 'a packet described twice once',
      samples: [{ format: 1, body: sample([fields, raw(frame)]) }],
      expected: [READ],
    },
    {
      name: 'samples beside counters and unknown kinds',
      samples: [
        { format: 2, body: new Uint8Array(40) },
        { format: 0x1234005, body: new Uint8Array(8) },
        { format: 1, body: sample([raw(frame)]) },
      ],
      expected: [READ],
    },
    {
      name: 'a sample of ICMP, as a flow without ports',
      samples: [{ format: 1, body: sample([raw(echo)]) }],
      expected: [
        {
          ...{ flow: '1 192.0.2.10:0 > 198.51.100.20:0', packets: 1, bytes: 84, samplingInterval: 512 },
          ...{ startMs: SECONDS * 1000, endMs: SECONDS * 1000 },
        },
      ],
    },
    {
      name: 'a sample whose TCP header is cut behind the ports',
      samples: [{ format: 1, body: sample([raw(frame, 1, 40)]) }],
      expected: [{ ...READ, tcpFlags: undefined }],
    },
    {
      name: 'a sample of ARP, which is no flow',
      samples: [{ format: 1, body: sample([raw(arp), new Writer().u32(2, 16).zeros(16).take()]) }],
      expected: [],
    },
    {
      name: 'a sample of another link layer',
      samples: [{ format: 1, body: sample([raw(frame, 5)]) }],
      expected: [],
      damage: [['unread-flow', 1]],
    },
    {
      name: 'a sample cut short',
      samples: [{ format: 1, body: new Uint8Array(12) }],
      expected: [],
      damage: [['bad-record', 1]],
    },
    {
      name: 'a record longer than its sample',
      samples: [{ format: 1, body: sample([new Writer().u32(1, 4000).zeros(8).take()]) }],
      expected: [],
      damage: [['bad-record', 1]],
    },
    {
      name: 'a header longer than its record',
      samples: [{ format: 1, body: sample([new Writer().u32(1, 16, 1, 1500, 0, 1400).take()]) }],
      expected: [],
      damage: [['unread-flow', 1]],
    },
  ];
  for (const { name, samples, expected, damage } of TABLE) {
    it(`reads ${name}`, () => {
      const { flows, collector } = collect([sflowDatagram(samples)]);
      expect(flows).toEqual(expected);
      expect(collector.damage.map(({ kind, count }) => [kind, count])).toEqual(damage ?? []);
      expect(collector.exporters[0]).toBe('agent 203.0.113.1 sub-agent 0 sent by 10.0.0.1');
    });
  }

  it('counts what the agent dropped and datagrams that never came', () => {
    const at = (drops: number) => [{ format: 1, body: sample([raw(frame)], drops) }];
    const { collector } = collect([
      sflowDatagram(at(10), 1),
      sflowDatagram(at(10), 2),
      sflowDatagram(at(17), 5),
    ]);
    expect(collector.damage).toEqual([
      { kind: 'lost-samples', count: 7, at: 3 },
      { kind: 'lost-datagrams', count: 2, at: 0 },
    ]);
  });

  it('survives samples longer than the datagram', () => {
    const { flows, collector } = collect([
      sflowDatagram([{ format: 1, body: sample([raw(frame)]) }]).slice(0, 60),
    ]);
    expect(flows).toEqual([]);
    expect(collector.damage).toEqual([{ kind: 'bad-block', count: 1, at: 1 }]);
  });
});
