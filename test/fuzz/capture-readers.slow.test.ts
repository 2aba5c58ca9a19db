/**
 * Broken captures and broken compression, by the thousand: nothing throws, every record lies in its block, memory
 * and time stay bounded, and the records do not depend on the block size. MINESWEEP_FUZZ_SEED repeats a run.
 */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openStage } from '../../src/sources/open.ts';
import { bytesSource, readCapture } from '../support/capture-reading.ts';
import { type WrittenPacket, writePcap, writePcapng } from '../support/capture-writer.ts';

const SEED = Number(process.env.MINESWEEP_FUZZ_SEED ?? 20260101) >>> 0;
const ROUNDS = 400;
console.log(`capture reader fuzz: seed ${SEED}`);

/** Mulberry32: small, seeded, good enough to break files with. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const PACKETS: WrittenPacket[] = Array.from({ length: 50 }, (_, i) => ({
  timeUs: 1574720899e6 + i * 50_000,
  linkType: 1,
  bytes: Buffer.alloc(40 + ((i * 31) % 120), i),
}));
const FILES = [
  writePcap(PACKETS),
  writePcap(PACKETS, { littleEndian: false, nanoseconds: true, snapLength: 0xffffffff }),
  writePcap(PACKETS, { modified: true }),
  writePcapng(PACKETS, { extras: true, sections: 2, littleEndian: [true, false] }),
  writePcapng(PACKETS, { blocks: ['obsolete', 'simple', 'enhanced'], resolution: 9 }),
];
const NASTY = [0, 1, 0x7f, 0x80, 0xff];

/** A few of: changed bytes, bytes cut out, bytes put in, a cut at the end. */
function broken(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  let copy = Buffer.from(bytes);
  for (let left = 1 + random(4); left > 0; left--) {
    const at = random(copy.length);
    const length = 1 + random(random(4) === 0 ? 200 : 4);
    switch (random(4)) {
      case 0:
        for (let i = at; i < Math.min(at + length, copy.length); i++) {
          copy[i] = random(2) === 0 ? (NASTY[random(NASTY.length)] ?? 0) : random(256);
        }
        break;
      case 1:
        copy = Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]);
        break;
      case 2:
        copy = Buffer.concat([copy.subarray(0, at), Buffer.alloc(length, random(256)), copy.subarray(at)]);
        break;
      default:
        if (random(4) === 0) copy = copy.subarray(0, at);
    }
    if (copy.length === 0) break;
  }
  return copy;
}

describe(`broken captures (seed ${SEED})`, () => {
  FILES.forEach((file, index) => {
    it(`of kind ${index} end in counted damage, alike for every block size`, async () => {
      const random = generator(SEED + index);
      let kept = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const bytes = broken(file, random);
        const whole = await readCapture(bytes, 65536);
        const pieces = await readCapture(bytes, 64 + random(500), 1 + random(300));
        // As text: the runner's own comparison takes longer than all the rest.
        const isAlike = JSON.stringify(pieces) === JSON.stringify(whole);
        expect(isAlike, `round ${round}, seed ${SEED}`).toBe(true);
        expect(whole.packets).toBe(whole.records.length);
        for (const row of whole.damage) {
          expect(row.count).toBeGreaterThan(0);
          expect(row.at).toBeLessThanOrEqual(bytes.length);
        }
        const skipped = whole.damage.find((row) => row.kind === 'skipped-bytes')?.count ?? 0;
        expect(skipped).toBeLessThanOrEqual(bytes.length);
        kept += whole.packets;
      }
      // Most of each file is whole, and most of that is found.
      expect(kept / ROUNDS).toBeGreaterThan(25);
    });
  });

  it('that are nothing but noise behind a magic end as well', async () => {
    const random = generator(SEED ^ 0x5eed);
    for (let round = 0; round < 200; round++) {
      const noise = Buffer.from(
        Array.from({ length: random(5000) }, () => random(random(3) === 0 ? 4 : 256)),
      );
      const magic = (FILES[round % FILES.length] ?? noise).subarray(0, [4, 24, 28][random(3)]);
      const bytes = Buffer.concat([magic, noise]);
      const reading = await readCapture(bytes);
      expect(reading.packets).toBe(reading.records.length);
    }
  });
});

describe(`broken compression (seed ${SEED})`, () => {
  const text = Buffer.from(Array.from({ length: 400 }, (_, i) => `${i * i}\n`).join(''));
  const packed = [gzipSync(text), Buffer.concat([gzipSync(text), gzipSync(text)]), rawZstd(text)];

  /** A Zstandard frame of raw blocks: window of 1 KiB, no checksum. */
  function rawZstd(bytes: Uint8Array): Buffer {
    const parts: Buffer[] = [Buffer.from('28b52ffd0000', 'hex')];
    for (let at = 0; at < bytes.length; at += 900) {
      const block = bytes.subarray(at, at + 900);
      const header = Buffer.alloc(3);
      header.writeUIntLE(block.length * 8 + (at + 900 >= bytes.length ? 1 : 0), 0, 3);
      parts.push(header, Buffer.from(block));
    }
    return Buffer.concat(parts);
  }

  it('ends, with a part of the bytes', async () => {
    const random = generator(SEED ^ 0x9219);
    const block = new Uint8Array(4096);
    for (let round = 0; round < 600; round++) {
      const bytes = broken(packed[round % packed.length] ?? text, random);
      const inner = bytesSource(bytes, 1 + random(2000));
      const source = openStage(
        { fill: inner.fill, damage: null, damageAt: 0, close: async () => {} },
        { hash: true },
      );
      let total = 0;
      for (let count = await source.fill(block); count > 0; count = await source.fill(block)) {
        total += count;
        if (total > 50_000_000) throw new Error('more than the blocks can hold');
      }
      expect(source.storedBytes).toBe(bytes.length);
      expect(source.sha256()).toMatch(/^[0-9a-f]{64}$/);
      await source.close();
    }
  });
});
