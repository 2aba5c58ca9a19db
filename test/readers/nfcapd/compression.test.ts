/** Vectors were made with liblz4 1.10, zstd 1.5 and Python's bz2; nfdump's own blocks are in shared-flows.test.ts. */

import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { RecordsKernel } from '../../../src/rows/records-kernel.ts';
import { AT } from '../../../src/schema/records-memory.ts';
import { Bzip2 } from '../../../src/sources/bzip2-blocks.ts';
import { decodeZstd as zstd } from '../../../src/sources/zstd.ts';
import { random } from '../../support/random.ts';

const hasZstd = spawnSync('zstd', ['-V']).status === 0;

type Decode = (source: Uint8Array, from: number, to: number, target: Uint8Array) => number;

const { bytes: memory, calls } = new RecordsKernel();
const FENCE = 64;
/** Bytes behind what a decoder makes that it may write all the same (kernel/records/copies.ts). */
const OVERRUN = 64;
const SOURCE = AT.input + FENCE;
const TARGET = AT.plain + FENCE;

/** A decoder of the kernel, of whose memory it may write the room for what it makes and so much behind. */
function ofKernel(run: (from: number, to: number, target: number, limit: number) => number): Decode {
  return (source, from, to, target) => {
    const limit = TARGET + target.length;
    const end = SOURCE + to - from;
    const fences = [SOURCE - FENCE, end, TARGET - FENCE, limit + OVERRUN].map((at) =>
      memory.subarray(at, at + FENCE),
    );
    for (const fence of fences) fence.fill(0xaa);
    memory.set(source.subarray(from, to), SOURCE);
    const produced = run(SOURCE, end, TARGET, limit);
    if (fences.some((fence) => fence.some((byte) => byte !== 0xaa)))
      throw new Error('a fence is trodden down');
    if (produced > 0) target.set(memory.subarray(TARGET, TARGET + produced));
    return produced;
  };
}

const decodeLz4 = ofKernel((from, to, target, limit) => calls.decodeLz4(from, to, target, target, limit));
const decodeLzo = ofKernel((from, to, target, limit) => calls.decodeLzo(from, to, target, limit));
const bzip2 = new Bzip2();
const decodeBzip2: Decode = (source, from, to, target) => bzip2.decode(source, from, to, target);

/** Decodes with bytes around on both sides that must neither be read nor written; null where the input is refused. */
function decode(decoder: Decode, hex: string, room = 4096): string | null {
  const bytes = Buffer.from(hex.replace(/\s/g, ''), 'hex');
  const source = new Uint8Array(bytes.length + 20).fill(0xaa);
  source.set(bytes, 10);
  const around = new Uint8Array(room + 20).fill(0x55);
  const produced = decoder(source, 10, 10 + bytes.length, around.subarray(10, 10 + room));
  expect([...around.subarray(0, 10), ...around.subarray(10 + room)]).toEqual(new Array(20).fill(0x55));
  return produced < 0 ? null : Buffer.from(around.subarray(10, 10 + produced)).toString('latin1');
}

