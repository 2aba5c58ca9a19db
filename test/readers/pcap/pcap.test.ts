import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readCapture } from '../../support/capture-reading.ts';
import { type PcapOptions, type WrittenPacket, writePcap } from '../../support/capture-writer.ts';
import { CORPUS_ABSENT, corpusFolder } from '../../support/corpus.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

const PACKETS: WrittenPacket[] = [
  { timeUs: 1574720899_123456, linkType: 1, bytes: hex('00 01 02 03 04'), wireBytes: 1500 },
  { timeUs: 1574720899_123457, linkType: 1, bytes: hex(''), wireBytes: 60 },
  { timeUs: 1574720900_000000, linkType: 1, bytes: hex('ff'.repeat(61)) },
];
const EXPECTED = [
  { timeUs: 1574720899_123456, linkType: 1, wireBytes: 1500, hex: '0001020304' },
  { timeUs: 1574720899_123457, linkType: 1, wireBytes: 60, hex: '' },
  { timeUs: 1574720900_000000, linkType: 1, wireBytes: 61, hex: 'ff'.repeat(61) },
];

describe('a pcap file', () => {
  const head = {
    le: 'd4c3b2a1 0200 0400 00000000 00000000 00000400',
    be: 'a1b2c3d4 0002 0004 00000000 00000000 00040000',
  };
  const byHand = [
    {
      name: 'little endian, microseconds',
      bytes: `${head.le} 01000000  0100005f 40e20100 03000000 3c000000 aabbcc`,
      expected: { timeUs: 1593835521_123456, linkType: 1, wireBytes: 60, hex: 'aabbcc' },
    },
    {
      name: 'big endian, microseconds',
      bytes: `${head.be} 00000065  5f000001 0001e240 00000003 0000003c aabbcc`,
      expected: { timeUs: 1593835521_123456, linkType: 101, wireBytes: 60, hex: 'aabbcc' },
    },
    {
      name: 'little endian, nanoseconds: the fraction is kept to a quarter of a microsecond',
      bytes: '4d3cb2a1 0200 0400 00000000 00000000 00000400 71000000  0100005f 15cd5b07 01000000 01000000 ee',
      expected: { timeUs: 1593835521e6 + 123456.75, linkType: 113, wireBytes: 1, hex: 'ee' },
    },
    {
      name: 'big endian, nanoseconds',
      bytes: 'a1b23c4d 0002 0004 00000000 00000000 00040000 00000001  5f000001 075bcd15 00000001 00000001 ee',
      expected: { timeUs: 1593835521e6 + 123456.75, linkType: 1, wireBytes: 1, hex: 'ee' },
    },
    {
      name: 'modified, with record headers of 24 bytes',
      bytes:
        '34cdb2a1 0200 0400 00000000 00000000 00000400 01000000  0100005f 40e20100 02000000 02000000 01000000 0008 00 00 1234',
      expected: { timeUs: 1593835521_123456, linkType: 1, wireBytes: 2, hex: '1234' },
    },
    {
      name: 'with FCS length and class above the link type, which are masked off',
      bytes: `${head.le} 01000424  0100005f 40e20100 01000000 01000000 55`,
      expected: { timeUs: 1593835521_123456, linkType: 1, wireBytes: 1, hex: '55' },
    },
    {
      name: 'with a length on the wire below the captured one: the captured one holds',
      bytes: `${head.le} 01000000  0100005f 40e20100 02000000 01000000 5566`,
      expected: { timeUs: 1593835521_123456, linkType: 1, wireBytes: 2, hex: '5566' },
    },
  ];
  for (const { name, bytes, expected } of byHand) {
    it(name, async () => {
      const reading = await readCapture(hex(bytes));
      expect(reading).toEqual({
        records: [expected],
        damage: [],
        packets: 1,
        firstUs: expected.timeUs,
        lastUs: expected.timeUs,
      });
    });
  }

  const variants: { name: string; options: PcapOptions }[] = [];
  for (const littleEndian of [true, false]) {
    for (const nanoseconds of [true, false]) {
      variants.push({
        name: `little endian ${littleEndian}, nanoseconds ${nanoseconds}`,
        options: { littleEndian, nanoseconds },
      });
    }
    variants.push({
      name: `little endian ${littleEndian}, modified`,
      options: { littleEndian, modified: true },
    });
  }
  for (const { name, options } of variants) {
    it(`written and read back gives the same records: ${name}`, async () => {
      const reading = await readCapture(writePcap(PACKETS, options));
      expect(reading.records).toEqual(EXPECTED);
      expect(reading.damage).toEqual([]);
    });
  }

  it('reports the earliest and latest time also where time runs backwards, which is no damage', async () => {
    const reading = await readCapture(writePcap([...PACKETS].reverse()));
    expect([reading.firstUs, reading.lastUs]).toEqual([1574720899_123456, 1574720900_000000]);
    expect(reading.damage).toEqual([]);
  });

  it('without records has no times', async () => {
    const reading = await readCapture(writePcap([]));
    expect(reading).toEqual({ records: [], damage: [], packets: 0, firstUs: Number.NaN, lastUs: Number.NaN });
  });
});

