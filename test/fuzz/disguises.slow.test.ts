/**
 * Canonical conversations with bytes changed, dropped and moved, and random bytes behind every opening: framing and
 * dialects end without an exception, in facts whose numbers are finite, and in bounded time.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../../src/dialects/index.ts';
import type { Message } from '../../src/framing/message.ts';
import { CANONICAL } from '../dialects/canonical.ts';
import type { Segmented } from '../support/conversation.ts';
import { client, messagesOf, server } from '../support/dialogue.ts';
import { messagesIn } from '../support/hearing.ts';
import { saidOf } from '../support/recording-sink.ts';
import { opening } from '../support/websocket.ts';

const seed = Number(process.env.MINESWEEP_FUZZ_SEED ?? 20260802);
const numRuns = Number(process.env.MINESWEEP_FUZZ_RUNS ?? 300);

function readAll(messages: readonly Message[]): void {
  for (const dialect of DIALECTS) {
    for (const message of messages) dialect.recognise(message);
    for (const fact of saidOf(dialect, messages)) {
      const items = Object.values(fact).flatMap((part) =>
        typeof part === 'object' && part !== null ? Object.values(part) : [part],
      );
      for (const item of items) {
        if (typeof item === 'number' && (!Number.isFinite(item) || item < 0)) {
          throw new Error(`${dialect.id} says ${JSON.stringify(fact)}`);
        }
      }
    }
  }
}

/** Changes of a segment: a byte that becomes another, a part that is lost, a part that comes twice. */
const change = fc.record({
  segment: fc.nat(),
  at: fc.nat(),
  kind: fc.constantFrom('byte', 'drop', 'twice', 'skip'),
  value: fc.nat(255),
});

function changed(
  segments: readonly Segmented[],
  changes: readonly (typeof change extends fc.Arbitrary<infer T> ? T : never)[],
): Segmented[] {
  let result = segments.map((segment) => ({ ...segment, bytes: Uint8Array.from(segment.bytes) }));
  for (const { segment, at, kind, value } of changes) {
    const index = segment % result.length;
    const target = result[index];
    if (target === undefined) continue;
    if (kind === 'byte') target.bytes[at % Math.max(1, target.bytes.length)] = value;
    else if (kind === 'drop') target.bytes = target.bytes.slice(at % (target.bytes.length + 1));
    else if (kind === 'twice') result.splice(index, 0, { ...target, bytes: Uint8Array.from(target.bytes) });
    else if (result.length > 1) result = result.filter((_, other) => other !== index);
  }
  return result;
}

describe(`disguises and dialects (seed ${seed})`, () => {
  it('read canonical conversations that were damaged', () => {
    const plain = CANONICAL.map(({ conversation }) => conversation.toSegments({ segmentBytes: 200 }));
    fc.assert(
      fc.property(fc.nat(plain.length - 1), fc.array(change, { maxLength: 12 }), (which, changes) => {
        readAll(messagesIn(changed(plain[which] ?? [], changes)));
      }),
      { seed, numRuns: numRuns * 4 },
    );
  });

  it('read any bytes behind any opening', () => {
    const openings = [
      [],
      opening(),
      [client(Uint8Array.of(5, 1, 0)), server(Uint8Array.of(5, 0))],
      [client(Uint8Array.of(4, 1, 13, 5, 0, 0, 0, 1))],
      [client('PROXY TCP4 ')],
      [client(Buffer.from('0d0a0d0a000d0a515549540a2111', 'hex'))],
      [client(Buffer.from('000000300000000200020004000000', 'hex'))],
      [client('JOB,a,LOW')],
      [client(Buffer.from('818f37fa213d4c', 'hex'))],
    ];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ minLength: 64, maxLength: 64 }),
      fc.uint8Array({ minLength: 234, maxLength: 234 }),
      fc
        .constantFrom(0x81, 0x82, 0xc1, 0x01, 0x80, 0x89, 0x00)
        .chain((first) => fc.uint8Array({ maxLength: 200 }).map((rest) => Uint8Array.from([first, ...rest]))),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...openings),
        fc.array(fc.tuple(fc.boolean(), bytes), { maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        (start, rest, size) => {
          const said = [...start, ...rest.map(([isServer, part]) => (isServer ? server : client)(part))];
          const cut = (part: Uint8Array): Uint8Array[] =>
            Array.from({ length: Math.ceil(part.length / size) }, (_, at) =>
              part.subarray(at * size, (at + 1) * size),
            );
          const whole = messagesOf(said);
          readAll(whole);
          const pieces = messagesOf(said, cut);
          expect(pieces.map(({ kind, bytes: length }) => `${kind} ${length}`)).toEqual(
            whole.map(({ kind, bytes: length }) => `${kind} ${length}`),
          );
        },
      ),
      { seed, numRuns: numRuns * 4 },
    );
  });
});