const LZ4 = {
  text: '8f6120666c6f772c20080006f0056e64206e6f206d6f7265207468616e2074686973',
  run: '1f7a0100ffffffd2507a7a7a7a7a',
  bytes:
    'fff1000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff0001e850fbfcfdfeff',
};
const BZIP2 = {
  text: '425a683931415926535908cf6b560000039180400421048080200021b50c42180c5a5384c853c5dc914e14240233dad580',
  run: '425a68313141592653593eb385150000018081801000800008200020aa6d4198ba83c5dc914e14240face14540',
  empty: '425a683917724538509000000000',
  two: '425a6839314159265359cfbaa0b4000001910040000201a000219a68334d0cbc5dc914e142433eea82d0425a6839314159265359cddc8d9a0000008180000084802000219819846177245385090cddc8d9a0',
};
const decodeZstd: Decode = (source, from, to, target) => zstd(source.subarray(from, to), target);
const ZSTD = {
  text: '28b52ffd2435150100e06120666c6f772c206e64206e6f206d6f7265207468616e207468697301005b0a17d0159b1b',
  run: '28b52ffd00584d00001000000100e32b8005',
  words:
    '28b52ffd0068650600528e1d10c0a5702e00f43f007b574444f2f7cf12c33404e9d9c52da21d25fde95d530dea5cde39ed25eca28b89bb871c62a23fad86ed0c163f26526f23ba295d7ee9283a67c2c16038262c9c8b46e97f914c7d64ab4562be0ceeb09af6434f43909e5ddc22da51d24f7fdaebc55925611000026110068200207ba82090ef1d602b48a1c61140084498bec76634d2a0212f83eb6c971a6532021789b56cd3c8ad7ad190308d5553220600bd2833010256204ac8282f8d0fb5bb95e3366402f76209b06141ce257959f7c14f01',
};
const WORDS = Array.from({ length: 120 }, (_, i) => `flow ${(i * i) % 97} of ${i % 7}`).join(' ');
const EVERY_BYTE = Buffer.from(Array.from({ length: 512 }, (_, i) => i & 255)).toString('latin1');

describe('decodeLz4', () => {
  const TABLE: readonly { readonly name: string; readonly hex: string; readonly expected: string | null }[] =
    [
      {
        name: 'text with a match',
        hex: LZ4.text,
        expected: 'a flow, a flow, a flow, a flow, and no more than this',
      },
      { name: 'a match that overlaps what it makes', hex: LZ4.run, expected: 'z'.repeat(1000) },
      { name: 'a long run of literals and a long match', hex: LZ4.bytes, expected: EVERY_BYTE },
      { name: 'no bytes', hex: '', expected: null },
      { name: 'literals beyond the end', hex: '50 6162', expected: null },
      { name: 'a length without its end', hex: 'f0 ff', expected: null },
      { name: 'a distance of nothing', hex: '10 61 0000 00', expected: null },
      { name: 'a distance before the start', hex: '10 61 0200 00', expected: null },
      { name: 'half a distance', hex: '10 61 01', expected: null },
    ];
  for (const { name, hex, expected } of TABLE) {
    it(`reads ${name}`, () => expect(decode(decodeLz4, hex)).toBe(expected));
  }

  it('makes matches of every distance and length byte by byte, as the format asks', () => {
    for (let distance = 1; distance <= 20; distance++) {
      for (const length of [4, 5, 7, 8, 15, 18]) {
        const literals = Array.from({ length: distance }, (_, i) => 0x61 + i);
        const head = distance < 15 ? [distance << 4] : [0xf0, distance - 15];
        head[0] = (head[0] ?? 0) | (length - 4);
        const hex = Buffer.from([...head, ...literals, distance, 0, 0x10, 0x2e]).toString('hex');
        const expected = [...literals];
        for (let i = 0; i < length; i++) expected.push(expected[expected.length - distance] ?? 0);
        expect(decode(decodeLz4, hex)).toBe(`${Buffer.from(expected).toString('latin1')}.`);
      }
    }
  });

  it('refuses what does not fit, to the byte', () => {
    expect(decode(decodeLz4, LZ4.run, 1000)).toBe('z'.repeat(1000));
    expect(decode(decodeLz4, LZ4.run, 999)).toBeNull();
    expect(decode(decodeLz4, LZ4.run, 3)).toBeNull();
  });
});