describe('pcap files one behind the other', () => {
  const kinds: readonly PcapOptions[] = [
    {},
    { nanoseconds: true },
    { littleEndian: false },
    { littleEndian: false, nanoseconds: true },
    { modified: true },
  ];
  const later = PACKETS.map((packet) => ({
    ...packet,
    timeUs: packet.timeUs + 400 * 86400e6,
    linkType: 113,
  }));
  const laterRead = EXPECTED.map((each) => ({ ...each, timeUs: each.timeUs + 400 * 86400e6, linkType: 113 }));
  for (const [i, options] of kinds.entries()) {
    it(`are read by the header of each, in blocks of any size: ${JSON.stringify(options)} and the others`, async () => {
      for (const other of kinds) {
        const bytes = Buffer.concat([writePcap(PACKETS, options), writePcap(later, other), writePcap([])]);
        for (const [blockBytes, atMost] of [[1_048_576], [64], [1000, 1 + i]]) {
          expect(await readCapture(bytes, blockBytes, atMost)).toEqual({
            records: [...EXPECTED, ...laterRead],
            damage: [],
            packets: 6,
            firstUs: PACKETS[0]?.timeUs,
            lastUs: later[2]?.timeUs,
          });
        }
      }
    });
  }

  it('and cut in the header of the second, are the first and a record cut short', async () => {
    const first = writePcap(PACKETS);
    const both = Buffer.concat([first, writePcap(later)]);
    for (let cut = first.length + 1; cut < first.length + 24; cut++) {
      const reading = await readCapture(both.subarray(0, cut));
      expect(reading.records).toEqual(EXPECTED);
      expect(reading.damage).toEqual([{ kind: 'truncated-record', count: 1, at: first.length }]);
    }
  });

  it('are found again behind the rest of one that was damaged', async () => {
    const first = writePcap(PACKETS);
    const junk = Buffer.alloc(333, 0xa7);
    const reading = await readCapture(Buffer.concat([first, junk, writePcap(later, { nanoseconds: true })]));
    expect(reading.records).toEqual([...EXPECTED, ...laterRead]);
    expect(reading.damage).toEqual([
      { kind: 'bad-record-length', count: 1, at: first.length },
      { kind: 'skipped-bytes', count: 333, at: first.length },
    ]);
  });

  it('are not seen in an empty packet of 2055 whose fraction is no version', async () => {
    const odd = [{ timeUs: 0xa1b2c3d4 * 1e6 + 4, linkType: 1, bytes: hex('') }, ...PACKETS];
    expect((await readCapture(writePcap(odd))).packets).toBe(4);
  });
});

