/**
 * Framing and every dialect: what two ends say, in any pieces and with any losses, gives the same messages however it is
 * cut, and facts whose numbers are finite.
 */
import { DIALECTS } from '../../../src/dialects/index.ts';
import type { Message } from '../../../src/framing/message.ts';
import { framing } from '../../support/framer.ts';
import { saidOf } from '../../support/recording-sink.ts';
import { SAYINGS } from '../seeds.ts';
import { Choices, edited } from './choices.ts';
import { expectSame } from './oracles.ts';

interface Said {
  readonly direction: 0 | 1;
  readonly bytes: Uint8Array;
  readonly lost: number;
}

export function fuzz(data: Buffer): void {
  const choices = new Choices(data);
  const step = 1 + choices.byte();
  const said: Said[] = [];
  while (!choices.isSpent && said.length < 24) {
    const way = choices.byte();
    const saying = Buffer.from(choices.pick(SAYINGS), 'latin1');
    const bytes = way & 2 ? edited(saying, new Choices(choices.take(12))) : saying;
    said.push({ direction: way & 1 ? 1 : 0, bytes, lost: way > 240 ? choices.below(2000) : 0 });
  }
  const messages = framed(said, Number.POSITIVE_INFINITY);
  expectSame(`in pieces of ${step}`, messages.map(meaning), framed(said, step).map(meaning));
  for (const dialect of DIALECTS) {
    for (const message of messages) dialect.recognise(message);
    for (const fact of saidOf(dialect, messages)) expectFinite(dialect.id, fact);
  }
}

/** What is said. The bytes in `bytes` of foreign text before a message depend on where the packets end. */
function meaning({ bytes: _, ...said }: Message): unknown {
  return said;
}

function framed(said: readonly Said[], step: number): Message[] {
  const { framer, messages } = framing();
  said.forEach(({ direction, bytes, lost }, index) => {
    for (let at = 0; at < bytes.length; at += step) {
      const piece = Uint8Array.from(bytes.subarray(at, at + step));
      framer.push(direction, piece, 0, piece.length, { timeUs: index, record: index + 1, input: 0 });
      // Nothing may keep the bytes of a packet.
      piece.fill(0xee);
    }
    if (lost > 0) framer.gap(direction, lost);
  });
  framer.end();
  for (const count of Object.values(framer.damage)) {
    if (!Number.isSafeInteger(count) || count < 0) throw new Error(`damage of ${count}`);
  }
  return messages;
}

function expectFinite(dialect: string, value: unknown): void {
  if (typeof value === 'number' && !(Number.isFinite(value) && value >= 0)) {
    throw new Error(`${dialect}: a fact with the number ${value}`);
  }
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) if (typeof part !== 'object') expectFinite(dialect, part);
  }
}
