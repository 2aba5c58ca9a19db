/** The gate for DNS messages as WebAssembly: it must let through what the one in TypeScript lets through, and hardly more. */
import { describe, expect, it } from 'vitest';
import { mayConcern } from '../../src/framing/dns.ts';
import { BITS, NameGate } from '../../src/framing/name-gate.ts';
import { LABELS_BYTES, LOCALS, mayConcernCode } from '../../src/framing/name-program.ts';
import * as w from '../../src/wasm.ts';
import { type Random, random } from '../support/random.ts';

const MESSAGE_AT = 0;
const BITS_AT = 65_536 - BITS / 8;
const LABELS_AT = BITS_AT - LABELS_BYTES;

const DOMAINS = ['pool.example', 'minexmr.example', 'in-addr.arpa', 'a.b.c.d.e.example'];
const gate = new NameGate(DOMAINS);
const memory = w.allocate(65_536);
const bytes = new Uint8Array(memory.buffer);
new Int32Array(memory.buffer, BITS_AT, BITS / 32).set(gate.bits);
const run = w.instantiate(
  {
    parameters: 2,
    variables: 1 + LOCALS,
    body: (from, to, may, ...locals) => [
      mayConcernCode({ bitsAt: BITS_AT, labelsAt: LABELS_AT }, [from, to, may], locals),
      w.giveBack(may),
    ],
  },
  memory,
);

function isLetThrough(message: Uint8Array): boolean {
  bytes.set(message, MESSAGE_AT);
  return run(MESSAGE_AT, MESSAGE_AT + message.length) === 1;
}

const LABELS = [
  'www',
  'Pool',
  'EXAMPLE',
  'example',
  'cdn',
  'b',
  'c',
  'd',
  'e',
  'a',
  'in-addr',
  'arpa',
  'x'.repeat(63),
];

/** A name in labels; it may end in a pointer to any place before it, or break the rules. */
function nameOf(draw: Random, before: number): number[] {
  const name: number[] = [];
  if (draw.chance(0.3))
    for (const label of draw.pick(DOMAINS).split('.')) name.push(label.length, ...Buffer.from(label));
  for (let labels = draw.below(5); labels > 0; labels--) {
    const label = draw.pick(LABELS);
    name.unshift(label.length, ...Buffer.from(label));
  }
  if (draw.chance(0.3)) return [...name, 0xc0 | (draw.below(before) >> 8), draw.below(before) & 0xff];
  return draw.chance(0.03) ? [...name, draw.below(256)] : [...name, 0];
}

function messageOf(draw: Random): Uint8Array {
  const isAnswer = draw.chance(0.6);
  const count = isAnswer ? draw.below(5) : 0;
  const message = [0, 1, isAnswer ? 0x81 : 1, 0, 0, 1, draw.chance(0.02) ? 255 : 0, count, 0, 0, 0, 0];
  message.push(...nameOf(draw, 12), 0, 1, 0, 1);
  for (let i = 0; i < count; i++) {
    message.push(...(draw.chance(0.7) ? [0xc0, 12] : nameOf(draw, message.length)));
    const data = draw.chance(0.5) ? nameOf(draw, message.length + 10) : [10, 0, 0, 1];
    message.push(0, data.length === 4 ? 1 : 5, 0, 1, 0, 0, 0, 60, 0, data.length, ...data);
  }
  const whole = Uint8Array.from(message);
  for (let flips = draw.chance(0.2) ? draw.below(4) : 0; flips > 0; flips--)
    whole[draw.below(whole.length)] = draw.below(256);
  return draw.chance(0.1) ? whole.subarray(0, draw.below(whole.length)) : whole;
}

describe('the gate as WebAssembly', () => {
  it('lets through what concerns somebody, and little else, whatever the message is', () => {
    const draw = random(1);
    let concerning = 0;
    let other = 0;
    const messages = 60_000;
    for (let i = 0; i < messages; i++) {
      const message = messageOf(draw);
      const concerns = mayConcern(message, 0, message.length, gate);
      const passes = isLetThrough(message);
      if (concerns) expect(passes, Buffer.from(message).toString('hex')).toBe(true);
      if (concerns) concerning++;
      else if (passes) other++;
    }
    expect(concerning).toBeGreaterThan(messages / 10);
    expect(concerning).toBeLessThan((messages * 9) / 10);
    expect(other).toBeLessThan(messages / 1000);
  });

  it('ends with bytes at random', () => {
    const draw = random(2);
    for (let i = 0; i < 30_000; i++) {
      const message = Uint8Array.from({ length: draw.below(300) }, () =>
        draw.chance(0.5) ? draw.below(256) : draw.pick([0, 1, 3, 0xc0, 0x40, 0x3f]),
      );
      if (mayConcern(message, 0, message.length, gate)) expect(isLetThrough(message)).toBe(true);
      else isLetThrough(message);
    }
  });
});