describe('what is no capture', () => {
  for (const { name, bytes } of [
    { name: 'text', bytes: Buffer.from('time,source,destination\n'.repeat(1000)) },
    { name: 'noise', bytes: Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * i * 31) & 255)) },
  ]) {
    it(`such as ${name}, gives no records and one reason`, async () => {
      for (const blockBytes of [100, 1_048_576]) {
        const reading = await readCapture(bytes, blockBytes);
        expect(reading.records).toEqual([]);
        expect(reading.damage).toEqual([{ kind: 'not-a-capture', count: 1, at: 0 }]);
      }
    });
  }
});

describe('a damaged pcap file', () => {
  const many: WrittenPacket[] = Array.from({ length: 40 }, (_, i) => ({
    timeUs: 1574720899e6 + i * 250_000,
    linkType: 1,
    bytes: Buffer.alloc(100 + i, i + 1),
  }));
  const whole = writePcap(many);
  const startOf = (index: number): number =>
    24 + many.slice(0, index).reduce((sum, p) => sum + 16 + p.bytes.length, 0);

  it('cut at any byte gives exactly the whole records before the cut', async () => {
    const bytes = writePcap(PACKETS);
    const ends = [45, 61, 138];
    expect(bytes.length).toBe(138);
    for (let cut = 0; cut < bytes.length; cut++) {
      const reading = await readCapture(bytes.subarray(0, cut));
      const count = ends.filter((end) => end <= cut).length;
      expect(reading.records).toEqual(EXPECTED.slice(0, count));
      if (cut === 0) expect(reading.damage).toEqual([{ kind: 'empty', count: 1, at: 0 }]);
      else if (cut < 24) expect(reading.damage).toEqual([{ kind: 'truncated-header', count: 1, at: 0 }]);
      else {
        const at = [24, ...ends].filter((end) => end <= cut).at(-1) ?? 0;
        expect(reading.damage).toEqual(at === cut ? [] : [{ kind: 'truncated-record', count: 1, at }]);
      }
    }
  });

  it('finds its footing again after an absurd captured length', async () => {
    const bytes = Uint8Array.from(whole);
    bytes.set(hex('ffffff7f'), startOf(10) + 8);
    const reading = await readCapture(bytes);
    expect(reading.records.map((r) => r.timeUs)).toEqual(
      many.filter((_, i) => i !== 10).map((p) => p.timeUs),
    );
    expect(reading.damage).toEqual([
      { kind: 'bad-record-length', count: 1, at: startOf(10) },
      { kind: 'skipped-bytes', count: startOf(11) - startOf(10), at: startOf(10) },
    ]);
  });

  it('finds its footing again after inserted and after overwritten bytes, at any block size', async () => {
    const junk = Buffer.alloc(333, 0xa7);
    const inserted = Buffer.concat([whole.subarray(0, startOf(20)), junk, whole.subarray(startOf(20))]);
    for (const blockBytes of [64, 1000, 65536]) {
      const reading = await readCapture(inserted, blockBytes);
      expect(reading.packets).toBe(40);
      expect(reading.damage).toEqual([
        { kind: 'bad-record-length', count: 1, at: startOf(20) },
        { kind: 'skipped-bytes', count: 333, at: startOf(20) },
      ]);
    }
  });

  it('takes a hole of zeros for damage, not for empty packets of 1970', async () => {
    const hole = Buffer.concat([
      whole.subarray(0, startOf(5)),
      Buffer.alloc(4096),
      whole.subarray(startOf(5)),
    ]);
    const reading = await readCapture(hole);
    expect(reading.packets).toBe(40);
    expect(reading.firstUs).toBe(many[0]?.timeUs);
    expect(reading.damage).toEqual([
      { kind: 'bad-record-length', count: 1, at: startOf(5) },
      { kind: 'skipped-bytes', count: 4096, at: startOf(5) },
    ]);
  });

  it('whose rest makes no sense counts the rest, in blocks of any size', async () => {
    const junk = Buffer.alloc(3_000_000, 0xee);
    for (const blockBytes of [10_000, 1_048_576]) {
      const reading = await readCapture(Buffer.concat([whole, junk]), blockBytes);
      expect(reading.packets).toBe(40);
      expect(reading.damage).toEqual([
        { kind: 'bad-record-length', count: 1, at: whole.length },
        { kind: 'skipped-bytes', count: 3_000_000, at: whole.length },
      ]);
    }
  });

  it('reads a record longer than usual where the snap length allows it, and calls it damage where not', async () => {
    const long: WrittenPacket[] = [
      { timeUs: 1e15, linkType: 1, bytes: Buffer.alloc(400_000, 3) },
      ...PACKETS,
    ];
    const allowed = await readCapture(writePcap(long, { snapLength: 500_000 }), 4096);
    expect(allowed.records.map((r) => r.hex.length / 2)).toEqual([400_000, 5, 0, 61]);
    expect(allowed.damage).toEqual([]);
    const refused = await readCapture(writePcap(long, { snapLength: 65535 }), 4096);
    expect(refused.damage[0]).toEqual({ kind: 'bad-record-length', count: 1, at: 24 });
  });
});

