/**
 * Any bytes, in any pieces, with any losses, end in messages and counts: no exception, no unbounded memory, and the
 * same messages however the bytes were split. MINESWEEP_FUZZ_SEED and MINESWEEP_FUZZ_RUNS widen the search.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lane, Message } from '../../src/framing/message.ts';
import { framing } from '../support/framer.ts';
import { FRAGMENTS } from './seeds.ts';

const seed = Number(process.env.MINESWEEP_FUZZ_SEED ?? 20260801);
const numRuns = Number(process.env.MINESWEEP_FUZZ_RUNS ?? 300);

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.constantFrom(...FRAGMENTS).map((text) => Uint8Array.from(Buffer.from(text, 'latin1'))),
);
const events = fc.array(
  fc.record({
    lane: fc.constantFrom<Lane>(0, 1),
    bytes,
    lost: fc.option(fc.integer({ min: 0, max: 2000 }), { freq: 8 }),
  }),
  { maxLength: 40 },
);

interface Event {
  readonly lane: Lane;
  readonly bytes: Uint8Array;
  readonly lost: number | null;
}

function frame(said: readonly Event[], pieces: (bytes: Uint8Array) => Uint8Array[]): Message[] {
  const { framer, messages } = framing();
  said.forEach(({ lane, bytes: all, lost }, index) => {
    for (const piece of pieces(all))
      framer.push(lane, piece, 0, piece.length, { timeUs: index, record: index + 1, input: 0 });
    if (lost !== null) framer.gap(lane, lost);
  });
  framer.end();
  expect(Object.values(framer.damage).every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
  return messages;
}

describe(`framing (seed ${seed})`, () => {
  it('takes any bytes with any losses', () => {
    fc.assert(
      fc.property(events, (said) => {
        for (const message of frame(said, (all) => [all])) expect(message.bytes).toBeGreaterThanOrEqual(0);
      }),
      { seed, numRuns },
    );
  });

  it('makes the same messages of the same bytes, byte by byte or whole', () => {
    const lossless = events.map((said) => said.map((event) => ({ ...event, lost: null })));
    fc.assert(
      fc.property(lossless, (said) => {
        const single = frame(said, (all) => [...all].map((byte) => Uint8Array.of(byte)));
        expect(single).toEqual(frame(said, (all) => [all]));
      }),
      { seed, numRuns },
    );
  });

  it('reads JSON behind foreign text in the same packet as in the next, if the other side speaks JSON', () => {
    const said: Event[] = [
      { lane: 1, bytes: Buffer.from('{"a":"\\u00'), lost: null },
      { lane: 0, bytes: Buffer.from('PPOST / HTTP/1.1\r\n\r\n{"id":1,"method":"a"}'), lost: null },
    ];
    const methods = (pieces: (bytes: Uint8Array) => Uint8Array[]): unknown[] =>
      frame(said, pieces).map((message) => (message.kind === 'call' ? message.method : message.kind));
    expect(methods((all) => [all])).toEqual(['a']);
    expect(methods((all) => [...all].map((byte) => Uint8Array.of(byte)))).toEqual(['a']);
  });
});
