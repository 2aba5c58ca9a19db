import { describe, expect, it } from 'vitest';
import { readCapture } from '../../support/capture-reading.ts';
import {
  type PcapngOptions,
  type WrittenPacket,
  writePcap,
  writePcapng,
} from '../../support/capture-writer.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

const SECTION_LE = '0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000';
const SECTION_BE = '0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c';
const ETHERNET_LE = '01000000 14000000 0100 0000 00000000 14000000';

// 2^20 ticks a second divide a quarter of a second exactly, as do all other resolutions from 10^-2.
const PACKETS: WrittenPacket[] = Array.from({ length: 11 }, (_, i) => ({
  timeUs: 1574720899_000000 + i * 250_000,
  linkType: i % 3 === 1 ? 101 : 1,
  bytes: Buffer.alloc(57 + i, i),
  ...(i % 2 === 0 ? { wireBytes: 1500 } : {}),
}));
const EXPECTED = PACKETS.map((packet) => ({
  timeUs: packet.timeUs,
  linkType: packet.linkType,
  wireBytes: packet.wireBytes ?? packet.bytes.length,
  hex: Buffer.from(packet.bytes).toString('hex'),
}));

describe('a pcapng file', () => {
  const byHand = [
    {
      name: 'with an enhanced packet block',
      bytes: `${SECTION_LE} ${ETHERNET_LE}
        06000000 28000000 00000000 2e980500 40cbf89e 05000000 3c000000 0102030405 000000 28000000`,
      expected: [{ timeUs: 0x5982e * 2 ** 32 + 0x9ef8cb40, linkType: 1, wireBytes: 60, hex: '0102030405' }],
    },
    {
      name: 'with an obsolete packet block, big endian',
      bytes: `${SECTION_BE} 00000001 00000014 0065 0000 00000000 00000014
        00000002 00000024 0000 0007 0005982e 9ef8cb40 00000004 0000003c 01020304 00000024`,
      expected: [{ timeUs: 0x5982e * 2 ** 32 + 0x9ef8cb40, linkType: 101, wireBytes: 60, hex: '01020304' }],
    },
    {
      name: 'with simple packet blocks, cut at the snap length, that borrow the last time seen',
      bytes: `${SECTION_LE} 01000000 14000000 0100 0000 04000000 14000000
        03000000 14000000 3c000000 01020304 14000000
        06000000 24000000 00000000 00000000 40420f00 02000000 3c000000 0506 0000 24000000
        03000000 14000000 03000000 070809 00 14000000`,
      expected: [
        { timeUs: 0, linkType: 1, wireBytes: 60, hex: '01020304' },
        { timeUs: 1_000_000, linkType: 1, wireBytes: 60, hex: '0506' },
        { timeUs: 1_000_000, linkType: 1, wireBytes: 3, hex: '070809' },
      ],
    },
    {
      name: 'with a negative time offset',
      bytes: `${SECTION_LE} 01000000 24000000 0100 0000 00000000 0e00 0800 feffffffffffffff 0000 0000 24000000
        06000000 20000000 00000000 00000000 c0c62d00 00000000 3c000000 20000000`,
      expected: [{ timeUs: 1_000_000, linkType: 1, wireBytes: 60, hex: '' }],
    },
  ];
  for (const { name, bytes, expected } of byHand) {
    it(name, async () => {
      const reading = await readCapture(hex(bytes));
      expect(reading.records).toEqual(expected);
      expect(reading.damage).toEqual([]);
    });
  }

  const variants: { name: string; options: PcapngOptions }[] = [
    { name: 'little endian', options: {} },
    { name: 'big endian', options: { littleEndian: false } },
    { name: 'obsolete and enhanced packet blocks in turn', options: { blocks: ['obsolete', 'enhanced'] } },
    {
      name: 'several sections that change byte order',
      options: { sections: 3, littleEndian: [true, false] },
    },
    {
      name: 'all other kinds of block in between',
      options: { extras: true, sections: 2, littleEndian: [false, true] },
    },
    { name: 'interfaces that nothing uses', options: { idleInterfaces: 20 } },
    ...[2, 3, 6, 9, 10].map((n) => ({
      name: `a clock of 10^-${n} s`,
      options: { resolution: n, extras: true },
    })),
    ...[2, 10, 20, 30, 33].map((n) => ({ name: `a clock of 2^-${n} s`, options: { resolution: 0x80 | n } })),
    { name: 'a time offset', options: { resolution: 12, offsetSeconds: 1_574_720_000 } },
    {
      name: 'a time offset into the past',
      options: { resolution: 9, offsetSeconds: -3600, littleEndian: false },
    },
  ];
  for (const { name, options } of variants) {
    it(`written and read back gives the same records: ${name}`, async () => {
      const reading = await readCapture(writePcapng(PACKETS, options));
      expect(reading.records).toEqual(EXPECTED);
      expect(reading.damage).toEqual([]);
      expect([reading.firstUs, reading.lastUs]).toEqual([1574720899_000000, 1574720901_500000]);
    });
  }

  it('of nanoseconds gives bit for bit the times of its pcap twin', async () => {
    const packets = Array.from({ length: 500 }, (_, i) => ({
      timeUs: 1574720899e6 + i * 12_345.5,
      linkType: 1,
      bytes: Buffer.from([i & 255]),
    })).flatMap((packet) => [packet, { ...packet, timeUs: packet.timeUs + 0.25 }]);
    const twin = await readCapture(writePcap(packets, { nanoseconds: true }));
    const ours = await readCapture(writePcapng(packets, { resolution: 9 }));
    expect(ours).toEqual(twin);
  });
});

