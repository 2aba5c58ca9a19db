/** A document is read as JSON.parse reads it, however the bytes arrive: the same value, or refused by both. */
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { JsonDocument, jsonOf } from '../../src/schema/json-document.ts';

function readInPieces(bytes: Uint8Array, step: number): unknown {
  const json = new JsonDocument();
  for (let at = 0; at < bytes.length; at += step) json.push(bytes.subarray(at, at + step));
  return json.end();
}

/** The value as text, or that it is refused. */
function outcome(read: () => unknown): string {
  try {
    return JSON.stringify(read());
  } catch (error) {
    if (error instanceof SyntaxError) return 'refused';
    throw error;
  }
}

const RUNS = { seed: 20_261_127, numRuns: 400 };

it('is the value that was written', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 1, max: 40 }), (text, step) => {
      expect(outcome(() => readInPieces(Buffer.from(text), step))).toBe(outcome(() => JSON.parse(text)));
    }),
    RUNS,
  );
});

it('is told to have holes', () => {
  expect(() => jsonOf('\0'.repeat(4096))).toThrow(/bytes of zero/);
  expect(() => jsonOf(`{"a":${'\0'.repeat(8)}`)).toThrow(/bytes of zero/);
});

it('is refused where JSON.parse refuses it', () => {
  const sign = fc.constantFrom(...'{}[],:"\\ 1ae-'.split(''), '"a":', 'null', '[]', '{}', '\uFEFF');
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(), fc.nat(4), sign, (text, place, cut, put) => {
      const at = place % (text.length + 1);
      const broken = text.slice(0, at) + put + text.slice(at + cut);
      // A mark in front is passed over, as the reader of smaller audits does.
      const plain = broken.replace(/^\uFEFF/, '');
      expect(outcome(() => readInPieces(Buffer.from(broken), 7))).toBe(outcome(() => JSON.parse(plain)));
    }),
    RUNS,
  );
});

it.each([
  '[1,]',
  '[,1]',
  '{"a":1,}',
  '{,"a":1}',
  '[[1],]',
  '[1}',
  '{"a":1]',
  '[}',
  '{]',
  '[1 2]',
  '[]]',
  '1,2',
  '{"a"}',
  '',
])('that is %s is refused', (text) => {
  expect(() => readInPieces(Buffer.from(text), 1)).toThrow(SyntaxError);
});

it('is never parsed as one text', () => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ ip: `192.0.2.${i}`, said: '{"[,:]}\\' }));
  const audit = { schema: 'x', hosts: rows, totals: { a: { b: [1, 2] } } };
  const text = JSON.stringify(audit);
  const parse = vi.spyOn(JSON, 'parse');
  const read = readInPieces(Buffer.from(text), 9);
  const longest = Math.max(...parse.mock.calls.map(([piece]) => piece.length));
  parse.mockRestore();
  expect(read).toEqual(audit);
  expect(longest).toBeLessThan(text.length / 5);
});
