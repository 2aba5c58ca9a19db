/**
 * Broken text and JSON flow logs, by the thousand: nothing throws, every record is well formed, and what comes out
 * does not depend on how the bytes were cut into blocks. MINESWEEP_FUZZ_SEED repeats a run.
 */

import { describe, expect, it } from 'vitest';
import type { FlowFormat } from '../../src/readers/flow-format.ts';
import { FLOW_FORMATS, flowFormat } from '../../src/readers/index.ts';
import { readInto } from '../support/binary-flows.ts';
import type { FlowRecord } from '../support/flow-record.ts';
import { flowSink } from '../support/flow-rows.ts';
import { type Random, random } from '../support/random.ts';
import { TEXT_LOGS } from './seeds.ts';

const SEED = Number(process.env.MINESWEEP_FUZZ_SEED ?? 20260101) >>> 0;
const ROUNDS = 250;
console.log(`flow text fuzz: seed ${SEED}`);

const NASTY = [
  '"',
  '""',
  ',',
  '\t',
  '|',
  '\n',
  '\r\n',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  '::',
  '-',
  '.',
  '#',
  '9'.repeat(40),
  '\0',
  '\xff',
  '%',
  '(empty)',
  'e',
  '1e9',
];

/** A few of: changed bytes, bytes cut out, bytes put in, a piece twice, a cut at the end. */
function broken(text: string, { below, chance, pick }: Random): Buffer {
  let bytes = Buffer.from(text);
  for (let left = 1 + below(5); left > 0; left--) {
    const at = below(bytes.length + 1);
    const to = Math.min(bytes.length, at + 1 + below(chance(0.2) ? 200 : 4));
    const before = bytes.subarray(0, at);
    switch (below(5)) {
      case 0:
        bytes = Buffer.concat([before, Buffer.from(pick(NASTY), 'latin1'), bytes.subarray(to)]);
        break;
      case 1:
        bytes = Buffer.concat([before, bytes.subarray(to)]);
        break;
      case 2:
        bytes = Buffer.concat([before, Buffer.from(pick(NASTY), 'latin1'), bytes.subarray(at)]);
        break;
      case 3:
        bytes = Buffer.concat([before, bytes.subarray(at, to), bytes.subarray(at)]);
        break;
      default:
        if (chance(0.25)) bytes = Buffer.from(before);
    }
  }
  return bytes;
}

function isWellFormed(record: FlowRecord): boolean {
  const counts = [record.packets, record.bytes, record.reversePackets, record.reverseBytes];
  const words = [record.source0, record.source3, record.destination0, record.destination3];
  return (
    counts.every((count) => Number.isSafeInteger(count) && count >= -1) &&
    words.every((word) => (word | 0) === word) &&
    [record.sourcePort, record.destinationPort].every(
      (port) => Number.isInteger(port) && port >= 0 && port <= 0xffff,
    ) &&
    Number.isInteger(record.protocol) &&
    record.protocol >= 0 &&
    record.protocol <= 255 &&
    (Number.isNaN(record.startUs) ? Number.isNaN(record.endUs) : record.startUs <= record.endUs) &&
    record.tcpFlags >= -1 &&
    record.tcpFlags <= 255
  );
}

async function read(format: FlowFormat, bytes: Uint8Array, step: number): Promise<unknown> {
  const seen: unknown[] = [];
  let at = 0;
  const fill = (target: Uint8Array): Promise<number> => {
    const part = bytes.subarray(at, at + Math.min(step, target.length));
    target.set(part);
    at += part.length;
    return Promise.resolve(part.length);
  };
  const flow = (record: FlowRecord): void => {
    if (!isWellFormed(record)) throw new Error(`ill formed: ${JSON.stringify(record)}`);
    seen.push({ ...record });
  };
  const result = await readInto(
    format,
    { fill },
    { ...flowSink(flow), name: (name) => seen.push(name), alert: (alert) => seen.push(alert) },
  );
  return { seen, result };
}

describe('broken logs', () => {
  it.each(Object.entries(TEXT_LOGS))('%s', async (id, text) => {
    const format = flowFormat(id);
    if (format === null) throw new Error(`no format ${id}`);
    expect(format.sniff(Buffer.from(text))).toBe(true);
    const dice = random(SEED);
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = broken(text, dice);
      const whole = await read(format, bytes, bytes.length);
      expect(await read(format, bytes, 1 + dice.below(60))).toEqual(whole);
    }
  });

  it('are sniffed without an error, whatever they are', () => {
    const dice = random(SEED + 1);
    const texts = Object.values(TEXT_LOGS);
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = broken(dice.pick(texts), dice).subarray(0, 4096);
      for (const format of FLOW_FORMATS) expect(typeof format.sniff(bytes)).toBe('boolean');
    }
  });
});