describe('a damaged pcapng file', () => {
  it('cut at any byte gives exactly the whole records before the cut', async () => {
    const bytes = writePcapng(PACKETS.slice(0, 4), { extras: true });
    const ends: number[] = [];
    for (let count = 1; count <= 4; count++) {
      // The shortest file that still holds `count` records, by another reader of block lengths.
      let at = 0;
      for (let seen = 0; seen < count; at += bytes[at + 4] ?? 0) if (bytes[at] === 6) seen++;
      ends.push(at);
    }
    for (let cut = 0; cut < bytes.length; cut++) {
      const reading = await readCapture(bytes.subarray(0, cut));
      expect(reading.records).toEqual(EXPECTED.slice(0, ends.filter((end) => end <= cut).length));
      expect(reading.damage.length).toBeLessThanOrEqual(1);
    }
  });

  const small = writePcapng(PACKETS);
  const blocks: number[] = [];
  for (let at = 0; at < small.length; at += small[at + 4] ?? 0) blocks.push(at);
  const packetBlocks = blocks.filter((at) => small[at] === 6);
  const patched = (at: number, bytes: string): Uint8Array => {
    const copy = Uint8Array.from(small);
    copy.set(hex(bytes), at);
    return copy;
  };
  const fifth = packetBlocks[5] ?? 0;
  const sixth = packetBlocks[6] ?? 0;
  const cases = [
    {
      name: 'a length that is no multiple of four',
      bytes: patched(fifth + 4, '63'),
      kind: 'bad-block-length',
    },
    { name: 'a length beyond all reason', bytes: patched(fifth + 4, 'f0ffffff'), kind: 'bad-block-length' },
    { name: 'a length of zero', bytes: patched(fifth + 4, '00000000'), kind: 'bad-block-length' },
    { name: 'two lengths that differ', bytes: patched(sixth - 4, '04'), kind: 'bad-block-length' },
  ];
  for (const { name, bytes, kind } of cases) {
    it(`with ${name} goes on at the next block`, async () => {
      for (const blockBytes of [64, 1_048_576]) {
        const reading = await readCapture(bytes, blockBytes);
        expect(reading.records).toEqual(EXPECTED.filter((_, i) => i !== 5));
        expect(reading.damage).toEqual([
          { kind, count: 1, at: fifth },
          { kind: 'skipped-bytes', count: sixth - fifth, at: fifth },
        ]);
      }
    });
  }

  it('with a length that only the end of the input refutes goes on at the next block', async () => {
    const reading = await readCapture(patched(fifth + 4, '00002000'));
    expect(reading.records).toEqual(EXPECTED.filter((_, i) => i !== 5));
  });

  it('with a captured length beyond its block loses that packet only', async () => {
    const reading = await readCapture(patched(fifth + 20, 'ff000000'));
    expect(reading.records).toEqual(EXPECTED.filter((_, i) => i !== 5));
    expect(reading.damage).toEqual([{ kind: 'bad-record-length', count: 1, at: fifth }]);
  });

  it('with packets of an interface that was never described counts them', async () => {
    const reading = await readCapture(patched(fifth + 8, '09'));
    expect(reading.records).toEqual(EXPECTED.filter((_, i) => i !== 5));
    expect(reading.damage).toEqual([{ kind: 'unknown-interface', count: 1, at: fifth }]);
  });

  it('keeps no interface of the section before', async () => {
    const reading = await readCapture(Buffer.concat([small, hex(SECTION_LE), small.subarray(fifth, sixth)]));
    expect(reading.packets).toBe(11);
    expect(reading.damage).toEqual([{ kind: 'unknown-interface', count: 1, at: small.length + 28 }]);
  });

  it('with a broken byte-order magic finds the next section', async () => {
    const broken = Uint8Array.from(small);
    broken.set(hex('00000000'), 8);
    const reading = await readCapture(Buffer.concat([broken.subarray(0, 28), small]));
    expect(reading.records).toEqual(EXPECTED);
    expect(reading.damage).toEqual([
      { kind: 'bad-section', count: 1, at: 0 },
      { kind: 'skipped-bytes', count: 28, at: 0 },
    ]);
  });

  it('that claims huge blocks everywhere is read once, and its small blocks are found', async () => {
    // Each claim is believed only until the first has proved false.
    const claim = hex('efbe0000 00004000');
    const parts = [small.subarray(0, fifth)];
    for (let i = 0; i < 3000; i++) parts.push(claim, small.subarray(fifth, sixth));
    const bytes = Buffer.concat([...parts, Buffer.alloc(6_000_000, 1)]);
    const reading = await readCapture(bytes);
    expect(reading.packets).toBe(5 + 3000);
    expect(reading.damage[0]).toEqual({ kind: 'bad-block-length', count: 3001, at: fifth });
  });

  it('with interfaces without end keeps a bounded number', async () => {
    const flood = Buffer.concat([hex(SECTION_LE), ...new Array<Buffer>(70_000).fill(hex(ETHERNET_LE))]);
    const reading = await readCapture(flood);
    expect(reading.damage).toEqual([
      { kind: 'too-many-interfaces', count: 70_000 - 65_536, at: 28 + 65_536 * 20 },
    ]);
  });
});