describe('an independent reader agrees', () => {
  interface OtherPacket {
    header: {
      timestampSeconds: number;
      timestampMicroseconds: number;
      capturedLength: number;
      originalLength: number;
    };
    data: Buffer;
  }
  const pcapParser: { parse(stream: Readable): Readable } = createRequire(import.meta.url)('pcap-parser');
  // It takes big endian and little endian files of microseconds.
  const isMicroseconds = (bytes: Buffer): boolean =>
    ['d4c3b2a1', 'a1b2c3d4'].includes(bytes.toString('hex', 0, 4));
  const readOther = (bytes: Buffer): Promise<{ timeUs: number; wireBytes: number; hex: string }[]> =>
    new Promise((resolve, reject) => {
      const packets: { timeUs: number; wireBytes: number; hex: string }[] = [];
      const parser = pcapParser.parse(Readable.from([bytes]));
      parser.on('packet', ({ header, data }: OtherPacket) => {
        packets.push({
          timeUs: header.timestampSeconds * 1e6 + header.timestampMicroseconds,
          wireBytes: header.originalLength,
          hex: data.toString('hex'),
        });
      });
      parser.on('end', () => resolve(packets));
      parser.on('error', reject);
    });

  /** No packet has more than 2^24 bytes on the wire: such a record weighs what was captured. */
  const asCaptured = <Record extends { wireBytes: number; hex: string }>(record: Record): Record => ({
    ...record,
    wireBytes: record.hex.length / 2,
  });

  const folder = corpusFolder();
  it.skipIf(folder === null)(
    `on every capture of microseconds (skipped where ${CORPUS_ABSENT})`,
    async () => {
      let compared = 0;
      for (const sub of ['.', 'real', 'benign']) {
        const dir = path.join(folder ?? '', sub);
        for (const name of readdirSync(dir)) {
          if (!name.endsWith('.pcap')) continue;
          const bytes = readFileSync(path.join(dir, name));
          if (!isMicroseconds(bytes)) continue;
          const ours = await readCapture(bytes);
          const others = await readOther(bytes);
          expect(
            ours.records.map(({ linkType: _, ...rest }) => rest),
            name,
          ).toEqual(others.map((other) => (other.wireBytes > 2 ** 24 ? asCaptured(other) : other)));
          const impossible = others.filter(({ wireBytes }) => wireBytes > 2 ** 24).length;
          const kinds = ours.damage.map(({ kind, count }) => ({ kind, count }));
          expect(kinds, name).toEqual(
            impossible === 0 ? [] : [{ kind: 'bad-wire-length', count: impossible }],
          );
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(40);
    },
  );
});
