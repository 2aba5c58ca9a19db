/**
 * Rows that the kernel makes by itself, and those that TypeScript puts right one by one: the same records, in the same
 * order, with the same damage.
 */
import { describe, expect, it } from 'vitest';
import { readHere } from '../../../src/batch/batches.ts';
import { FlowRecord, type FlowSink } from '../../../src/flows/flow-record.ts';
import type { FlowReadResult } from '../../../src/readers/flow-reading.ts';
import { flowFormat } from '../../../src/readers/index.ts';
import { bytesSource } from '../../support/binary-flows.ts';
import { random } from '../../support/random.ts';
import { logOf, TEXT_FORMATS, type TextFormat, TRAPS } from '../../support/text-flows.ts';

interface Read {
  readonly records: readonly FlowRecord[];
  readonly exporters: readonly string[];
  readonly result: FlowReadResult;
}

async function read(id: string, log: string, isByKernel: boolean): Promise<Read> {
  const format = flowFormat(id) ?? expect.fail();
  const records: FlowRecord[] = [];
  const sink: FlowSink = {
    flow: (record) => records.push(Object.assign(new FlowRecord(), record, { pairHash: 0 })),
    name: () => {},
    alert: () => {},
  };
  const source = bytesSource(Buffer.from(log), 60_000);
  const exporters: string[] = [];
  const result = await readHere({ sink, exporters }, (writer) => {
    // Without room for a row, every one is odd.
    if (!isByKernel) Object.defineProperty(writer, 'room', { value: 0 });
    return format.read(source, writer);
  });
  return { records, exporters, result };
}

/** Rows of all kinds behind each other, most of them ordinary. */
function mixedLog(format: TextFormat, seed: number): string {
  const draw = random(seed);
  const rows = Array.from({ length: 5000 }, () => {
    const kind = draw.below(40);
    if (kind === 0) return format.row({ bytes: '' });
    if (kind === 1) return format.row({ bytes: '99999999999999999999' });
    if (kind === 2) return format.row({ start: format.absurd });
    if (kind === 3) return format.row({ bytes: '12x' });
    return format.row({ bytes: String(draw.below(1e6)) });
  });
  const lines = [...format.head({}), rows.join(`${format.comma ?? ''}\n`), ...(format.foot ?? [])];
  return `${lines.join('\n')}\n`;
}

describe.each(TEXT_FORMATS)('$id', (format) => {
  it.each([null, ...TRAPS.filter((trap) => trap !== 'a line of 10 MB')])('with %s', async (trap) => {
    const log = logOf(format, trap);
    expect(await read(format.id, log, true)).toEqual(await read(format.id, log, false));
  });

  it('with rows of all kinds', async () => {
    const log = mixedLog(format, 7);
    const one = await read(format.id, log, false);
    expect(one.records.length).toBeGreaterThan(4000);
    expect(await read(format.id, log, true)).toEqual(one);
  });
});
