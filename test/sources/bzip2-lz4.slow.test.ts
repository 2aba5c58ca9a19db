/**
 * bzip2 and LZ4 taken off by content: written by the tools themselves (skipped where they are not installed), by hand,
 * cut and broken anywhere.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { textKernel } from '../../src/rows/records-kernel.ts';
import { AT } from '../../src/schema/records-memory.ts';
import { openStage } from '../../src/sources/open.ts';
import { bytesSource } from '../support/capture-reading.ts';
import { random } from '../support/random.ts';
import { runs } from '../support/runs.ts';

const isInstalled = (tool: string): boolean => spawnSync(tool, ['--version'], { input: '' }).status === 0;
const packed = (tool: string, bytes: Uint8Array, ...options: string[]): Buffer =>
  spawnSync(tool, ['-c', '-q', ...options], { input: bytes, maxBuffer: 1 << 28 }).stdout;

const TEXT = Buffer.from(
  Array.from({ length: 60_000 }, (_, i) => `${(i * 2654435761) % 9973} share ${i % 97}\n`).join(''),
);
const draw = random(7);
const NOISE = Uint8Array.from({ length: 300_000 }, () => draw.below(256));
const RUN = Buffer.alloc(3_000_000, 7);

/** Names bytes by length and hash: the test runner takes seconds to compare a megabyte. */
const id = (bytes: Uint8Array): string =>
  `${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex')}`;

async function read(bytes: Uint8Array, atMost?: number) {
  const inner = bytesSource(bytes, atMost);
  const source = openStage({ fill: inner.fill, damage: null, damageAt: 0, close: async () => {} });
  const parts: Buffer[] = [];
  const block = new Uint8Array(65536);
  for (let count = await source.fill(block); count > 0; count = await source.fill(block)) {
    parts.push(Buffer.from(block.subarray(0, count)));
  }
  const { compression, damage } = source;
  await source.close();
  return { out: Buffer.concat(parts), compression, damage };
}

const LINE = 'share share share share share share\n';
const BZIP2_LINE =
  '425a6839314159265359d9709456000011d18000104000224018002000310c008a06983a3c3060c49e2ee48a70a121b2e128ac';
const LZ4_LINE = '04224d186440a7100000006f73686172652006000650686172650a00000000102fc4ae';

describe('xxHash', () => {
  it.each([
    { text: '', hash: 0x02cc5d05 },
    { text: 'a', hash: 0x550d7456 },
    { text: 'abc', hash: 0x32d153ff },
    { text: 'Nobody inspects the spammish repetition', hash: 0xe2293b2f },
  ])('of $text', ({ text, hash }) => {
    const { bytes, calls } = textKernel();
    const end = AT.text + text.length;
    bytes.set(Buffer.from(text), AT.text);
    for (const step of [1, 7, 64]) {
      calls.beginHash(0);
      for (let at = AT.text; at < end; at += step) calls.addToHash(0, at, Math.min(at + step, end));
      expect(calls.endHash(0) >>> 0).toBe(hash);
    }
  });
});

describe.each([
  { tool: 'bzip2', line: BZIP2_LINE, levels: ['-1', '-9'] },
  {
    tool: 'lz4',
    line: LZ4_LINE,
    levels: ['-1', '-9', '-BD', '-B4', '-BX', '--no-frame-crc', '--content-size'],
  },
])('$tool', ({ tool, line, levels }) => {
  const bytes = Buffer.from(line, 'hex');

  it('is found from content and taken off, however the bytes trickle in', async () => {
    for (const atMost of [undefined, 7, 1]) {
      expect(await read(bytes, atMost)).toEqual({
        out: Buffer.from(LINE),
        compression: [tool],
        damage: null,
      });
    }
  });

  it('may come several times, one after another', async () => {
    expect((await read(Buffer.concat([bytes, bytes, bytes]))).out.toString()).toBe(LINE.repeat(3));
  });

  it('cut anywhere gives the bytes before the cut and says so', async () => {
    for (let cut = 5; cut < bytes.length; cut++) {
      const { out, damage } = await read(bytes.subarray(0, cut));
      expect([cut, damage]).toEqual([cut, 'truncated-compression']);
      expect(LINE.startsWith(out.toString())).toBe(true);
    }
  });

  it('with a wrong bit anywhere is damaged, or says the same', async () => {
    for (let bit = 40; bit < bytes.length * 8; bit += runs(7, 1)) {
      const broken = Buffer.from(bytes);
      broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { out, damage } = await read(broken);
      if (damage === null) expect(out.toString()).toBe(LINE);
    }
  });

  it('with something else behind it is damaged', async () => {
    const { out, damage } = await read(Buffer.concat([bytes, Buffer.from('garbage')]));
    expect([out.toString(), damage]).toEqual([LINE, 'compression-error']);
  });

  it.skipIf(!isInstalled(tool))(`as ${tool} writes it (skipped where it is not installed)`, async () => {
    for (const content of [TEXT, NOISE, RUN, Buffer.alloc(0)]) {
      for (const level of levels) {
        const { out, compression, damage } = await read(packed(tool, content, level), 50_000);
        expect([level, id(out), compression, damage]).toEqual([level, id(content), [tool], null]);
      }
    }
  });

  it.skipIf(!isInstalled(tool))(`cut in the middle gives a good part (skipped without ${tool})`, async () => {
    const whole = packed(tool, TEXT, tool === 'lz4' ? '-B4' : '-1');
    const { out, damage } = await read(whole.subarray(0, whole.length >> 1));
    expect(damage).toBe('truncated-compression');
    expect(out.length).toBeGreaterThan(TEXT.length / 5);
    expect(TEXT.subarray(0, out.length).equals(out)).toBe(true);
  });
});