describe('decodeLzo', () => {
  // Instructions are written out by hand after the kernel's description of the format.
  const END = '11 00 00';
  const TABLE: readonly { readonly name: string; readonly hex: string; readonly expected: string | null }[] =
    [
      { name: 'literals alone', hex: `16 6162636465 ${END}`, expected: 'abcde' },
      // 0x04: distance (0 << 2) + (4 >> 2) + 1 = 2.
      { name: 'a match of two after a short first run', hex: `13 6162 04 00 ${END}`, expected: 'abab' },
      // 0x44: length 3, distance (0 << 3) + 1 + 1 = 2.
      { name: 'a match of three', hex: `16 6162636465 44 00 ${END}`, expected: 'abcdeded' },
      // 0xd0: length 5 + 2, distance (0 << 3) + 4 + 1 = 5.
      {
        name: 'a match of seven that overlaps itself',
        hex: `16 6162636465 d0 00 ${END}`,
        expected: 'abcdeabcdeab',
      },
      // 0x2a: length 12, distance (0x0004 >> 2) + 1 = 2, no literals behind.
      {
        name: 'a match of medium distance',
        hex: `16 6162636465 2a 0400 ${END}`,
        expected: `abcde${'de'.repeat(6)}`,
      },
      // 0x20 00 01: length 2 + 31 + 255 + 1, distance 1, two literals behind.
      {
        name: 'a long match with literals behind',
        hex: `16 6162636465 20 00 01 0200 7879 ${END}`,
        expected: `abcde${'e'.repeat(289)}xy`,
      },
      // After a run of four or more, 0x00 0x00: 3 bytes from 2,049 back, which is before the start.
      { name: 'a far match before the start', hex: `16 6162636465 00 00 ${END}`, expected: null },
      { name: 'no end marker', hex: '16 6162636465', expected: null },
      { name: 'literals beyond the end', hex: '16 6162', expected: null },
      { name: 'a distance before the start', hex: `16 6162636465 48 01 ${END}`, expected: null },
      { name: 'an endless length', hex: '16 6162636465 20 00 00 00 00', expected: null },
      { name: 'no bytes', hex: '', expected: null },
    ];
  for (const { name, hex, expected } of TABLE)
    it(`reads ${name}`, () => expect(decode(decodeLzo, hex)).toBe(expected));

  it('refuses what does not fit', () => {
    expect(decode(decodeLzo, `16 6162636465 d0 00 ${END}`, 12)).toBe('abcdeabcdeab');
    expect(decode(decodeLzo, `16 6162636465 d0 00 ${END}`, 11)).toBeNull();
    expect(decode(decodeLzo, `16 6162636465 ${END}`, 4)).toBeNull();
  });
});

describe('Bzip2', () => {
  const flipped = `${BZIP2.text.slice(0, -30)}00${BZIP2.text.slice(-28)}`;
  const TABLE: readonly { readonly name: string; readonly hex: string; readonly expected: string | null }[] =
    [
      { name: 'text', hex: BZIP2.text, expected: 'a flow, a flow, a flow' },
      { name: 'a long run', hex: BZIP2.run, expected: 'z'.repeat(1000) },
      { name: 'a stream of nothing', hex: BZIP2.empty, expected: '' },
      { name: 'two streams', hex: BZIP2.two, expected: 'one two' },
      { name: 'a cut stream', hex: BZIP2.text.slice(0, -8), expected: null },
      { name: 'a wrong magic', hex: `415a68${BZIP2.text.slice(6)}`, expected: null },
      { name: 'a broken block', hex: flipped, expected: null },
      { name: 'no bytes', hex: '', expected: null },
    ];
  for (const { name, hex, expected } of TABLE)
    it(`reads ${name}`, () => expect(decode(decodeBzip2, hex)).toBe(expected));

  it('refuses what does not fit', () => {
    expect(decode(decodeBzip2, BZIP2.run, 1000)).toBe('z'.repeat(1000));
    expect(decode(decodeBzip2, BZIP2.run, 999)).toBeNull();
  });
});

