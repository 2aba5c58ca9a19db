/** Decompressors: the same bytes and the same damage however the stored bytes arrive, and never more than may be. */
import type { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { limits } from '../../../src/limits.ts';
import { openStage } from '../../../src/sources/open.ts';
import { PACKED } from '../seeds.ts';
import { Choices, edited } from './choices.ts';
import { expectSame } from './oracles.ts';

const SAMPLES = [gzipSync('some text, some text, some text'), ...PACKED];

export async function fuzz(data: Buffer): Promise<void> {
  const choices = new Choices(data);
  const step = 1 + choices.byte();
  const bytes = choices.byte() % 4 === 0 ? choices.rest() : edited(choices.pick(SAMPLES), choices);
  const whole = await unpacked(bytes, bytes.length + 1);
  if (whole.length > limits['unpack-free'] + bytes.length * limits['unpack-ratio'])
    throw new Error(`${whole.length} bytes`);
  const pieces = await unpacked(bytes, step);
  expectSame(`in pieces of ${step}`, whole, pieces);
}

async function unpacked(
  bytes: Uint8Array,
  step: number,
): Promise<{ length: number; sum: number; damage: string }> {
  let at = 0;
  const source = openStage({
    damage: null,
    damageAt: 0,
    fill: (target) => {
      const part = bytes.subarray(at, at + Math.min(step, target.length));
      target.set(part);
      at += part.length;
      return Promise.resolve(part.length);
    },
    close: () => Promise.resolve(),
  });
  const target = new Uint8Array(64 * 1024);
  let length = 0;
  let sum = 0;
  for (let count = await source.fill(target); count > 0; count = await source.fill(target)) {
    length += count;
    for (let i = 0; i < count; i++) sum = (Math.imul(sum, 31) + target[i]) | 0;
  }
  const damage = source.damage ?? '';
  await source.close();
  return { length, sum, damage };
}
