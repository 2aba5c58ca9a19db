import { describe, expect, it } from 'vitest';
import { eachRecord } from '../../../src/packets/packet-kernel.ts';
import { firstTimeUs } from '../../../src/readers/pcap/first-time.ts';
import { pumpCapture, sniffCapture } from '../../../src/readers/pcap/reader.ts';
import { bytesSource, readCapture } from '../../support/capture-reading.ts';
import { type WrittenPacket, writePcap, writePcapng } from '../../support/capture-writer.ts';

const PACKETS: WrittenPacket[] = Array.from({ length: 60 }, (_, i) => ({
  timeUs: 1574720899e6 + i * 1000.5,
  linkType: 1,
  bytes: Buffer.alloc((i * 37) % 200, i),
  wireBytes: 1500,
}));
const FILES = [
  { name: 'pcap', bytes: writePcap(PACKETS, { nanoseconds: true }) },
  { name: 'modified pcap', bytes: writePcap(PACKETS, { modified: true, littleEndian: false }) },
  {
    name: 'pcapng',
    bytes: writePcapng(PACKETS, { resolution: 9, sections: 3, littleEndian: [true, false], extras: true }),
  },
];

describe('sniffing', () => {
  const heads: { name: string; head: string; expected: 'pcap' | 'pcapng' | null }[] = [
    { name: 'microseconds, little endian', head: 'd4c3b2a1', expected: 'pcap' },
    { name: 'microseconds, big endian', head: 'a1b2c3d4', expected: 'pcap' },
    { name: 'nanoseconds, little endian', head: '4d3cb2a1', expected: 'pcap' },
    { name: 'nanoseconds, big endian', head: 'a1b23c4d', expected: 'pcap' },
    { name: 'modified, little endian', head: '34cdb2a1', expected: 'pcap' },
    { name: 'modified, big endian', head: 'a1b2cd34', expected: 'pcap' },
    { name: 'a section header block', head: '0a0d0d0a', expected: 'pcapng' },
    { name: 'gzip', head: '1f8b0800', expected: null },
    { name: 'text', head: '74696d65', expected: null },
    { name: 'three bytes', head: 'd4c3b2', expected: null },
    { name: 'nothing', head: '', expected: null },
  ];
  for (const { name, head, expected } of heads) {
    it(`takes ${name} for ${expected ?? 'no capture'}`, () => {
      expect(sniffCapture(Buffer.from(head, 'hex'))).toBe(expected);
    });
  }
});

describe('the pump', () => {
  for (const { name, bytes } of FILES) {
    it(`gives identical records of a ${name} file for every block size and however the bytes trickle in`, async () => {
      const expected = await readCapture(bytes, bytes.length);
      expect(expected.packets).toBe(PACKETS.length);
      for (let blockBytes = 64; blockBytes < 700; blockBytes++) {
        expect(await readCapture(bytes, blockBytes)).toEqual(expected);
      }
      for (const atMost of [1, 2, 3, 7, 16, 63, 64, 65, 1000]) {
        expect(await readCapture(bytes, 4096, atMost)).toEqual(expected);
      }
    });
  }

  it('stops early where the caller says so, and then calls nothing truncated', async () => {
    const { bytes } = FILES[0] ?? { bytes: new Uint8Array(0) };
    const reader = eachRecord(() => {});
    const stored: number[] = [];
    const stop = (storedBytes: number): boolean => stored.push(storedBytes) < 3;
    const ended = await pumpCapture(bytesSource(bytes), 'pcap', reader, stop, 500);
    expect(ended).toBe(false);
    expect(stored).toEqual([500, 1000, 1500]);
    expect(reader.input.packets).toBeLessThan(PACKETS.length);
    expect(reader.damage()).toEqual([]);
  });

  it('passes on what a listener throws', async () => {
    const { bytes } = FILES[0] ?? { bytes: new Uint8Array(0) };
    const reader = eachRecord(() => {
      throw new Error('a bug');
    });
    await expect(pumpCapture(bytesSource(bytes), 'pcap', reader)).rejects.toThrow('a bug');
  });

  it('reads a record many times larger than its blocks', async () => {
    const packets = [
      ...PACKETS,
      { timeUs: 1574720899e6, linkType: 1, bytes: Buffer.alloc(5_000_000, 9) },
      ...PACKETS,
    ];
    const reading = await readCapture(writePcapng(packets), 512);
    expect(reading.records.map((r) => r.hex.length / 2)).toEqual(packets.map((p) => p.bytes.length));
    expect(reading.damage).toEqual([]);
  });
});

describe('the first time', () => {
  for (const { name, bytes } of FILES) {
    it(`of a ${name} file is that of its first record`, async () => {
      expect(await firstTimeUs(bytesSource(bytes))).toBe(1574720899e6);
      expect(await firstTimeUs(bytesSource(bytes, 5))).toBe(1574720899e6);
    });
  }
  const without = [
    { name: 'a capture without records', bytes: writePcap([]) },
    { name: 'text', bytes: Buffer.from('no capture at all, just words') },
    { name: 'nothing', bytes: new Uint8Array(0) },
  ];
  for (const { name, bytes } of without) {
    it(`of ${name} is null`, async () => {
      expect(await firstTimeUs(bytesSource(bytes))).toBeNull();
    });
  }
});