describe('decodeZstd', () => {
  const noChecksum = `28b52ffd20${ZSTD.text.slice(10, -8)}`;
  const text = 'a flow, a flow, a flow, a flow, and no more than this';
  const TABLE: readonly { readonly name: string; readonly hex: string; readonly expected: string | null }[] =
    [
      { name: 'text with a match', hex: ZSTD.text, expected: text },
      { name: 'the same without a checksum', hex: noChecksum, expected: text },
      { name: 'a frame that does not say how much it holds', hex: ZSTD.run, expected: null },
      { name: 'two frames', hex: `${noChecksum}${noChecksum}`, expected: null },
      { name: 'a cut frame', hex: ZSTD.text.slice(0, -10), expected: null },
      { name: 'a dictionary', hex: `28b52ffd21 01 ${ZSTD.text.slice(10)}`, expected: null },
      { name: 'a block larger than any', hex: '28b52ffd 20 03 ffffff', expected: null },
      { name: 'a block of a reserved type', hex: '28b52ffd 20 03 1f0000 616263', expected: null },
      { name: 'a wrong magic', hex: '28b52ffe 20 03 190000 616263', expected: null },
      { name: 'a raw block', hex: '28b52ffd 20 03 190000 616263', expected: 'abc' },
      { name: 'a raw block longer than the frame says', hex: '28b52ffd 20 02 190000 616263', expected: null },
      { name: 'no bytes', hex: '', expected: null },
    ];
  for (const { name, hex, expected } of TABLE)
    it(`reads ${name}`, () => expect(decode(decodeZstd, hex)).toBe(expected));

  it('refuses what does not fit', () => {
    expect(decode(decodeZstd, ZSTD.text, text.length)).toBe(text);
    expect(decode(decodeZstd, ZSTD.text, text.length - 1)).toBeNull();
  });

  it.skipIf(!hasZstd)('reads what zstd writes at every level (skipped where zstd is not installed)', () => {
    const rng = random(9);
    const skewed = Buffer.from(Array.from({ length: 300_000 }, () => (rng.chance(0.8) ? 0 : rng.below(40))));
    const runs = Buffer.concat(Array.from({ length: 3000 }, (_, i) => Buffer.alloc(rng.below(300), i & 3)));
    const noise = Buffer.from(Array.from({ length: 200_000 }, () => rng.below(256)));
    const target = new Uint8Array(1 << 20);
    for (const content of [skewed, runs, noise, Buffer.from(WORDS.repeat(60))]) {
      for (const level of ['-1', '-3', '-9', '-19', '--fast=5']) {
        const size = `--stream-size=${content.length}`;
        const packed = execFileSync('zstd', ['-q', '-c', level, size], {
          input: content,
          maxBuffer: 1 << 24,
        });
        const produced = decodeZstd(packed, 0, packed.length, target);
        expect(Buffer.compare(content, target.subarray(0, Math.max(0, produced)))).toBe(0);
      }
    }
  });
});

describe('every decoder', () => {
  it('ends with a count or a refusal on any bytes, within its bounds', () => {
    const seed = Number(process.env.MINESWEEP_FUZZ_SEED ?? 20260802);
    const rng = random(seed);
    const samples = [
      LZ4.text,
      LZ4.run,
      LZ4.bytes,
      ...Object.values(BZIP2),
      ...Object.values(ZSTD),
      '166162636465d00000110000',
      '16616263646520000102007879110000',
    ];
    for (let run = 0; run < 20_000; run++) {
      const bytes = Buffer.from(rng.pick(samples), 'hex');
      for (let i = rng.below(4); i > 0; i--) bytes[rng.below(bytes.length)] = rng.below(256);
      const from = rng.below(bytes.length);
      const target = new Uint8Array(rng.below(2000));
      for (const decoder of [decodeLz4, decodeLzo, decodeBzip2, decodeZstd]) {
        for (const start of [0, from]) {
          const produced = decoder(bytes, start, bytes.length, target);
          if (!(produced >= -1 && produced <= target.length))
            throw new Error(`seed ${seed}, run ${run}: ${produced}`);
        }
      }
    }
  });
});
