import { describe, expect, it } from 'vitest';
import { flowFormat, sniffFlowFormat } from '../../../src/readers/index.ts';
import { nfcapd } from '../../../src/readers/nfcapd/nfcapd.ts';
import { readFlows } from '../../support/binary-flows.ts';
import {
  exporterRecord,
  nfcapd1,
  nfcapd2,
  samplerRecord,
  v3Record,
  Writer,
  type WrittenFlow,
} from '../../support/flow-writer.ts';

const FLOW: WrittenFlow = {
  firstMs: 1_699_999_940_500,
  lastMs: 1_699_999_999_500,
  source: '192.0.2.10',
  destination: '198.51.100.20',
  sourcePort: 51000,
  destinationPort: 3333,
  packets: 5,
  bytes: 640,
};
const READ = {
  flow: '6 192.0.2.10:51000 > 198.51.100.20:3333',
  startMs: 1_699_999_940_500,
  endMs: 1_699_999_999_500,
  packets: 5,
  bytes: 640,
  tcpFlags: 0x1b,
  samplingInterval: 0,
};

describe('nfcapd', () => {
  it('is known by its magic in both byte orders, whatever the layout', () => {
    for (const little of [true, false]) {
      for (const file of [nfcapd2([], { little }), nfcapd1([], [], little)]) {
        expect(sniffFlowFormat(file)?.id).toBe('nfcapd');
      }
    }
    expect(flowFormat('nfcapd')).toBe(nfcapd);
    expect(nfcapd.sniff(Uint8Array.of(0x0c, 0xa5, 9, 0))).toBe(false);
    expect(nfcapd.sniff(Uint8Array.of(0x0c, 0xa5))).toBe(false);
  });

  // The clock of such an exporter began with it: 1 ms is a time, 0 is none (nfdump prints 1970-01-01 for both).
  it('reads times from 1970 on', async () => {
    const early = { ...FLOW, firstMs: 1, lastMs: 59_001, receivedMs: FLOW.lastMs };
    const none = { ...FLOW, firstMs: 0, lastMs: 0, receivedMs: 0 };
    const { flows, result } = await readFlows(nfcapd, nfcapd2([[v3Record(early), v3Record(none)]]));
    expect(flows).toMatchObject([
      { startMs: 1, endMs: 59_001 },
      { startMs: Number.NaN, endMs: Number.NaN },
    ]);
    expect(result.damage).toMatchObject([{ kind: 'no-time', count: 1 }]);
  });

  // From the annotated example of a file that nfcapd 1.7.5 wrote for a v5 export sampled 1:100.
  it('reads the bytes that nfcapd wrote', async () => {
    const hex = `0ca5 0200 000407f1 c00a066b00000000 00 00 0100 01000000 0000000000000000 00000000 01000000
      05000000 ac000000 0300 0000
      0700 2000 05000000 0000000000000000 0100007f 00000000 0200 0100 07000000
      0f00 1800 0100 0100 ffffffffffffffff 01000000 63000000
      0b00 7400 0500 00 07 0100 02 05
      0100 3400 947fe4cf8b010000 0c66e5cf8b010000 99039a0fa2010000 f401000000000000 00fa000000000000 38c7 050d 06 1b 00 00
      0200 0c00 0a0200c0 146433c6
      0400 1400 03000000 04000000 0000000000000000
      0700 0c00 f4fb0000 f5fb0000
      0c00 0800 0100007f`;
    const bytes = Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
    // The block held five records; three of them stand here.
    new DataView(bytes.buffer).setUint32(40, 3, true);
    const { flows, result } = await readFlows(nfcapd, bytes);
    expect(flows).toEqual([{ ...READ, packets: 500, bytes: 64000, samplingInterval: 100, isScaled: true }]);
    expect(result).toMatchObject({
      records: 1,
      firstUs: 1_699_999_940_500_000,
      lastUs: 1_699_999_999_500_000,
      damage: [],
      exporters: ['127.0.0.1 domain 7'],
    });
  });

  const extension = (type: number, fill: (writer: Writer) => Writer) => ({
    type,
    payload: fill(new Writer(true)).take(),
  });
  const TABLE: readonly {
    readonly name: string;
    readonly records: readonly Uint8Array[];
    readonly expected: readonly object[];
  }[] = [
    { name: 'a flow of one direction', records: [v3Record(FLOW)], expected: [READ] },
    {
      name: 'counters of the way back from IPFIX',
      records: [v3Record({ ...FLOW, version: 10, reverse: { packets: 4, bytes: 300 } })],
      expected: [{ ...READ, reversePackets: 4, reverseBytes: 300 }],
    },
    {
      name: 'zeros in their place as nothing said',
      records: [v3Record({ ...FLOW, version: 10, reverse: { packets: 0, bytes: 0 } })],
      expected: [READ],
    },
    {
      name: 'the egress counters of v9 in their place as the same direction',
      records: [
        v3Record({ ...FLOW, reverse: { packets: 5, bytes: 640 } }),
        v3Record({ ...FLOW, packets: 0, bytes: 0, reverse: { packets: 7, bytes: 700 } }),
      ],
      expected: [READ, { ...READ, packets: 7, bytes: 700 }],
    },
    {
      name: 'ICMP without ports and flags, UDP without flags',
      records: [
        v3Record({ ...FLOW, protocol: 1, destinationPort: 2048 }),
        v3Record({ ...FLOW, protocol: 17 }),
      ],
      expected: [
        { ...READ, flow: '1 192.0.2.10:0 > 198.51.100.20:0', tcpFlags: undefined },
        { ...READ, flow: '17 192.0.2.10:51000 > 198.51.100.20:3333', tcpFlags: undefined },
      ].map(({ tcpFlags, ...rest }) => rest),
    },
    {
      name: 'a TCP flow of an exporter that sends no flags as one without',
      records: [v3Record({ ...FLOW, flags: 0 })],
      expected: [READ].map(({ tcpFlags, ...rest }) => rest),
    },
    {
      name: 'traffic that was dropped, by forwarding status and by firewall event',
      records: [
        v3Record({ ...FLOW, forwarding: 0x80 }),
        v3Record({ ...FLOW, extra: [extension(19, (w) => w.u64(0).u32(0).u16(0).u8(3, 0))] }),
      ],
      expected: [
        { ...READ, isDenied: true },
        { ...READ, isDenied: true },
      ],
    },
    {
      name: 'extensions that are not known by their length',
      records: [
        v3Record({ ...FLOW, extra: [extension(999, (w) => w.zeros(13)), extension(28, (w) => w.zeros(1))] }),
      ],
      expected: [READ],
    },
    {
      name: 'an unknown first time from the last, and none at all from the collector',
      records: [
        v3Record({ ...FLOW, firstMs: 0 }),
        v3Record({ ...FLOW, firstMs: 0, lastMs: 0, receivedMs: 1_700_000_000_000 }),
      ],
      expected: [
        { ...READ, startMs: FLOW.lastMs },
        { ...READ, startMs: 1_700_000_000_000, endMs: 1_700_000_000_000 },
      ],
    },
    {
      name: 'flows of frames with that said',
      records: [v3Record({ ...FLOW, extra: [extension(34, (w) => w.u16(120, 1))] })],
      expected: [{ ...READ, byteLayer: 1 }],
    },
    {
      name: 'exporters, and one that reports what goes out as another observer',
      records: [
        exporterRecord(7, '203.0.113.1', 3),
        exporterRecord(8, '203.0.113.2', 4),
        v3Record({ ...FLOW, exporter: 8 }),
        v3Record({ ...FLOW, exporter: 8, direction: 1 }),
        v3Record({ ...FLOW, exporter: 7, direction: 0 }),
      ],
      expected: [{ ...READ, exporter: 1 }, { ...READ, exporter: 2 }, READ],
    },
  ];
  for (const { name, records, expected } of TABLE) {
    it(`reads ${name}`, async () => {
      const { flows, result } = await readFlows(nfcapd, nfcapd2([records]));
      expect(flows).toEqual(expected);
      expect(result.damage.filter(({ kind }) => kind !== 'no-time')).toEqual([]);
    });
  }

  it('reads IPv6 addresses, the high half first, in either byte order', async () => {
    for (const little of [true, false]) {
      const address = (high: bigint, low: bigint) => (w: Writer) => w.u64(high, low);
      const payload = new Writer(little);
      address(0x20010db800000001n, 0x2n)(payload);
      address(0x20010db800000000n, 0xffn)(payload);
      const record = v3Record({ ...FLOW, extra: [{ type: 3, payload: payload.take() }] }, little);
      const { flows } = await readFlows(nfcapd, nfcapd2([[record]], { little }));
      expect(flows).toEqual([{ ...READ, flow: '6 2001:db8:0:1::2:51000 > 2001:db8::ff:3333' }]);
    }
  });

  it('reads the same records in big endian and whatever the sizes of the reads', async () => {
    const write = (little: boolean) =>
      nfcapd2(
        [
          [exporterRecord(1, '203.0.113.1', 0, little), v3Record({ ...FLOW, exporter: 1 }, little)],
          [v3Record(FLOW, little), v3Record(FLOW, little)],
        ],
        { little },
      );
    const whole = await readFlows(nfcapd, write(true));
    expect(whole.flows).toHaveLength(3);
    expect(whole.result.exporters).toEqual(['203.0.113.1 domain 0', '']);
    expect(await readFlows(nfcapd, write(false))).toEqual(whole);
    for (const step of [1, 7, 100]) expect(await readFlows(nfcapd, write(true), {}, step)).toEqual(whole);
  });

  it('never multiplies again what nfcapd has multiplied, and says the interval', async () => {
    const sampler = (id: number) => extension(18, (w) => w.u64(id).u16(1, 0));
    const { flows } = await readFlows(
      nfcapd,
      nfcapd2([
        [
          exporterRecord(1, '203.0.113.1', 0),
          v3Record({ ...FLOW, exporter: 1, marks: 2 }),
          samplerRecord(1, -1, 1, 99),
          samplerRecord(1, 5, 1, 999),
          v3Record({ ...FLOW, exporter: 1, marks: 2 }),
          v3Record({ ...FLOW, exporter: 1, marks: 2, extra: [sampler(5)] }),
          v3Record({ ...FLOW, exporter: 1, marks: 2, extra: [sampler(6)] }),
          samplerRecord(1, -1, 1, 0),
          v3Record({ ...FLOW, exporter: 1, marks: 2 }),
          samplerRecord(1, -3, 1, 1),
          v3Record({ ...FLOW, exporter: 1 }),
        ],
      ]),
    );
    expect(flows.map(({ samplingInterval, isScaled }) => [samplingInterval ?? 1, isScaled ?? false])).toEqual(
      [
        [0, true], // its sampler is not described
        [100, true],
        [1000, true],
        [100, true],
        [1, true], // softflowd marks records sampled that are not
        [2, false], // an interval of two is not multiplied by nfcapd
      ],
    );
  });

  it('takes the word of the operator where the file names no sampler', async () => {
    const { flows } = await readFlows(nfcapd, nfcapd2([[v3Record(FLOW)]]), { samplingInterval: 64 });
    expect(flows).toEqual([{ ...READ, samplingInterval: 64 }]);
  });

  it('reads layout 1 with its extension map', async () => {
    const file = nfcapd1(
      [5, 8, 14, 16, 27],
      [
        {
          ...FLOW,
          data: (w) => w.u32(1, 2).u8(0, 1, 24, 24).u32(3).u32(222).u64(1_700_000_000_000),
        },
        { ...FLOW, isWide: true, packets: 2n ** 40n, bytes: 2n ** 45n, data: (w) => w.zeros(8 + 4 + 8 + 8) },
      ],
    );
    const { flows, result } = await readFlows(nfcapd, file);
    expect(flows).toEqual([
      { ...READ, reversePackets: 3, reverseBytes: 222, exporter: 1 },
      { ...READ, packets: 2 ** 40, bytes: 2 ** 45 },
    ]);
    expect(result.damage).toEqual([]);
    expect((await readFlows(nfcapd, nfcapd1([], [FLOW], false))).flows).toEqual([READ]);
  });

  const cut = (bytes: Uint8Array, length: number) => bytes.slice(0, length);
  const file = nfcapd2([[v3Record(FLOW), v3Record(FLOW)]]);
  const patched = (at: number, ...bytes: number[]) => {
    const copy = file.slice();
    copy.set(bytes, at);
    return copy;
  };
  const HOSTILE: readonly {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly expected: object[];
    readonly records: number;
  }[] = [
    {
      name: 'no bytes',
      bytes: new Uint8Array(0),
      records: 0,
      expected: [{ kind: 'empty', count: 1, at: 0 }],
    },
    {
      name: 'half a header',
      bytes: cut(file, 21),
      records: 0,
      expected: [{ kind: 'truncated-file', count: 1, at: 4 }],
    },
    {
      name: 'a cut block',
      bytes: cut(file, file.length - 3),
      records: 0,
      expected: [{ kind: 'truncated-file', count: 1, at: 40 }],
    },
    {
      name: 'an end before the promised blocks',
      bytes: cut(file, 40),
      records: 0,
      expected: [{ kind: 'truncated-file', count: 1, at: 40 }],
    },
    {
      name: 'a wrong header',
      bytes: patched(0, 0x0d),
      records: 0,
      expected: [{ kind: 'not-a-flow-log', count: 1, at: 0 }],
    },
    {
      name: 'layout 3',
      bytes: patched(2, 3),
      records: 0,
      expected: [{ kind: 'unsupported-version', count: 1, at: 2 }],
    },
    {
      name: 'an encrypted file',
      bytes: patched(17, 1),
      records: 0,
      expected: [{ kind: 'encrypted', count: 1, at: 17 }],
    },
    {
      name: 'an unknown compression',
      bytes: patched(16, 9),
      records: 0,
      expected: [{ kind: 'unsupported-version', count: 1, at: 16 }],
    },
    {
      name: 'a block of no bytes',
      bytes: patched(44, 0, 0, 0, 0),
      records: 0,
      expected: [{ kind: 'bad-block', count: 1, at: 40 }],
    },
    {
      name: 'a block larger than any',
      bytes: patched(44, 0, 0, 0, 0x7f),
      records: 0,
      expected: [{ kind: 'bad-block', count: 1, at: 40 }],
    },
    {
      name: 'a record of no bytes',
      bytes: patched(54, 0, 0),
      records: 0,
      expected: [{ kind: 'bad-record', count: 1, at: 40 }],
    },
    {
      name: 'a record beyond its block',
      bytes: patched(54, 0xff, 0xff),
      records: 0,
      expected: [{ kind: 'bad-record', count: 1, at: 40 }],
    },
    {
      name: 'an extension of no bytes',
      bytes: patched(66, 0, 0),
      records: 1,
      expected: [{ kind: 'bad-record', count: 1, at: 40 }],
    },
    {
      name: 'more elements than there are',
      bytes: patched(56, 9),
      records: 1,
      expected: [{ kind: 'bad-record', count: 1, at: 40 }],
    },
    {
      name: 'a generic extension that is too short',
      bytes: nfcapd2([[new Writer(true).u16(11, 28, 2).zeros(6).u16(1, 4).u16(2, 12).zeros(8).take()]]),
      records: 0,
      expected: [{ kind: 'unread-flow', count: 1, at: 40 }],
    },
    {
      name: 'another count of records than the block has',
      bytes: nfcapd2([[v3Record(FLOW)]], { counts: 2 }),
      records: 1,
      expected: [{ kind: 'bad-record', count: 1, at: 40 }],
    },
    {
      name: 'addresses rewritten by an anonymiser',
      bytes: nfcapd2([[v3Record({ ...FLOW, marks: 4 })]]),
      records: 0,
      expected: [{ kind: 'anonymised', count: 1, at: 40 }],
    },
    {
      name: 'times of the year 60,000',
      bytes: nfcapd2([[v3Record({ ...FLOW, firstMs: 1.8e15, lastMs: 1.8e15, receivedMs: 0 })]]),
      records: 1,
      expected: [
        { kind: 'absurd-time', count: 1, at: 40 },
        { kind: 'no-time', count: 1, at: 40 },
      ],
    },
    {
      name: 'a counter beyond 2^53',
      bytes: nfcapd2([[v3Record({ ...FLOW, bytes: 2n ** 60n })]]),
      records: 1,
      expected: [{ kind: 'counter-overflow', count: 1, at: 40 }],
    },
    {
      name: 'a block that does not decompress',
      bytes: nfcapd2([[v3Record(FLOW)]], { compression: 3 }),
      records: 0,
      expected: [{ kind: 'bad-compression', count: 1, at: 40 }],
    },
    {
      name: 'a map that never came',
      bytes: (() => {
        const bytes = nfcapd1([], [FLOW]);
        bytes[276 + 12 + 12 + 6] = 9;
        return bytes;
      })(),
      records: 1,
      expected: [{ kind: 'unknown-template', count: 1, at: 276 }],
    },
  ];
  for (const { name, bytes, expected, records } of HOSTILE) {
    it(`counts ${name}`, async () => {
      const { result } = await readFlows(nfcapd, bytes);
      expect({ damage: result.damage, records: result.records }).toEqual({ damage: expected, records });
    });
  }

  it('counts what the exporters missed', async () => {
    const statistics = new Writer(true).u16(8, 56).u32(2);
    statistics.u32(1, 3).u64(10, 20).u32(2, 4).u64(10, 20);
    const { result } = await readFlows(nfcapd, nfcapd2([[statistics.take()]]));
    expect(result.damage).toEqual([{ kind: 'lost-datagrams', count: 7, at: 40 }]);
  });

  it('stops where the caller says so', async () => {
    const block = new Array<Uint8Array>(2000).fill(v3Record(FLOW));
    const blocks = new Array<readonly Uint8Array[]>(40).fill(block);
    const { result } = await readFlows(nfcapd, nfcapd2(blocks), { onBlock: () => false });
    expect(result.records).toBe(66_000);
  });
});
