/**
 * Common records read by WebAssembly: the same records, sums and damage as where each is read by itself, of whole blocks
 * and of blocks in which bytes were changed, left out or cut off.
 */
import { describe, expect, it } from 'vitest';
import { readRow } from '../../../src/batch/record-row.ts';
import { FlowSieve } from '../../../src/batch/sieve.ts';
import type { SieveSetup } from '../../../src/batch/sieve-setup.ts';
import { EndpointWatch } from '../../../src/flows/endpoint-watch.ts';
import { FlowDamageLog } from '../../../src/flows/flow-damage.ts';
import { FlowRecord } from '../../../src/flows/flow-record.ts';
import { FlowTotals } from '../../../src/flows/flow-totals.ts';
import { NfcapdProgram, PROGRAM_BYTES } from '../../../src/readers/nfcapd/nfcapd-program.ts';
import { NfcapdRecords } from '../../../src/readers/nfcapd/nfcapd-records.ts';
import { allocate } from '../../../src/wasm.ts';
import { anyRecords, HOUR, T0 } from '../../support/any-nfcapd.ts';
import { exporterRecord, samplerRecord, v3Record } from '../../support/flow-writer.ts';
import { random } from '../../support/random.ts';

const ROOM = 1 << 20;
const memory = allocate(ROOM + PROGRAM_BYTES);
const room = new Uint8Array(memory.buffer, 0, ROOM);
const program = new NfcapdProgram(memory, ROOM);

interface Block {
  readonly bytes: Uint8Array;
  /** Records that its head promises. */
  readonly count: number;
}

interface Read {
  readonly records: readonly unknown[];
  readonly rows: number;
  readonly totals: unknown;
  readonly damage: unknown;
  readonly counts: readonly unknown[];
}

function read(blocks: readonly Block[], setup: SieveSetup, useProgram: boolean): Read {
  const records: unknown[] = [];
  let rows = 0;
  const totals = new FlowTotals();
  const sieve = new FlowSieve(setup, totals);
  const flow = (record: FlowRecord): void => {
    // Records that it holds back are those that the reader could have counted by itself.
    if (!sieve.holdsBack(record)) records.push({ ...record });
  };
  const sink = {
    flow,
    rows: (words: Int32Array, count: number): void => {
      rows += count;
      const numbers = new Float64Array(words.buffer, words.byteOffset, words.length / 2);
      for (let row = 0; row < count; row++) {
        const record = new FlowRecord();
        readRow(numbers, words, row, record);
        expect(sieve.holdsBack(record)).toBe(false);
        records.push({ ...record });
      }
    },
    name: () => {},
    alert: () => {},
  };
  const damage = new FlowDamageLog();
  const reader = new NfcapdRecords(sink, damage, [], {
    sieve,
    ...(useProgram ? { nfcapdProgram: program } : {}),
  });
  for (const [i, { bytes, count }] of blocks.entries()) {
    const at = 64 + i;
    room.set(bytes, at);
    reader.block(new DataView(memory.buffer, 32, ROOM - 32), at - 32, at - 32 + bytes.length, count, true, i);
  }
  const { number, firstUs, lastUs, exporters } = reader;
  return {
    records,
    rows,
    totals: { ...totals, packets: totals.packets.toPrecision(12), bytes: totals.bytes.toPrecision(12) },
    damage: damage.rows(),
    counts: [number, reader.records, firstUs, lastUs, exporters.texts],
  };
}

function joined(parts: readonly Uint8Array[]): Block {
  return { bytes: Uint8Array.from(parts.flatMap((part) => [...part])), count: parts.length };
}

function blocksOf(seed: number): Block[] {
  const records = anyRecords(seed, 1500, true);
  return [
    joined(records.slice(0, 300)),
    joined([
      exporterRecord(1, '192.0.2.1', 1, true),
      samplerRecord(4, -1, 1, 99, true),
      ...records.slice(300, 800),
      exporterRecord(2, '192.0.2.2', 7, true),
      samplerRecord(5, -3, 2, 6, true),
      ...records.slice(800, 1100),
    ]),
    joined(records.slice(1100)),
  ];
}

function setupOf(times: Partial<SieveSetup> = {}): SieveSetup {
  const watch = new EndpointWatch();
  watch.add([0, 0, 0xffff, 0xc6336407 | 0], 443);
  watch.add([0, 0, 0xffff, 0xc6336410 | 0], 0, 126);
  const everything = { sinceUs: Number.NEGATIVE_INFINITY, untilUs: Number.POSITIVE_INFINITY };
  return { ...everything, ...times, listed: watch.fields() };
}

/** Both ways tell the same; returns how many records came as rows. */
function expectSame(blocks: readonly Block[], setup = setupOf()): number {
  const { rows: none, ...one } = read(blocks, setup, false);
  const { rows, ...other } = read(blocks, setup, true);
  expect(other).toEqual(one);
  expect(none).toBe(0);
  return rows;
}

describe('records of nfcapd by WebAssembly', () => {
  it.each([1, 2, 3, 4])('are those read one by one, whatever they hold: seed %i', (seed) => {
    expect(expectSame(blocksOf(seed))).toBeGreaterThan(150);
  });

  it('keep within the times that are wanted', () => {
    const sinceUs = (T0 + 0.5 * HOUR) * 1000 + 0.5;
    expect(expectSame(blocksOf(5), setupOf({ sinceUs, untilUs: (T0 + HOUR) * 1000 }))).toBeGreaterThan(150);
  });

  it('come in their order, however many there are', () => {
    const flow = (i: number): Uint8Array =>
      v3Record(
        {
          firstMs: T0 + i,
          lastMs: T0 + 2 * i,
          source: '10.0.0.1',
          destination: '198.51.100.1',
          sourcePort: 40_000 + i,
          destinationPort: 3333,
          packets: i,
          bytes: 60 * i,
        },
        true,
      );
    const blocks = [joined(Array.from({ length: 2000 }, (_, i) => flow(i)))];
    expect(expectSame(blocks)).toBeGreaterThan(1900);
  });

  it('are those read one by one where bytes were changed', () => {
    const draw = random(77);
    for (let round = 0; round < 60; round++) {
      const [first, second] = blocksOf(100 + round);
      const bytes = [first, second].map((block) => {
        const changed = block.bytes.slice();
        for (let i = draw.below(40); i > 0; i--) changed[draw.below(changed.length)] = draw.below(256);
        const from = draw.chance(0.3) ? draw.below(changed.length) : changed.length;
        const cut = draw.chance(0.3) ? draw.below(changed.length) : changed.length;
        return changed.copyWithin(from, from + 1 + draw.below(8)).subarray(0, cut);
      });
      expectSame(bytes.map((changed) => ({ bytes: changed, count: 300 })));
    }
  });

  it('are not read by it where more is listed than it has room for', () => {
    const listed = [{ length: 128, bits: new Int32Array(1 << 20) }];
    expect(expectSame(blocksOf(6), { ...setupOf(), listed })).toBe(0);
  });
});
